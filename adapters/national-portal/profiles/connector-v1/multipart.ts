import type { HttpRequest, OpenedFile } from "../../../../contracts/adapter.ts";

/** A form with one text and one file. */
export interface FileForm {
  readonly text: { readonly name: string; readonly value: string };
  readonly file: { readonly name: string; readonly fileName: string };
}

/** Names inside a header, as browsers write them: what would end the name or the line is escaped. */
const quoted = (name: string): string => name.replaceAll("\r", "%0D").replaceAll("\n", "%0A").replaceAll('"', "%22");

const MEDIA_TYPE = /^[\w.+-]+\/[\w.+-]+$/u;

/**
 * Writes a form as it is sent: the file's bytes pass through and are never held together.
 * @param boundary must not be known to whoever made the file, who could write a field of their own with it.
 */
export const writeForm = (
  { text, file }: FileForm,
  opened: OpenedFile,
  boundary: string,
): Required<Pick<HttpRequest, "headers" | "stream">> => {
  const type = MEDIA_TYPE.test(opened.type) ? opened.type : "application/octet-stream";
  const encoder = new TextEncoder();
  const head = encoder.encode(
    `--${boundary}\r\nContent-Disposition: form-data; name="${text.name}"\r\n\r\n${text.value}\r\n` +
      `--${boundary}\r\nContent-Disposition: form-data; name="${file.name}"; filename="${quoted(file.fileName)}"\r\n` +
      `Content-Type: ${type}\r\n\r\n`,
  );
  const tail = encoder.encode(`\r\n--${boundary}--\r\n`);
  const write = async function* (): AsyncGenerator<Uint8Array> {
    yield head;
    yield* opened.bytes;
    yield tail;
  };
  const length = opened.size === undefined ? undefined : head.length + opened.size + tail.length;
  return {
    headers: {
      "Content-Type": `multipart/form-data; boundary=${boundary}`,
      ...(length !== undefined && { "Content-Length": String(length) }),
    },
    stream: write(),
  };
};
