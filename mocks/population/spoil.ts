import type { Interference } from "./dial.ts";
import { envelope, soapFault } from "./write-answer.ts";

/** An answer before the dial looked at it. */
export interface PlainAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const SIX_MIB = 6 * 1024 * 1024;
const PAGE = "<!doctype html><html><head><title>502</title></head><body><h1>Hệ thống đang bảo trì</h1></body></html>";

const BOMB = [
  '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa">',
  ...["b", "c", "d", "e", "f", "g", "h", "i"].map(
    (name, index) => `<!ENTITY ${name} "${`&${"abcdefgh"[index]};`.repeat(10)}">`,
  ),
  `]>${envelope("&i;")}`,
].join("");

const response = (status: number, type: string, body: string | Uint8Array<ArrayBuffer>, headers = {}): Response =>
  new Response(body, { status, headers: { "content-type": type, ...headers } });

const padded = (body: string, bytes: number): string => `${body}${" ".repeat(Math.max(0, bytes - body.length))}`;

/** UTF-16 with its mark: what a reader of UTF-8 makes nothing of. */
const utf16 = (text: string): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(2 * text.length + 2);
  bytes.set([0xff, 0xfe]);
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    bytes.set([unit & 255, unit >> 8], 2 * at + 2);
  }
  return bytes;
};

/** X-Road itself failed: status and shape by the way the call was made (reg 6.3). */
const xroadFailure = ({ code, by = "header", status }: NonNullable<Interference["xroad"]>): Response => {
  const message = "Request is not allowed";
  if (by === "soap") return response(status ?? 200, "text/xml; charset=utf-8", soapFault(code, message));
  const isOurs = code.toLowerCase().startsWith("client");
  const body = JSON.stringify({ type: code, message, detail: "00000000-0000-4000-8000-000000000001" });
  return response(status ?? (isOurs ? 400 : 500), "application/json", body, { "x-road-error": code });
};

/** What keeps the question from being heard at all; undefined when it is heard. */
export const instead = (acting: Interference): Response | undefined => {
  const status = acting["http-status"];
  if (acting.close !== undefined) return Response.error();
  if (acting.xroad !== undefined) return xroadFailure(acting.xroad);
  if (status !== undefined) {
    const waits = status.retryAfterSeconds === undefined ? {} : { "retry-after": String(status.retryAfterSeconds) };
    return response(status.status, "text/plain; charset=utf-8", `HTTP ${status.status}`, waits);
  }
  if (acting.html !== undefined) return response(acting.html.status ?? 200, "text/html; charset=utf-8", PAGE);
  return undefined;
};

/** The answer as the rules in force leave it. */
export const spoiled = ({ status, type, body, headers = {} }: PlainAnswer, acting: Interference): Response => {
  const charset = acting["wrong-charset"];
  if (acting.empty !== undefined) return response(status, type, "");
  if (acting.truncated !== undefined) return response(status, type, body.slice(0, Math.ceil(body.length / 2)));
  if (acting.oversized !== undefined) return response(status, type, padded(body, acting.oversized.bytes ?? SIX_MIB));
  if (acting.doctype !== undefined) return response(status, type, `<!DOCTYPE Envelope>${body}`);
  if (acting["entity-bomb"] !== undefined) return response(status, type, BOMB);
  if (charset !== undefined) {
    const named = charset.declared === true ? type.replace("utf-8", "utf-16") : type;
    return response(status, named, utf16(body));
  }
  return response(status, type, body, headers);
};
