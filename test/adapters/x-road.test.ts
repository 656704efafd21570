import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AttemptKind, Fault, HttpRequest, Reading, Transport } from "../../contracts/adapter.ts";
import { ERRORS } from "../../contracts/errors.ts";
import { SOAP_NAMESPACE } from "../../contracts/platforms/x-road/wire.ts";
import { createEnterprise, enterpriseSettings } from "../../mocks/enterprise/create-enterprise.ts";
import { BASES } from "../../mocks/enterprise/settings.ts";
import { type ServedSimulator, serve } from "../../mocks/server.ts";
import { createSecurityServer, type SecurityServer } from "../../mocks/x-road/create-security-server.ts";
import { createAttemptRecorder } from "../../src/ledger/attempt-recorder.ts";
import { type PlatformXRoad, readPlatformXRoad } from "../../src/platform-x-road.ts";
import { createNodeTransport, type NodeTransport } from "../../src/runtime/node-transport.ts";
import { overXRoad } from "../../src/runtime/x-road-transport.ts";
import { createSettingsReader } from "../../src/settings-reader.ts";
import { handClock, memoryCache } from "./call-context.ts";
import { asking, openAdapter } from "./enterprise/profile-scene.ts";

const CONSUMER = "VN/GOV/000.00.00.H04/LGSP";
const SERVICE = "VN/GOV/000.00.00.G05/DKKD/chiTiet";
const UUID = "3f2f6f0e-5a51-4c9e-9d0a-0242ac120002";
const ADDRESS = "https://dkkd.example.vn/apiCSDLDKDN/1.0";

const ECHO = "https://c06.example.vn/qldc";
const ANSWER = `<soapenv:Envelope xmlns:soapenv="${SOAP_NAMESPACE}"><soapenv:Header/><soapenv:Body><r:KetQua xmlns:r="urn:x">được</r:KetQua></soapenv:Body></soapenv:Envelope>`;

let registers: ReturnType<typeof createEnterprise>;
let security: SecurityServer;
let served: ServedSimulator;
let direct: ServedSimulator;
let node: NodeTransport;
let provider: (request: Request) => Response | Promise<Response>;

const clock = handClock();

