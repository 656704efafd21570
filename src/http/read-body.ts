import { GatewayError } from "../../contracts/errors.ts";
import { FIELD_ERRORS } from "../../contracts/services/fields.ts";

/** Bodies of `/v1` are at most this large (api section 1, "Order of checks"). */
export const MAX_JSON_BYTES = 1024 * 1024;

const tooLarge = (limit: number): GatewayError =>
  new GatewayError("payload_too_large", {
    detail: { vi: `Nội dung tối đa ${limit} byte.`, en: `A body has at most ${limit} bytes.` },
  });

const malformed = (cause?: unknown): GatewayError =>
  new GatewayError("invalid_request", {
    errors: [{ field: "", code: "malformed_json", message: FIELD_ERRORS.malformed_json }],
    cause,
  });

/** Reads a body up to `limit` bytes, whatever its Content-Length says. @throws GatewayError `payload_too_large` */
export const readBytes = async (request: Request, limit: number): Promise<Uint8Array> => {
  if (Number(request.headers.get("content-length") ?? "0") > limit) throw tooLarge(limit);
  // A declared length is kept by the HTTP parser: read at once, without the stream that would have to be built around it.
  if (request.headers.has("content-length")) {
    const bytes = new Uint8Array(await request.arrayBuffer());
    if (bytes.length > limit) throw tooLarge(limit);
    return bytes;
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  for (let read = await reader?.read(); read !== undefined && !read.done; read = await reader?.read()) {
    size += read.value.length;
    if (size > limit) {
      await reader?.cancel();
      throw tooLarge(limit);
    }
    chunks.push(read.value);
  }
  return Buffer.concat(chunks, size);
};

/** Whether a media type is JSON in UTF-8. */
const isJson = (contentType: string | null): boolean =>
  /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/iu.test(contentType ?? "");

/**
 * The JSON value of a request: size, then media type, then syntax, in the order of api section 1.
 *
 * @throws GatewayError `payload_too_large`, `unsupported_media_type`, `invalid_request`.
 */
export const readJson = async (request: Request): Promise<unknown> => {
  const bytes = await readBytes(request, MAX_JSON_BYTES);
  if (!isJson(request.headers.get("content-type"))) throw new GatewayError("unsupported_media_type");
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes));
  } catch (error) {
    throw malformed(error);
  }
};
