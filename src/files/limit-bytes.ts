import { GatewayError } from "../../contracts/errors.ts";

/** A body is larger than it may be. */
export const tooLarge = (limit: number): GatewayError =>
  new GatewayError("payload_too_large", {
    detail: { vi: `Tệp tối đa ${limit} byte.`, en: `A file has at most ${limit} bytes.` },
  });

/** A body that broke off: its sender is gone, and sees no answer. */
const brokenOff = (cause: unknown): GatewayError =>
  new GatewayError("invalid_request", {
    detail: { vi: "Tệp gửi lên bị ngắt giữa chừng.", en: "The upload broke off." },
    cause,
  });

/** Pieces as they come, at most `limit` bytes of them. @throws GatewayError `payload_too_large` */
export async function* limitedPieces(pieces: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    if (size > limit) throw tooLarge(limit);
    yield piece;
  }
}

/** The bytes of a request as they come, at most `limit` of them. @throws GatewayError `payload_too_large`, `invalid_request` */
export async function* limitedBytes(body: ReadableStream<Uint8Array>, limit: number): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  let size = 0;
  let done = false;
  try {
    for (;;) {
      const read = await reader.read().catch((cause: unknown) => {
        throw brokenOff(cause);
      });
      if (read.done) {
        done = true;
        return;
      }
      size += read.value.length;
      if (size > limit) throw tooLarge(limit);
      yield read.value;
    }
  } finally {
    if (!done) await reader.cancel().catch(() => undefined);
  }
}
