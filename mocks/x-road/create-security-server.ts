import {
  IDENTIFIERS_NAMESPACE,
  REST_PROTOCOL,
  SOAP_NAMESPACE,
  SOAP_PROTOCOL_VERSION,
  XROAD_HEADERS,
  XROAD_NAMESPACE,
  type XRoadRestError,
} from "../../contracts/platforms/x-road/wire.ts";

/** What answers behind the security server. */
interface Service {
  fetch(request: Request): Response | Promise<Response>;
}

/** How one security server is set up. Identifiers have a slash between their plain parts. */
export interface SecurityServerOptions {
  /** The registered calling systems. */
  readonly clients: readonly string[];
  /** Who answers for a service, and below which path of theirs. */
  readonly services: Readonly<Record<string, { readonly app: Service; readonly base: string }>>;
  readonly newId: () => string;
}

/** What the security server does wrong until it is told otherwise. */
export type Misbehaviour =
  /** X-Road fails with this type, in whichever spelling. */
  | { readonly error: string; readonly status?: number; readonly message?: string }
  /** The answer carries the id, or the client, of another call; or neither. */
  | { readonly strange: "id" | "client" | "both-absent" }
  /** Something before X-Road answers. */
  | { readonly status: number; readonly html: true };

/** A security server of the calling side, for both protocols; whatever is behind it answers by itself. */
export interface SecurityServer {
  readonly app: Service;
  /** What reached it, oldest first. */
  readonly calls: readonly { readonly path: string; readonly headers: Headers; readonly body: string }[];
  misbehave(how: Misbehaviour | null): void;
}

const STRANGE_ID = "00000000-0000-4000-8000-00000000dead";
const STRANGE_CLIENT = "VN/GOV/000.00.00.G99/OTHER";

const xmlAnswer = (body: string, status = 200): Response =>
  new Response(body, { status, headers: { "content-type": "text/xml; charset=utf-8" } });

const soapFault = (code: string, message: string, detail: string): Response =>
  xmlAnswer(
    `<soapenv:Envelope xmlns:soapenv="${SOAP_NAMESPACE}"><soapenv:Body><soapenv:Fault><faultcode>${code}</faultcode><faultstring>${message}</faultstring><detail><faultDetail xmlns="">${detail}</faultDetail></detail></soapenv:Fault></soapenv:Body></soapenv:Envelope>`,
    500,
  );

const restError = (type: string, message: string, detail: string, status: number): Response => {
  const body: XRoadRestError = { type, message, detail };
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", [XROAD_HEADERS.error]: type },
  });
};

const encode = (identifier: string): string => identifier.split("/").map(encodeURIComponent).join("/");
const decode = (identifier: string): string => identifier.split("/").map(decodeURIComponent).join("/");

/** The text of the first element of this name, whatever its prefix; the simulator reads its own gateway's XML alone. */
const textIn = (xml: string, name: string): string =>
  new RegExp(`<(?:[\\w.-]+:)?${name}>([^<]*)</`, "u").exec(xml)?.[1] ?? "";

const blockIn = (xml: string, name: string): string =>
  new RegExp(`<(?:[\\w.-]+:)?${name}\\b[^>]*>.*?</(?:[\\w.-]+:)?${name}>`, "su").exec(xml)?.[0] ?? "";

const identifierIn = (block: string, names: readonly string[]): string =>
  names
    .map((name) => textIn(block, name))
    .filter((part) => part !== "")
    .join("/");

const CLIENT_PARTS = ["xRoadInstance", "memberClass", "memberCode", "subsystemCode"];

