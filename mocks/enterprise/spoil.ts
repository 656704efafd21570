import type { GatewayFault } from "../../contracts/platforms/enterprise/wire.ts";
import type { FaultRule } from "./dial.ts";

const JSON_TYPE = { "content-type": "application/json; charset=utf-8" };
const SIX_MIB = 6 * 1024 * 1024;

/** An answer of JSON. */
export const jsonAnswer = (body: string, status = 200): Response => new Response(body, { status, headers: JSON_TYPE });

const html = (status: number): Response =>
  new Response("<!doctype html><html><body><h1>Hệ thống đang bảo trì</h1></body></html>", {
    status,
    headers: { "content-type": "text/html; charset=utf-8" },
  });

const plain = (status: number, retryAfterSeconds: number | undefined): Response =>
  new Response(`HTTP ${status}`, {
    status,
    headers: {
      "content-type": "text/plain; charset=utf-8",
      ...(retryAfterSeconds !== undefined && { "retry-after": String(retryAfterSeconds) }),
    },
  });

const MESSAGES: Readonly<Record<number, string>> = {
  900900: "Unclassified Authentication Failure",
  900901: "Invalid Credentials",
  900902: "Missing Credentials",
  900908: "Resource forbidden",
  900800: "Message throttled out",
};

/** What the API gateway says (registries section 1.4), as JSON or in its older XML. */
export const gatewayFault = (code: number, status: number, form: "json" | "xml" = "json"): Response => {
  const message = MESSAGES[code] ?? "Fault";
  if (form === "xml") {
    const xml = `<ams:fault xmlns:ams="http://wso2.org/apimanager/security"><ams:code>${code}</ams:code><ams:message>${message}</ams:message><ams:description>${message}</ams:description></ams:fault>`;
    return new Response(xml, { status, headers: { "content-type": "application/xml; charset=UTF-8" } });
  }
  const body: GatewayFault = { fault: { code, message, description: message } };
  return jsonAnswer(JSON.stringify(body), status);
};

const padded = (text: string, bytes: number): string =>
  text.replace(/\}$/u, `,"Padding":"${"x".repeat(Math.max(0, bytes - text.length))}"}`);

const oneBytePerLetter = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(text, (character) => character.charCodeAt(0) % 256);

/** The answer that a fault leaves of `text`; undefined where the rule does not spoil. `Response.error()` closes the connection. */
export const spoiled = (rule: FaultRule, text: string): Response | undefined => {
  switch (rule.fault) {
    case "http-status":
      return plain(rule.status, rule.retryAfterSeconds);
    case "html":
      return html(rule.status ?? 200);
    case "empty":
      return jsonAnswer("");
    case "truncated":
      return jsonAnswer(text.slice(0, Math.ceil(text.length / 2)));
    case "oversized":
      return jsonAnswer(padded(text, rule.bytes ?? SIX_MIB));
    case "wrong-charset":
      return new Response(oneBytePerLetter(text), {
        headers: { "content-type": "application/json; charset=windows-1258" },
      });
    case "close":
      return Response.error();
    case "gateway":
      return gatewayFault(rule.code, rule.status ?? 401, rule.form);
    default:
      return undefined;
  }
};
