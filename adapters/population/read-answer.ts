import type { HttpAnswer, Reading } from "../../contracts/adapter.ts";
import { ANSWER } from "../../contracts/platforms/population/wire.ts";
import { faultOf, refusalBy, statusFault, xroadFault } from "./faults.ts";
import { isObject, type WireObject } from "./map.ts";
import type { SoapEngine } from "./soap-engine.ts";

/** In UTF-16 units. A citizen is a few kilobytes: what is longer is something else, and is not parsed. */
const LONGEST_ANSWER = 256 * 1024;

/** Nothing of this belongs into an answer, and a reader that met it might expand it. */
const DECLARATIONS = /<!\s*(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST)/iu;

const isUtf8 = (charset: string | undefined): boolean =>
  charset === undefined || /^(?:utf-?8|us-ascii)$/iu.test(charset);

const unreadable = (text: string) => faultOf("unreadable", { text });

/** The body as text; a fault when it is too long or is not in UTF-8, whatever it says of itself. */
const bodyOf = ({ headers, body, overlong }: HttpAnswer): Reading<string> => {
  if (overlong || body.length > LONGEST_ANSWER) return unreadable("too long");
  const charset = /charset\s*=\s*"?([\w-]+)/iu.exec(headers["content-type"] ?? "")?.[1];
  // Bytes that are no UTF-8 were replaced while the body was read.
  if (!isUtf8(charset) || body.includes("\ufffd")) return unreadable("not in UTF-8");
  return { ok: true, value: body.replace(/^\ufeff/u, "") };
};

const textAt = (object: WireObject, name: string): string => {
  const value = object[name];
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
};

/** The citizens of a collection: none, or one; a citizen asked for by number cannot be two. */
const citizensOf = (body: unknown): Reading<WireObject | null> => {
  if (!isObject(body) || !Object.hasOwn(body, ANSWER)) return unreadable("no answer in it");
  // An empty element is read as null or as an empty text.
  const collection = body[ANSWER] || {};
  if (!isObject(collection)) return unreadable("no collection");
  const found = collection["CongDan"] ?? [];
  const citizens: readonly unknown[] = Array.isArray(found) ? found : [found];
  const [first] = citizens;
  if (first === undefined) return { ok: true, value: null };
  if (citizens.length > 1 || !isObject(first)) return unreadable("more than one citizen, or none that can be read");
  return { ok: true, value: first };
};

const readXml = (xml: string, engine: SoapEngine): Reading<WireObject | null> => {
  if (DECLARATIONS.test(xml)) return unreadable("a DOCTYPE is refused");
  if (!isUtf8(/^\s*<\?xml[^>]*\bencoding\s*=\s*["']([\w.-]+)/iu.exec(xml)?.[1])) return unreadable("not in UTF-8");
  let body: unknown;
  try {
    body = engine.read(xml);
  } catch {
    return unreadable("no XML of this service");
  }
  const fault = isObject(body) ? body["Fault"] : undefined;
  if (!isObject(fault)) return citizensOf(body);
  const code = textAt(fault, "faultcode").trim();
  return code === "" ? unreadable("a fault without a code") : refusalBy(code, textAt(fault, "faultstring"));
};

/** A SOAP answer. A fault is read whatever the status: SOAP sends it with 500, some with 200 (reg 2.5). */
export const readSoapAnswer =
  (engine: SoapEngine) =>
  (answer: HttpAnswer): Reading<WireObject | null> => {
    const xroad = xroadFault(answer);
    if (xroad !== undefined) return xroad;
    const byStatus = statusFault(answer);
    const body = bodyOf(answer);
    if (byStatus !== undefined) {
      const reading = body.ok ? readXml(body.value, engine) : body;
      return reading.ok || reading.fault.code === "upstream_malformed" ? byStatus : reading;
    }
    return body.ok ? readXml(body.value, engine) : body;
  };

const parsed = (body: string): WireObject | undefined => {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/** The JSON object of an answer whose status says nothing against it. */
const readObject = (answer: HttpAnswer): Reading<WireObject> => {
  const against = xroadFault(answer) ?? statusFault(answer);
  if (against !== undefined) return against;
  const body = bodyOf(answer);
  if (!body.ok) return body;
  const value = parsed(body.value);
  return value === undefined ? unreadable("no JSON object") : { ok: true, value };
};

/** Codes that say nothing went wrong, where a code stands beside the answer. */
const SUCCESS = /^(?:0+|200|ok|success)?$/iu;

/** The answer of the XML-in-JSON family: the SOAP answer as a text; words beside a code are a refusal (reg 1.3, D). */
export const readXmlInJson =
  (engine: SoapEngine) =>
  (answer: HttpAnswer): Reading<WireObject | null> => {
    const object = readObject(answer);
    if (!object.ok) return object;
    const [code, message] = [textAt(object.value, "error_code").trim(), textAt(object.value, "message").trim()];
    const refused = !SUCCESS.test(code);
    if (!message.startsWith("<")) {
      return refused
        ? faultOf("our-request", { platformCode: code, text: message })
        : unreadable("no XML in the message");
    }
    const reading = readXml(message, engine);
    // "Nobody" beside a code of failure is not the registry's "nobody": an officer must not read it so (reg 2.5).
    const isDoubtful = refused && reading.ok && reading.value === null;
    return isDoubtful ? faultOf("our-request", { platformCode: code }) : reading;
  };

/** The answer of the flat JSON family, bare or within an LGSP's envelope (SOURCE.md: reconstruction). */
export const readJson = (answer: HttpAnswer): Reading<WireObject | null> => {
  const object = readObject(answer);
  if (!object.ok) return object;
  const { value } = object;
  const inner = [value, value["response"], value["data"]].find((of) => isObject(of) && Object.hasOwn(of, ANSWER));
  const code =
    ["error_code", "code", "status"].map((name) => textAt(value, name).trim()).find((text) => text !== "") ?? "";
  if (SUCCESS.test(code)) return citizensOf(inner);
  return faultOf(/^5\d\d$/u.test(code) ? "away" : "our-request", {
    platformCode: code,
    text: textAt(value, "message"),
  });
};
