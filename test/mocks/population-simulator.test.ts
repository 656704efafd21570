import { createHash } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { LOOKUP, NAMESPACES } from "../../contracts/platforms/population/wire.ts";
import { createPopulation, type Population } from "../../mocks/population/create-population.ts";
import { comparable } from "../../mocks/population/registry.ts";
import { POPULATION_DEFAULTS as KNOWN, PATHS } from "../../mocks/population/settings.ts";

const NOW = new Date("2026-01-01T00:00:00Z");
let simulator: Population;
let requests = 0;

beforeEach(() => {
  let tokens = 0;
  simulator = createPopulation({ now: () => NOW, newToken: () => `token-${++tokens}`, wait: async () => {} });
});

/** The elements of the document's example, each with an id of its own. */
const example = (): [string, string][] => [
  ["MaYeuCau", `H99-${++requests}`],
  ["MaDVC", "9.999999"],
  ["MaTichHop", "037"],
  ["MaDonVi", "000.00.00.H99"],
  ["MaCanBo", "CB-DEMO-01"],
  ["SoDinhDanh", "099205000001"],
  ["HoVaTen", "NGUYENVANMAU"],
  ["NgayThangNamSinh", "<dan:NgayThangNam>20050131</dan:NgayThangNam>"],
];
const change = (name: string, value: string) =>
  example().map(([key, given]): [string, string] => (key === name ? [key, value] : [key, given]));
const soap = (elements: readonly [string, string][], { namespace = NAMESPACES.request as string, head = "" } = {}) =>
  `${head}<soapenv:Envelope xmlns:soapenv="${NAMESPACES.soap}" xmlns:dan="${namespace}"><soapenv:Header/><soapenv:Body><dan:${LOOKUP}>${elements
    .map(([name, value]) => `<dan:${name}>${value}</dan:${name}>`)
    .join("")}</dan:${LOOKUP}></soapenv:Body></soapenv:Envelope>`;

/** Headers signed as the document says, apart from the product's own signing. */
const signed = (timestamp = String(NOW.getTime()), secret: string = KNOWN.secret) => {
  const hash = createHash("sha256").update(`${KNOWN.hashUrl}${KNOWN.username}${timestamp}${secret}`).digest("hex");
  return {
    "content-type": "application/xml; charset=utf-8",
    timestamp,
    authorization: `Basic ${Buffer.from(`${KNOWN.username}:${hash}`).toString("base64")}`,
    apikey: KNOWN.apiKey,
    "x-road-client": KNOWN.xroadClient,
  };
};

const post = async (path: string, body: string, headers: Record<string, string>) => {
  const answer = await simulator.app.request(path, { method: "POST", body, headers });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};
const lookUp = (elements = example(), headers: Record<string, string> = signed()) =>
  post(PATHS.soap, soap(elements), headers);

test("the document's example is answered as the document shows", async () => {
  const { status, text } = await lookUp();
  expect(status).toBe(200);
  expect(text).toContain(
    "<ns1:HoVaTen><ns1:Ho/><ns1:ChuDem/><ns1:Ten>NGUYỄN VĂN MẪU</ns1:Ten></ns1:HoVaTen><ns1:GioiTinh>1</ns1:GioiTinh>",
  );
  expect(text).toContain("<ns1:MaQuanHuyen/>");
  expect(text).toContain("<ns1:Cha><ns1:HoVaTen>NGUYỄN VĂN CHA</ns1:HoVaTen>");
  expect(text).toContain("<ns1:QuanHe>CH01</ns1:QuanHe>");
});

test("seconds are taken for milliseconds' sake, and MaDonVi behind the officer or left out", async () => {
  expect((await lookUp(example(), signed("1767225600"))).text).toContain("NGUYỄN VĂN MẪU");
  const [id, procedure, code, agency, officer, ...rest] = example() as [string, string][] & { length: 8 };
  const behind = [id, procedure, code, officer, agency, ...rest] as [string, string][];
  expect((await lookUp(behind)).text).toContain("NGUYỄN VĂN MẪU");
  expect((await lookUp(example().filter(([name]) => name !== "MaDonVi"))).text).toContain("NGUYỄN VĂN MẪU");
});

