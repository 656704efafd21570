import { TransportError } from "../../contracts/adapter.ts";
import type { FileCause } from "../../contracts/services/files.ts";
import { type ByteRange, type RangeWish, readContentRange, resolveRange, writeRange } from "./byte-range.ts";
import type { FetchSource, SourceAnswer } from "./fetch-source.ts";
import { type ContentReading, type ContentWish, nothing, slice } from "./file-content.ts";
import { type FileSourcePrefix, isAllowedSource } from "./file-sources.ts";
import { SNIFFED_BYTES, sniffType } from "./sniff-type.ts";

/** What addresses are opened with. */
export interface AddressParts {
  readonly fetchSource: FetchSource;
  readonly sources: readonly FileSourcePrefix[];
  /** No larger file is opened. */
  readonly maxBytes: number;
  /** How long the server may take for its answer, and for each further piece of it, in milliseconds. */
  readonly timeoutMs: number;
}

type Asked = { readonly ok: true; readonly answer: SourceAnswer } | { readonly ok: false; readonly cause: FileCause };

const causeOf = (error: unknown): FileCause => {
  if (!(error instanceof TransportError)) return "malformed";
  if (error.reason === "forbidden") return "forbidden_address";
  return error.reason === "timeout" ? "timeout" : "unreachable";
};

const causeOfStatus = (status: number): FileCause => {
  if (status >= 300 && status < 400) return "redirected";
  if (status === 404 || status === 410) return "not_found";
  if (status === 408 || status === 429 || status >= 500) return "upstream_error";
  return status >= 400 ? "refused" : "malformed";
};

/** A deadline that begins anew with each piece: a slow server is waited for, a silent one is not. */
const patient = (timeoutMs: number) => {
  const controller = new AbortController();
  const within = async <T>(work: () => Promise<T>): Promise<T> => {
    const end = () => controller.abort(new DOMException("the file server is silent", "TimeoutError"));
    const timer = setTimeout(end, timeoutMs);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
    }
  };
  return { signal: controller.signal, within };
};

async function* pieces(
  answer: SourceAnswer,
  maxBytes: number,
  within: ReturnType<typeof patient>["within"],
): AsyncGenerator<Uint8Array> {
  const iterator = answer.bytes[Symbol.asyncIterator]();
  let size = 0;
  try {
    for (;;) {
      const next = await within(() => iterator.next());
      if (next.done === true) return;
      size += next.value.length;
      if (size > maxBytes) throw new Error("the file is larger than allowed");
      yield next.value;
    }
  } finally {
    await answer.close();
  }
}

const ask = async (parts: AddressParts, url: string, range: string | undefined): Promise<Asked> => {
  const { within, signal } = patient(parts.timeoutMs);
  try {
    const answer = await within(() => parts.fetchSource({ url, signal, ...(range !== undefined && { range }) }));
    return { ok: true, answer: { ...answer, bytes: pieces(answer, parts.maxBytes, within) } };
  } catch (error) {
    return { ok: false, cause: causeOf(error) };
  }
};

/** The first bytes of a stream, and the stream whole again. */
const peek = async (
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ head: Uint8Array; all: AsyncIterable<Uint8Array> }> => {
  const iterator = bytes[Symbol.asyncIterator]();
  const held: Uint8Array[] = [];
  let size = 0;
  let done = false;
  while (size < SNIFFED_BYTES && !done) {
    const next = await iterator.next();
    if (next.done === true) done = true;
    else {
      held.push(next.value);
      size += next.value.length;
    }
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      yield* held;
      if (!done) yield* { [Symbol.asyncIterator]: () => iterator };
    } finally {
      await iterator.return?.();
    }
  }
  return { head: Buffer.concat(held).subarray(0, SNIFFED_BYTES), all: all() };
};

/** Versions as our askers see them: nothing of the province's server shows, and a file of another size is another one. */
const etagOf = async (url: string, headers: SourceAnswer["headers"], total: number | null): Promise<string | null> => {
  const { etag, "last-modified": modified } = headers;
  if (etag === undefined && modified === undefined) return null;
  const seed = new TextEncoder().encode(JSON.stringify([url, etag ?? modified, total]));
  const digest = Buffer.from(await crypto.subtle.digest("SHA-256", seed)).toString("base64url");
  // A time of whole seconds does not tell two versions of one second apart (RFC 9110 section 8.8.1).
  return `${etag === undefined || etag.startsWith("W/") ? "W/" : ""}"${digest.slice(0, 27)}"`;
};

/** Bytes of the whole file as the answer says; null: it does not say; undefined: what it says cannot be. */
const totalOf = ({ status, headers }: SourceAnswer): number | null | undefined => {
  if ((headers["content-encoding"] ?? "identity") !== "identity") return undefined;
  if (status === 206) return readContentRange(headers["content-range"])?.total;
  const length = headers["content-length"];
  if (length === undefined) return null;
  return /^\d{1,15}$/u.test(length) ? Number(length) : undefined;
};

type Whole =
  | { readonly ok: true; readonly type: string; readonly total: number | null }
  | { ok: false; cause: FileCause };

