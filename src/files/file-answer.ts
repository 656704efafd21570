import { attachment } from "./disposition.ts";
import type { FileContent } from "./file-content.ts";

/** Told once, when the last byte was handed over or nobody takes any more. */
export type Ended = (end: { readonly whole: boolean; readonly bytes: number }) => void;

/** Longer than any reader that means it needs for a file: who stops reading without hanging up loses its place. */
const MOST_MS = 30 * 60_000;

/** How many bytes the answer has; null: not known beforehand. */
export const lengthOf = ({ range, total }: FileContent): number | null =>
  range === null ? total : range.last - range.first + 1;

const brokenOff = (): Error => new Error("a file broke off while it was served");

/** The content as a stream that is read as fast as it is taken. */
const streamOf = (content: FileContent, ended: Ended): ReadableStream<Uint8Array> => {
  const iterator = content.bytes[Symbol.asyncIterator]();
  let bytes = 0;
  let over = false;
  const end = async (whole: boolean): Promise<void> => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    ended({ whole, bytes });
    // First the source: what still waits for its next piece ends then.
    await content.close();
    iterator.return?.().catch(() => undefined);
  };
  const timer = setTimeout(() => void end(false), MOST_MS);
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          const next = over ? { done: true as const, value: undefined } : await iterator.next();
          if (next.done !== true) {
            bytes += next.value.length;
            controller.enqueue(next.value);
            return;
          }
          const missing = lengthOf(content) ?? bytes;
          await end(bytes === missing);
          // An answer that ends early must not look like a whole one.
          if (bytes === missing) controller.close();
          else controller.error(brokenOff());
        } catch {
          // Why stands in the audit as far as it matters; servers print what a stream ends with, and that may quote addresses.
          await end(false);
          controller.error(brokenOff());
        }
      },
      cancel: () => end(false),
    },
    { highWaterMark: 0 },
  );
};

/** The headers of every answer with a file: to be saved, never to be shown as anything but its type. */
const headersOf = (content: FileContent, name: string): Record<string, string> => {
  const { range, total, etag, type } = content;
  const length = lengthOf(content);
  return {
    "content-type": type,
    "content-disposition": attachment(name),
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "cache-control": "private, no-cache",
    "accept-ranges": "bytes",
    ...(length !== null && { "content-length": String(length) }),
    ...(etag !== null && { etag }),
    ...(range !== null && { "content-range": `bytes ${range.first}-${range.last}/${total}` }),
  };
};

/** Answers with a file. `ended` is told in every case, once. */
export const answerFile = (
  content: FileContent,
  { name, head, ended }: { readonly name: string; readonly head: boolean; readonly ended: Ended },
): Response => {
  const init = { status: content.range === null ? 200 : 206, headers: headersOf(content, name) };
  if (!head) return new Response(streamOf(content, ended), init);
  ended({ whole: true, bytes: 0 });
  return new Response(null, init);
};

/** Answers that a file has none of the bytes asked for (RFC 9110 section 15.5.17). */
export const answerUnsatisfiable = (total: number): Response =>
  new Response(null, {
    status: 416,
    headers: { "content-range": `bytes */${total}`, "accept-ranges": "bytes", "cache-control": "private, no-cache" },
  });