test.each([
  ["name", "HoVaTen", "NGUYENVANMAUX"],
  ["name with spaces", "HoVaTen", "NGUYEN VAN MAU"],
  ["birth date", "NgayThangNamSinh", "<dan:NgayThangNam>20050130</dan:NgayThangNam>"],
  ["number", "SoDinhDanh", "099205000009"],
])("another %s is HTTP 200 without CongDan, and no fault", async (_, name, value) => {
  const { status, text } = await lookUp(change(name, value));
  expect(status).toBe(200);
  expect(text).toContain("<ns1:CongdanCollection");
  expect(text).not.toMatch(/CongDan>|Fault/u);
});

test.each([
  ["a missing request id", change("MaYeuCau", ""), "MaYeuCau bắt buộc"],
  ["another integration code", change("MaTichHop", "038"), "MaTichHop"],
  ["an officer's code too long", change("MaCanBo", "C".repeat(21)), "MaCanBo vượt quá 20"],
  ["a number of eleven digits", change("SoDinhDanh", "09920500000"), "SoDinhDanh không đúng"],
  ["a date with hyphens", change("NgayThangNamSinh", "<dan:NgayThangNam>2005-01-31</dan:NgayThangNam>"), "định dạng"],
  ["no birth date", change("NgayThangNamSinh", ""), "NgayThangNam hoặc Nam"],
  ["elements out of order", example().reverse(), "thứ tự"],
  ["an element that the service does not have", [...example(), ["GioiTinh", "1"] as [string, string]], "thứ tự"],
])("%s is a SOAP fault in HTTP 200", async (_, elements, words) => {
  const { status, text } = await lookUp(elements);
  expect(status).toBe(200);
  expect(text).toContain("<faultcode>soapenv:Client</faultcode>");
  expect(text).toContain(words);
});

test("a request id is taken once", async () => {
  const elements = example();
  expect((await lookUp(elements)).text).toContain("NGUYỄN VĂN MẪU");
  expect((await lookUp(elements)).text).toContain("MaYeuCau đã tồn tại");
});

test.each([
  ["another secret", signed(undefined, "khong-phai")],
  ["a moment ten minutes ago", signed(String(NOW.getTime() - 600_000))],
  ["a moment that was not hashed", { ...signed(), timestamp: String(NOW.getTime() + 1) }],
  ["no ApiKey", { ...signed(), apikey: "" }],
  ["another X-Road client", { ...signed(), "x-road-client": "VN/GOV/1/2" }],
  ["text/xml", { ...signed(), "content-type": "text/xml" }],
])("%s is turned away", async (_, headers) => {
  expect((await lookUp(example(), headers)).status).toBe(401);
  expect(simulator.registry.asked).toEqual([]);
});

describe("XML that is no question is refused", () => {
  test.each([
    ["cut", soap(example()).slice(0, -20)],
    ["of another namespace", soap(example(), { namespace: "http://gtel.vn/qldc" })],
    ["with a DOCTYPE", soap(example(), { head: "<!DOCTYPE x>" })],
    ["with an entity of its own", soap(change("HoVaTen", "&a;"))],
    ["with an open sign", soap(change("HoVaTen", "A<B"))],
    ["none at all", "xin chào"],
  ])("as a fault: %s", async (_, body) => {
    const { text } = await post(PATHS.soap, body, signed());
    expect(text).toContain("<faultcode>soapenv:Client</faultcode>");
    expect(simulator.registry.asked).toEqual([]);
  });
});

test("the service describes itself with its own address", async () => {
  const answer = await simulator.app.request(`http://c06.test${PATHS.soap}?wsdl`);
  expect(await answer.text()).toContain(`<soap:address location="http://c06.test${PATHS.soap}"/>`);
});

