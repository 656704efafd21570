import type { SpoilRule } from "./faults.ts";
import { REFUSALS, refusalMessage, refuse } from "./refusals.ts";

const JSON_TYPE = { "content-type": "application/json; charset=utf-8" };
const TEN_MIB = 10 * 1024 * 1024;

/** How a face of the portal writes what the dial says in words. */
export interface SpoiltFace {
  /** A readable refusal. */
  readonly refusal: (code: string, message: string) => string;
  /** HTTP status of a dead session where the rule names none. */
  readonly deadSessionStatus: number;
}

/** Shape A: `error_code`, always HTTP 200 (np 1.1). */
export const MAPI_FACE: SpoiltFace = {
  refusal: (code, message) => JSON.stringify({ error_code: code, message }),
  deadSessionStatus: 200,
};

const words = (body: string, status = 200): Response => new Response(body, { status, headers: JSON_TYPE });

const html = (status: number): Response =>
  new Response(
    "<!doctype html><html><head><title>Lỗi</title></head><body><h1>Hệ thống đang bảo trì</h1></body></html>",
    {
      status,
      headers: { "content-type": "text/html; charset=utf-8" },
    },
  );

const plain = (status: number, retryAfterSeconds: number | undefined): Response =>
  new Response(`HTTP ${status}`, {
    status,
    headers: {
      "content-type": "text/plain; charset=utf-8",
      ...(retryAfterSeconds !== undefined && { "retry-after": String(retryAfterSeconds) }),
    },
  });

const oversized = (bytes: number): Response => {
  const frame = JSON.stringify({ error_code: "0", message: "", padding: "" });
  const padding = "x".repeat(Math.max(0, bytes - frame.length));
  return new Response(`${frame.slice(0, -2)}${padding}"}`, { headers: JSON_TYPE });
};

/**
 * The answer that a fault leaves of `text`, the JSON that would have been sent (empty when the call did not take place).
 * A closed connection is `Response.error()`: the server turns it into a destroyed socket, msw into a network error.
 */
export const spoiled = (rule: SpoilRule, text: string, face: SpoiltFace): Response => {
  switch (rule.fault) {
    case "http-status":
      return plain(rule.status, rule.retryAfterSeconds);
    case "error-body":
      return words(face.refusal(rule.code ?? "-1", rule.message ?? "Lỗi hệ thống"));
    case "html":
      return html(rule.status ?? 200);
    case "empty":
      return new Response("", { headers: JSON_TYPE });
    case "truncated":
      return new Response(text.slice(0, Math.ceil(text.length / 2)) || '{"error_code":"0","mess', {
        headers: JSON_TYPE,
      });
    case "oversized":
      return oversized(rule.bytes ?? TEN_MIB);
    case "session-expired":
      return words(
        face.refusal(REFUSALS.session.code, refusalMessage(refuse("session"))),
        rule.status ?? face.deadSessionStatus,
      );
    case "close":
      return Response.error();
  }
};