/** Type and size of a file, by its first bytes. */
const look = async (url: string, parts: AddressParts): Promise<Whole> => {
  const asked = await ask(parts, url, `bytes=0-${SNIFFED_BYTES - 1}`);
  if (!asked.ok) return asked;
  const { answer } = asked;
  try {
    // An empty file has no first byte.
    if (answer.status === 416) return { ok: true, type: sniffType(new Uint8Array()), total: 0 };
    if (answer.status !== 200 && answer.status !== 206) return { ok: false, cause: causeOfStatus(answer.status) };
    const total = totalOf(answer);
    if (total === undefined) return { ok: false, cause: "malformed" };
    if (total !== null && total > parts.maxBytes) return { ok: false, cause: "too_large" };
    const { head } = await peek(answer.bytes);
    return { ok: true, type: sniffType(head), total };
  } catch (error) {
    return { ok: false, cause: causeOf(error) };
  } finally {
    await answer.close();
  }
};

const refusal = (answer: SourceAnswer, total: number | null | undefined, maxBytes: number): FileCause | null => {
  if (answer.status !== 200 && answer.status !== 206) return causeOfStatus(answer.status);
  if (total === undefined) return "malformed";
  return total !== null && total > maxBytes ? "too_large" : null;
};

/** The whole file. A part that nobody asked for is no answer. */
const openWhole = async (url: string, head: boolean, parts: AddressParts): Promise<ContentReading> => {
  const asked = await ask(parts, url, undefined);
  if (!asked.ok) return asked;
  const { answer } = asked;
  const total = totalOf(answer);
  const cause = answer.status === 206 ? "malformed" : refusal(answer, total, parts.maxBytes);
  if (cause !== null) {
    await answer.close();
    return { ok: false, cause };
  }
  try {
    const { head: first, all } = await peek(answer.bytes);
    if (head) await answer.close();
    const etag = await etagOf(url, answer.headers, total ?? null);
    const found = { range: null, total: total ?? null, etag, type: sniffType(first) };
    return { ok: true, content: { ...found, bytes: head ? nothing() : all, close: answer.close } };
  } catch (error) {
    await answer.close();
    return { ok: false, cause: causeOf(error) };
  }
};

type Judged =
  | { readonly kind: "part"; readonly range: ByteRange; readonly total: number; readonly skip: number }
  | { readonly kind: "whole" }
  | { readonly kind: "none"; readonly reading: Extract<ContentReading, { ok: false }> };

const none = (reading: Extract<ContentReading, { ok: false }>): Judged => ({ kind: "none", reading });

/** What an answer to a range means; `wholeTotal`: bytes of the whole, as it was seen a moment ago. */
const judge = (answer: SourceAnswer, wish: RangeWish, wholeTotal: number | null, maxBytes: number): Judged => {
  const { status } = answer;
  const total = status === 416 ? wholeTotal : totalOf(answer);
  const cause = status === 416 ? null : refusal(answer, total, maxBytes);
  if (cause !== null) return none({ ok: false, cause });
  // A server that says no size cannot be asked for a part.
  if (total === null || total === undefined) return { kind: "whole" };
  const range = resolveRange(wish, total);
  if (range === null) return none({ ok: false, cause: "unsatisfiable", total });
  if (status === 200) return { kind: "part", range, total, skip: range.first };
  const given = readContentRange(answer.headers["content-range"]);
  const isMeant = status === 206 && given?.first === range.first && given.last === range.last;
  return isMeant ? { kind: "part", range, total, skip: 0 } : none({ ok: false, cause: "malformed" });
};

const openPart = async (
  url: string,
  range: RangeWish,
  ifRange: string | undefined,
  parts: AddressParts,
): Promise<ContentReading> => {
  // The type is told by the first bytes, which a part does not have.
  const looked = await look(url, parts);
  if (!looked.ok) return looked;
  const asked = await ask(parts, url, writeRange(range));
  if (!asked.ok) return asked;
  const { answer } = asked;
  const judged = judge(answer, range, looked.total, parts.maxBytes);
  if (judged.kind !== "part") {
    await answer.close();
    return judged.kind === "none" ? judged.reading : openWhole(url, false, parts);
  }
  const { range: meant, total, skip } = judged;
  const etag = await etagOf(url, answer.headers, total);
  if (ifRange !== undefined && (ifRange !== etag || ifRange.startsWith("W/"))) {
    await answer.close();
    return openWhole(url, false, parts);
  }
  const bytes = slice(answer.bytes, skip, meant.last - meant.first + 1);
  return { ok: true, content: { range: meant, total, etag, type: looked.type, bytes, close: answer.close } };
};

/**
 * Opens a file at the province's own server, if that is one of `FILE_SOURCES`. A range is asked of the server; one that knows
 * no ranges is read from the beginning. Never rejects.
 */
export const openAddress = async (url: string, wish: ContentWish, parts: AddressParts): Promise<ContentReading> => {
  if (!isAllowedSource(url, parts.sources)) return { ok: false, cause: "not_allowed" };
  return wish.head || wish.range === null
    ? openWhole(url, wish.head, parts)
    : openPart(url, wish.range, wish.ifRange, parts);
};

/** Type and size of a file at an address, as cheap as can be: what the look-out for unreachable files asks. */
export const lookAtAddress = async (url: string, parts: AddressParts): Promise<Whole> =>
  isAllowedSource(url, parts.sources) ? look(url, parts) : { ok: false, cause: "not_allowed" };
