import type { HttpAnswer, HttpRequest } from "../../contracts/adapter.ts";
import {
  IDENTIFIERS_NAMESPACE,
  SOAP_PROTOCOL_VERSION,
  XROAD_HEADERS,
  XROAD_NAMESPACE,
} from "../../contracts/platforms/x-road/wire.ts";
import { foreignAnswer, isXRoadError, notForXRoad, xRoadFailure } from "./x-road-faults.ts";
import type { XRoadCall } from "./x-road-rest.ts";
import { readSoapHead } from "./x-road-soap-head.ts";

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const PARTS = ["xRoadInstance", "memberClass", "memberCode"] as const;

const identifier = (name: string, type: string, parts: readonly (readonly [string, string | undefined])[]): string => {
  const inner = parts
    .filter(([, value]) => value !== undefined)
    .map(([part, value]) => `<id:${part}>${escaped(value ?? "")}</id:${part}>`);
  return `<xrd:${name} id:objectType="${type}">${inner.join("")}</xrd:${name}>`;
};

const member = (parts: readonly string[]) => PARTS.map((name, index) => [name, parts[index]] as const);

const simple = (name: string, value: string | undefined): string =>
  value === undefined ? "" : `<xrd:${name}>${escaped(value)}</xrd:${name}>`;

const headerOf = (request: HttpRequest, { consumer, service, id }: XRoadCall): string => {
  const given = new Map(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]));
  const [, , , subsystem] = consumer;
  const client = [...member(consumer), ["subsystemCode", subsystem]] as const;
  const [, , , provider, code, version] = service;
  const called = [
    ...member(service),
    ["subsystemCode", provider] as const,
    ["serviceCode", code] as const,
    ["serviceVersion", version] as const,
  ];
  return [
    identifier("client", subsystem === undefined ? "MEMBER" : "SUBSYSTEM", client),
    identifier("service", "SERVICE", called),
    simple("id", id),
    simple("userId", given.get(XROAD_HEADERS.userId)),
    simple("issue", given.get(XROAD_HEADERS.issue)),
    simple("protocolVersion", SOAP_PROTOCOL_VERSION),
  ].join("");
};

const ENVELOPE = /^\uFEFF?\s*(?:<\?xml[^>]*\?>\s*)?<(?<prefix>[\w.-]+:)?Envelope\b[^>]*>\s*/u;

/** Puts header blocks into an envelope that an adapter made: into its empty or open header, or one of their own. */
const withHeader = (envelope: string, blocks: string): string | null => {
  const start = ENVELOPE.exec(envelope);
  if (start === null) return null;
  const prefix = start.groups?.["prefix"] ?? "";
  const [before, after] = [envelope.slice(0, start[0].length), envelope.slice(start[0].length)];
  const header = new RegExp(`^<${prefix}Header\\b([^>]*?)(/?)>`, "u").exec(after);
  const names = ` xmlns:xrd="${XROAD_NAMESPACE}" xmlns:id="${IDENTIFIERS_NAMESPACE}"`;
  if (header === null) return `${before}<${prefix}Header${names}>${blocks}</${prefix}Header>${after}`;
  const [whole, attributes = "", closed] = header;
  const open = `<${prefix}Header${attributes.trimEnd()}${names}>${blocks}`;
  return `${before}${open}${closed === "/" ? `</${prefix}Header>` : ""}${after.slice(whole.length)}`;
};

/**
 * The request as the security server takes it: the envelope with X-Road's headers, posted to the server itself
 * (registries section 6.1).
 *
 * @throws TransportError for what is no envelope.
 */
export const toSoap = (request: HttpRequest, call: XRoadCall): HttpRequest => {
  const body = request.body === undefined ? null : withHeader(request.body, headerOf(request, call));
  if (body === null || request.method !== "POST") throw notForXRoad("only SOAP envelopes go by its SOAP protocol");
  const kept = Object.entries(request.headers).filter(([name]) => /^(?:content-type|soapaction)$/iu.test(name));
  // Its id stands inside the envelope, which therefore is read whole.
  const { receive: _, ...rest } = request;
  return { ...rest, url: `${call.server}/`, headers: Object.fromEntries(kept), body };
};

/**
 * The service's answer. A fault of X-Road's own is told from the service's by its code; an envelope that can be read must
 * carry our id and client. What cannot be read is left to the adapter, which uses nothing of it.
 *
 * @throws TransportError
 */
export const fromSoap = (answer: HttpAnswer, { id, consumer }: XRoadCall): HttpAnswer => {
  const head = answer.overlong ? null : readSoapHead(answer.body);
  if (head === null) return answer;
  const code = head.faultCode?.replace(/^[^:]*:/u, "") ?? "";
  if (isXRoadError(code)) throw xRoadFailure(code, head.faultString ?? "", head.faultDetail ?? "");
  if (head.faultCode !== undefined && head.id === undefined && head.client.length === 0) return answer;
  if (head.id?.trim().toLowerCase() !== id.toLowerCase()) throw foreignAnswer("id");
  if (head.client.join("/") !== consumer.join("/")) throw foreignAnswer("client");
  return answer;
};