/** Makes a security server. Runtime-free. */
export const createSecurityServer = ({ clients, services, newId }: SecurityServerOptions): SecurityServer => {
  const calls: { path: string; headers: Headers; body: string }[] = [];
  let wrong: Misbehaviour | null = null;
  const strange = () => (wrong !== null && "strange" in wrong ? wrong.strange : null);

  /** What X-Road itself says: the misbehaviour, or why the call cannot be forwarded. */
  const refusal = (client: string, service: string): { type: string; message: string; status: number } | null => {
    if (wrong !== null && "error" in wrong)
      return { type: wrong.error, message: wrong.message ?? "Request is not allowed", status: wrong.status ?? 500 };
    if (!clients.includes(client))
      return { type: "Client.InvalidClientIdentifier", message: "Client is not registered", status: 400 };
    if (services[service] === undefined)
      return { type: "Server.ServerProxy.UnknownService", message: "Unknown service", status: 500 };
    return null;
  };

  const forward = (service: string, rest: string, request: Request, body: string): Response | Promise<Response> => {
    const { app, base } = services[service] ?? { app: { fetch: () => new Response(null, { status: 404 }) }, base: "" };
    const init = { method: request.method, headers: request.headers, ...(body !== "" && { body }) };
    return app.fetch(new Request(`http://service.internal${base}${rest}`, init));
  };

  /** What of the request comes back. */
  const copied = (id: string, client: string): readonly (readonly [string, string])[] => {
    if (strange() === "both-absent") return [];
    return [
      [XROAD_HEADERS.id, strange() === "id" ? STRANGE_ID : id],
      [XROAD_HEADERS.client, strange() === "client" ? STRANGE_CLIENT : client],
    ];
  };

  const answerRest = async (request: Request, url: URL, body: string): Promise<Response> => {
    const parts = url.pathname.split("/").slice(2);
    const service = decode(parts.slice(0, 5).join("/"));
    const given = request.headers.get(XROAD_HEADERS.client) ?? "";
    const no = refusal(decode(given), service);
    if (no !== null) return restError(no.type, no.message, newId(), no.status);
    const path = parts.slice(5).join("/");
    const answer = await forward(service, `${path === "" ? "" : `/${path}`}${url.search}`, request, body);
    if (answer.status === 0) return answer;
    const headers = new Headers(answer.headers);
    headers.delete(XROAD_HEADERS.id);
    for (const [name, value] of copied(request.headers.get(XROAD_HEADERS.id) ?? newId(), given))
      headers.set(name, value);
    headers.set(XROAD_HEADERS.service, encode(service));
    headers.set(XROAD_HEADERS.requestId, newId());
    headers.set(XROAD_HEADERS.requestHash, "c2ltdWxhdGVk");
    return new Response(answer.body, { status: answer.status, headers });
  };

  const answerSoap = async (request: Request, body: string): Promise<Response> => {
    const client = blockIn(body, "client");
    const block = blockIn(body, "service");
    const service = identifierIn(block, [...CLIENT_PARTS, "serviceCode", "serviceVersion"]);
    if (textIn(body, "protocolVersion") !== SOAP_PROTOCOL_VERSION)
      return soapFault("Client.InvalidProtocolVersion", "Invalid protocol version", newId());
    const no = refusal(identifierIn(client, CLIENT_PARTS), service);
    if (no !== null) return soapFault(no.type, no.message, newId());
    const answer = await forward(service, "", request, body);
    const text = await answer.text();
    const id = strange() === "id" ? STRANGE_ID : textIn(body, "id");
    const shown = strange() === "client" ? client.replace(/(memberCode>)[^<]*/u, "$1000.00.00.G99") : client;
    const copied = `<xrd:id>${id}</xrd:id><xrd:protocolVersion>${SOAP_PROTOCOL_VERSION}</xrd:protocolVersion>`;
    const header = `<soapenv:Header xmlns:xrd="${XROAD_NAMESPACE}" xmlns:id="${IDENTIFIERS_NAMESPACE}">${shown}${block}${copied}</soapenv:Header>`;
    const withHeader = text.replace(
      /<soapenv:Header\s*\/>/u,
      strange() === "both-absent" ? "<soapenv:Header/>" : header,
    );
    return xmlAnswer(withHeader, answer.status);
  };

  const fetch = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const body = await request.text();
    calls.push({ path: `${url.pathname}${url.search}`, headers: request.headers, body });
    if (wrong !== null && "html" in wrong)
      return new Response("<html><body>502</body></html>", {
        status: wrong.status,
        headers: { "content-type": "text/html" },
      });
    return url.pathname.startsWith(`/${REST_PROTOCOL}/`) ? answerRest(request, url, body) : answerSoap(request, body);
  };

  return {
    app: { fetch },
    calls,
    misbehave: (how) => {
      wrong = how;
    },
  };
};