beforeEach(async () => {
  let ids = 0;
  registers = createEnterprise({ now: clock.now, newToken: () => `token-${++ids}` });
  provider = () => new Response(ANSWER, { headers: { "content-type": "text/xml" } });
  security = createSecurityServer({
    clients: [CONSUMER, "VN/GOV/Sở (Mẫu)/LGSP"],
    services: {
      [SERVICE]: { app: registers.app, base: BASES.v1 },
      [`${SERVICE}/v1`]: { app: { fetch: (request) => provider(request) }, base: "" },
    },
    newId: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, "0")}`,
  });
  served = await serve(security.app);
  direct = await serve(registers.app);
  node = createNodeTransport({ connections: 4, connectTimeoutMs: 5000 });
});
afterEach(async () => {
  await node.close();
  await served.close();
  await direct.close();
});

const rest = (parts: Partial<PlatformXRoad> = {}): PlatformXRoad => ({
  protocol: "rest",
  server: served.url,
  consumer: CONSUMER.split("/"),
  services: [{ address: ADDRESS, service: SERVICE.split("/") }],
  ...parts,
});

const soap = (): PlatformXRoad =>
  rest({ protocol: "soap", services: [{ address: ECHO, service: `${SERVICE}/v1`.split("/") }] });

const over = (settings: PlatformXRoad): Transport => overXRoad(node.transport, settings, () => UUID);

/** One attempt as the ledger makes it: the fault, or the answer's status. */
const attempt = async (
  settings: PlatformXRoad,
  parts: Partial<HttpRequest> & { kind?: AttemptKind } = {},
): Promise<Reading<string>> => {
  const { kind = "read", ...request } = parts;
  const recorder = createAttemptRecorder({
    transport: over(settings),
    now: clock.now,
    signal: new AbortController().signal,
  });
  return recorder.attempt({
    kind,
    request: { method: "GET", url: `${ADDRESS}/chiTietDoanhNghiep?msdn=9900000016`, headers: {}, ...request },
    evidence: "",
    read: ({ status, body }) => ({ ok: true, value: `${status} ${body}` }),
  });
};

const faultOf = (reading: Reading<unknown>): Fault => {
  if (reading.ok) throw new Error("no fault");
  return reading.fault;
};

describe("by REST", () => {
  test("an adapter that knows nothing of X-Road is understood, and its token goes the direct way", async () => {
    const adapter = openAdapter({
      ...enterpriseSettings("dkkd-v1", direct.url),
      ENTERPRISE_URL: ADDRESS,
    });
    const call = asking(over(rest()), { clock, cache: memoryCache(clock.now) });
    expect(await call.find(adapter, "9900000016")).toMatchObject({ ok: true, value: { code: "9900000016" } });
    expect(security.calls).toHaveLength(1);
    const [sent] = security.calls;
    expect(sent?.path).toBe(`/r1/VN/GOV/000.00.00.G05/DKKD/chiTiet/chiTietDoanhNghiep?msdn=9900000016`);
    expect(sent?.headers.get("x-road-client")).toBe(CONSUMER);
    expect(sent?.headers.get("x-road-id")).toBe(UUID);
    expect(sent?.headers.get("authorization")).toMatch(/^Bearer token-/u);
  });

  test("identifiers are encoded part by part, and come back in another spelling of the same", async () => {
    const consumer = ["VN", "GOV", "Sở (Mẫu)", "LGSP"];
    await attempt(rest({ consumer }));
    expect(security.calls[0]?.headers.get("x-road-client")).toBe("VN/GOV/S%E1%BB%9F%20%28M%E1%BA%ABu%29/LGSP");
    expect((await attempt(rest({ consumer }))).ok).toBe(true);
  });

  test("the client and the id are sent once, whatever the adapter wrote; officer and dossier are kept", async () => {
    const headers = { "X-Road-Client": "VN/GOV/OTHER/X", "X-ROAD-ID": "1", "X-Road-Issue": "H04.15-261120-0001" };
    expect((await attempt(rest(), { headers })).ok).toBe(true);
    const [sent] = security.calls;
    expect([sent?.headers.get("x-road-client"), sent?.headers.get("x-road-id")]).toEqual([CONSUMER, UUID]);
    expect(sent?.headers.get("x-road-issue")).toBe("H04.15-261120-0001");
  });

  test("an address that only begins alike is not taken for the service's", async () => {
    const url = `${direct.url}${BASES.v1}`;
    const near = rest({ services: [{ address: `${url}/chiTiet`, service: SERVICE.split("/") }] });
    await attempt(near, { url: `${url}/chiTietDoanhNghiep?msdn=1` });
    expect(security.calls).toHaveLength(0);
    expect(registers.calls).toEqual({ "detail-v1": 1 });
  });

  test.each([
    ["Client.InvalidRequest", "client.invalid_request", "never", "refused"],
    ["Client.DuplicateHeaderField", "client.duplicate_header_field", "never", "refused"],
    ["Server.ClientProxy.UnknownMember", "server.clientproxy.unknown_member", "never", "refused"],
    ["Server.ServerProxy.UnknownService", "server.serverproxy.unknown_service", "never", "refused"],
    ["Server.ServerProxy.ServiceDisabled", "server.serverproxy.service_disabled", "never", "refused"],
    ["Server.ServerProxy.AccessDenied", "server.serverproxy.access_denied", "never", "refused"],
    ["Server.ServerProxy.InvalidServiceType", "server.serverproxy.service_type", "never", "refused"],
    ["Server.ClientProxy.NetworkError", "server.clientproxy.network_error", "later", "transient"],
    ["Server.ClientProxy.OutdatedGlobalConf", "server.clientproxy.global_conf_outdated", "later", "transient"],
    ["Server.ServerProxy.HwModuleNonOperational", "server.serverproxy.hsm_non_operational", "later", "transient"],
    ["Server.ClientProxy.InvalidSignatureValue", "server.clientproxy.invalid_signature_value", "never", "refused"],
    ["Server.ClientProxy.InvalidHashChainResult", "server.clientproxy.invalid_hash_chain", "never", "refused"],
    [
      "Server.ServerProxy.ServiceFailed.SslAuthenticationFailed",
      "server.serverproxy.service_failed.ssl_authentication_failed",
      "never",
      "refused",
    ],
    [
      "Server.ServerProxy.ServiceFailed.MissingBody",
      "server.serverproxy.service_failed.missing_body",
      "later",
      "transient",
    ],
    ["Server.ServerProxy.NeverHeardOf", "server.serverproxy.never_heard_of", "later", "transient"],
    ["Client.NeverHeardOf", "client.never_heard_of", "never", "refused"],
  ])("%s and %s are the same, and may be tried again: %s", async (old, recent, retry, outcome) => {
    for (const type of [old, recent]) {
      // The status must not matter: X-Road's word is looked at first.
      for (const status of [200, 400, 500]) {
        security.misbehave({ error: type, status });
        const fault = faultOf(await attempt(rest()));
        expect([ERRORS[fault.code].retry, fault.outcome, fault.platformCode]).toEqual([retry, outcome, type]);
      }
    }
  });

  test("a message that X-Road may have handed over has an unknown outcome, a refused one has not", async () => {
    security.misbehave({ error: "Server.ServerProxy.NetworkError" });
    expect(faultOf(await attempt(rest(), { kind: "send", method: "POST", body: "{}" })).outcome).toBe("unknown");
    security.misbehave({ error: "Server.ServerProxy.AccessDenied" });
    expect(faultOf(await attempt(rest(), { kind: "send", method: "POST", body: "{}" })).outcome).toBe("refused");
  });

  test("an error says why in X-Road's words, with the id that its operators ask for", async () => {
    security.misbehave({ error: "Server.ServerProxy.AccessDenied", message: "Request is not allowed" });
    expect(faultOf(await attempt(rest())).message).toMatch(/access is not granted \(Request is not allowed, 0{8}-/u);
  });

  test.each(["id", "client", "both-absent"] as const)("an answer with a strange %s is never used", async (strange) => {
    security.misbehave({ strange });
    const fault = faultOf(await attempt(rest()));
    expect([fault.outcome, fault.code]).toEqual(["refused", "upstream_rejected"]);
    expect(fault.message).toMatch(/cannot be trusted/u);
    expect(fault.message).not.toMatch(/MẪU/u);
  });

  test("a service's own failure is the adapter's to read", async () => {
    registers.dial.set({ fault: "http-status", status: 503 });
    expect(await attempt(rest())).toEqual({ ok: true, value: "503 HTTP 503" });
  });

  test("a balancer's 502 before X-Road is handed on, its 200 is not", async () => {
    security.misbehave({ status: 502, html: true });
    expect(await attempt(rest())).toMatchObject({ ok: true, value: expect.stringMatching(/^502 /u) });
    security.misbehave({ status: 200, html: true });
    expect(faultOf(await attempt(rest())).code).toBe("upstream_rejected");
  });

  test("a client that is not registered is told so", async () => {
    const fault = faultOf(await attempt(rest({ consumer: ["VN", "GOV", "X", "Y"] })));
    expect([fault.outcome, fault.platformCode]).toEqual(["refused", "Client.InvalidClientIdentifier"]);
  });

  test("bytes that are taken as they come are taken only from an answer that is ours", async () => {
    const taken: number[] = [];
    const receive: NonNullable<HttpRequest["receive"]> = (head) => {
      taken.push(head.status);
      return null;
    };
    await attempt(rest(), { receive });
    security.misbehave({ strange: "id" });
    await attempt(rest(), { receive });
    security.misbehave({ error: "Server.ServerProxy.AccessDenied" });
    await attempt(rest(), { receive });
    expect(taken).toEqual([401]);
  });
});

describe("by SOAP", () => {
  const envelope = (header: string) =>
    `<?xml version="1.0"?><soapenv:Envelope xmlns:soapenv="${SOAP_NAMESPACE}">${header}<soapenv:Body><q:TraCuu xmlns:q="urn:x">a &amp; b</q:TraCuu></soapenv:Body></soapenv:Envelope>`;
  const post = (header = "<soapenv:Header/>", headers: Record<string, string> = {}) => ({
    method: "POST" as const,
    url: ECHO,
    headers: { "Content-Type": "text/xml", ...headers },
    body: envelope(header),
  });

  test.each([
    ["an empty header", "<soapenv:Header/>"],
    ["an open header", '<soapenv:Header><w:own xmlns:w="urn:w">1</w:own></soapenv:Header>'],
    ["no header", ""],
  ])("an envelope with %s gets X-Road's headers, and its own are kept", async (_, header) => {
    expect(await attempt(soap(), post(header, { "X-Road-Issue": "H04-<1>", "X-Road-UserId": "VN1" }))).toMatchObject({
      ok: true,
      value: expect.stringContaining("được"),
    });
    const body = security.calls[0]?.body ?? "";
    expect(body).toContain('<xrd:client id:objectType="SUBSYSTEM"><id:xRoadInstance>VN</id:xRoadInstance>');
    expect(body).toContain("<id:serviceCode>chiTiet</id:serviceCode><id:serviceVersion>v1</id:serviceVersion>");
    expect(body).toContain(`<xrd:id>${UUID}</xrd:id><xrd:userId>VN1</xrd:userId><xrd:issue>H04-&lt;1&gt;</xrd:issue>`);
    expect(body).toContain("<xrd:protocolVersion>4.0</xrd:protocolVersion>");
    expect(body).toContain("a &amp; b");
    if (header.includes("own")) expect(body).toContain('<w:own xmlns:w="urn:w">1</w:own>');
  });

  test("only content type and action go along; what an adapter writes for REST does not", async () => {
    await attempt(soap(), post("", { SOAPAction: '""', authorization: "Basic eA==", "X-Road-Issue": "1" }));
    const names = [...(security.calls[0]?.headers.keys() ?? [])];
    expect(names).toContain("soapaction");
    expect(names.filter((name) => /authorization|x-road/u.test(name))).toEqual([]);
  });

  test.each([
    ["Server.ServerProxy.AccessDenied", "refused", "upstream_rejected"],
    ["server.serverproxy.access_denied", "refused", "upstream_rejected"],
    ["Server.ClientProxy.NetworkError", "transient", "upstream_unavailable"],
    ["server.clientproxy.network_error", "transient", "upstream_unavailable"],
  ])("the fault %s is X-Road's", async (error, outcome, code) => {
    security.misbehave({ error });
    expect(faultOf(await attempt(soap(), post()))).toMatchObject({ outcome, code, platformCode: error });
  });

  test.each(["soapenv:Server", "soapenv:Client", "Client", "Server.Something"])(
    "the fault %s is the service's, and left to the adapter",
    async (faultcode) => {
      provider = () =>
        new Response(
          `<soapenv:Envelope xmlns:soapenv="${SOAP_NAMESPACE}"><soapenv:Body><soapenv:Fault><faultcode>${faultcode}</faultcode><faultstring>x</faultstring></soapenv:Fault></soapenv:Body></soapenv:Envelope>`,
          { status: 500 },
        );
      expect(await attempt(soap(), post())).toMatchObject({ ok: true, value: expect.stringMatching(/^500 /u) });
    },
  );

  test.each(["id", "client", "both-absent"] as const)("an answer with a strange %s is never used", async (strange) => {
    security.misbehave({ strange });
    expect(faultOf(await attempt(soap(), post()))).toMatchObject({ outcome: "refused", code: "upstream_rejected" });
  });

  test.each([
    ["HTML", "<html><body>x</body></html>"],
    ["a DOCTYPE", `<!DOCTYPE a [<!ENTITY e "x">]>${ANSWER}`],
    ["half an envelope", ANSWER.slice(0, 90)],
    ["nothing", ""],
  ])("%s is left to the adapter, which uses nothing of it", async (_, body) => {
    provider = () => new Response(body);
    const reading = await attempt(soap(), post());
    expect(reading).toEqual({ ok: true, value: expect.stringContaining(`200 ${body.slice(0, 20)}`) });
  });

  test("what is no envelope is not sent", async () => {
    const reading = await attempt(soap(), { method: "POST", url: ECHO, body: "{}" });
    expect(faultOf(reading)).toMatchObject({ outcome: "refused", code: "not_configured" });
    expect(security.calls).toEqual([]);
  });
});

describe("settings", () => {
  const read = (settings: Record<string, string>) => {
    const reader = createSettingsReader(settings);
    return { value: readPlatformXRoad(reader, "ENTERPRISE"), faults: reader.faults };
  };
  const good = {
    ENTERPRISE_XROAD_SERVER: "https://ss.example.vn/",
    ENTERPRISE_XROAD_CONSUMER: CONSUMER,
    ENTERPRISE_XROAD_SERVICES: JSON.stringify({ "https://a.vn/x/": SERVICE, "https://a.vn/x/long": SERVICE }),
  };

  test("are absent unless there is a security server", () => {
    expect(read({})).toEqual({ value: null, faults: [] });
    expect(read({ ENTERPRISE_XROAD_CONSUMER: CONSUMER }).faults).toHaveLength(1);
  });

  test("are read with the longest address first", () => {
    const { value, faults } = read(good);
    expect(faults).toEqual([]);
    expect(value).toMatchObject({ protocol: "rest", server: "https://ss.example.vn", consumer: CONSUMER.split("/") });
    expect(value?.services.map(({ address }) => address)).toEqual(["https://a.vn/x/long", "https://a.vn/x"]);
  });

  test.each([
    ["SERVER", "ss.example.vn"],
    ["SERVER", "ftp://ss.example.vn"],
    ["SERVER", "https://ss.example.vn?x=1"],
    ["CONSUMER", "VN/GOV"],
    ["CONSUMER", "VN/GOV/../LGSP"],
    ["CONSUMER", "VN/GOV/a%2Fb/LGSP"],
    ["CONSUMER", "VN/GOV/%E0%A4/LGSP"],
    ["CONSUMER", "VN/GOV/a:b/LGSP"],
    ["SERVICES", "{"],
    ["SERVICES", "{}"],
    ["SERVICES", "[]"],
    ["SERVICES", '{"https://a.vn": 1}'],
    ["SERVICES", '{"https://a.vn": "VN/GOV/x/y"}'],
    ["SERVICES", `{"https://a.vn": "${SERVICE}/v1"}`],
    ["SERVICES", `{"a.vn": "${SERVICE}"}`],
    ["PROTOCOL", "rpc"],
  ])("%s=%s is a fault that names the setting", (name, value) => {
    const { faults } = read({ ...good, [`ENTERPRISE_XROAD_${name}`]: value });
    expect(faults).toEqual([expect.stringContaining(`ENTERPRISE_XROAD_${name}`)]);
  });
});