test("a token is given for the right client alone, and dies when the dial says so", async () => {
  const basic = `Basic ${btoa(`${KNOWN.clientId}:${KNOWN.clientSecret}`)}`;
  const token = (authorization: string) => post(PATHS.token, "grant_type=client_credentials", { authorization });
  expect((await token("Basic x")).status).toBe(401);
  expect(JSON.parse((await token(basic)).text)).toEqual({
    access_token: "token-1",
    token_type: "Bearer",
    expires_in: 3600,
  });
  const ask = () => post(PATHS.json, "{}", { authorization: "Bearer token-1" });
  expect((await ask()).text).toContain("JSON: cần đúng các trường");
  simulator.dial.set({ fault: "token-expired", times: 1 });
  expect([(await ask()).status, (await ask()).status]).toEqual([401, 401]);
});

test("X-Road's errors come by header with JSON, or as a SOAP fault, in the spelling that is asked for", async () => {
  simulator.dial.set({ fault: "xroad", code: "server.serverproxy.access_denied", times: 1 });
  const byHeader = await lookUp();
  expect(byHeader.headers.get("x-road-error")).toBe("server.serverproxy.access_denied");
  expect([byHeader.status, JSON.parse(byHeader.text).type]).toEqual([500, "server.serverproxy.access_denied"]);
  simulator.dial.set({ fault: "xroad", code: "Client.BadRequest", by: "soap", times: 1 });
  const bySoap = await lookUp();
  expect([bySoap.status, bySoap.headers.get("x-road-error")]).toEqual([200, null]);
  expect(bySoap.text).toContain("<faultcode>Client.BadRequest</faultcode>");
  expect((await lookUp()).text).toContain("NGUYỄN VĂN MẪU");
});

test("a clock that is off turns away what was right", async () => {
  simulator.dial.set({ fault: "clock-skew", ms: -301_000 });
  expect(await lookUp()).toMatchObject({ status: 401, text: "Timestamp ngoài khoảng cho phép" });
  simulator.dial.set({ fault: "clock-skew", ms: 299_000 });
  expect((await lookUp()).status).toBe(200);
});

test("the control shows rules and questions, adds invented people alone, and refuses rules that make no sense", async () => {
  const control = async (path: string, body?: unknown) => {
    const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const answer = await simulator.app.request(`/__simulator${path}`, init);
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  expect(await control("/dial", [{ fault: "html", status: 502 }])).toMatchObject({ status: 200 });
  expect((await lookUp()).status).toBe(502);
  expect(await control("/dial")).toEqual({ status: 200, body: { rules: [{ fault: "html", status: 502 }] } });
  for (const rule of [
    null,
    {},
    { fault: "rain" },
    { fault: "latency" },
    { fault: "empty", ms: 1 },
    { fault: "html", status: "x" },
  ]) {
    expect(await control("/dial", rule)).toMatchObject({ status: 400 });
  }
  await simulator.app.request("/__simulator/dial", { method: "DELETE" });
  const person = {
    SoDinhDanh: "099200000077",
    HoVaTen: { Ho: "LÝ", ChuDem: "", Ten: "MẪU" },
    GioiTinh: "1",
    born: "2000",
    ThuongTru: { MaTinhThanh: "99", MaPhuongXa: "99999", ChiTiet: "x" },
  };
  expect(await control("/citizens", { ...person, SoDinhDanh: "001200000077" })).toMatchObject({ status: 400 });
  expect(await control("/citizens", person)).toMatchObject({ status: 201 });
  expect(await control("/state")).toMatchObject({ status: 200 });
});

test("names are compared in the three forms that clients send", () => {
  const name = "Đặng  Thị H'Được".normalize("NFD");
  expect(comparable(name, "compact")).toBe("DANGTHIHDUOC");
  expect(comparable(name, "plain")).toBe("DANG  THI H'DUOC");
  expect(comparable(name, "accented")).toBe("ĐẶNG  THỊ H'ĐƯỢC");
});
