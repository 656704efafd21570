import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { signature } from "../../../adapters/population/dialects.ts";
import { lazySoapEngine, type SoapEngine } from "../../../adapters/population/soap-engine.ts";
import type { Settings } from "../../../contracts/adapter.ts";
import type { CitizenQuery } from "../../../contracts/registries.ts";
import { readSoapQuestion } from "../../../mocks/population/read-question.ts";
import { answering, handClock, scriptedCall } from "../call-context.ts";
import { openCitizens, purpose, QUERY } from "./population-scene.ts";

const SOAP: Settings = {
  POPULATION_URL: "https://lgsp.example.vn/c06?x=1",
  POPULATION_HASH_URL: "https://c06.example.vn/qldc/TraCuuThongTinCongDan",
  POPULATION_USERNAME: "tinh_demo",
  POPULATION_SECRET: "not-a-real-secret",
};

/** The requests that one question leads to, whatever they are answered. */
const sent = async (settings: Settings, query: Partial<CitizenQuery> = {}, times = 1) => {
  const clock = handClock("2026-01-01T00:00:00Z");
  const { transport, requests } = answering(() => ({ status: 500 }));
  const citizens = openCitizens(settings);
  for (let time = 0; time < times; time++) {
    await citizens.find(
      { ...QUERY, ...query },
      purpose({ requestId: `H99-${time}` }),
      scriptedCall(transport, { clock }),
    );
    clock.advance(1500);
  }
  return requests;
};

test("the hash of the document's test vector comes out, whatever address is called", async () => {
  const [request] = await sent(SOAP);
  expect(request?.url).toBe("https://lgsp.example.vn/c06?x=1");
  expect(request?.headers).toMatchObject({
    timestamp: "1767225600000",
    authorization:
      "Basic dGluaF9kZW1vOmQ0MDRlZmEyNzAwYmRmMjgwODJiYzQ5ZWUzNjlhNDU2NGJlNjc4YzhlZWNlMzUyMzliZDNiMGQyODA4MTc2NWU=",
  });
});

test("seconds in place of milliseconds are both sent and hashed", async () => {
  const config = { hashUrl: "u", username: "n", secret: "s", timestampUnit: "s" } as const;
  const seconds = await signature(config, new Date(1_767_225_600_999));
  expect(seconds.timestamp).toBe("1767225600");
  expect(await signature({ ...config, timestampUnit: "ms" }, new Date(1_767_225_600))).toMatchObject({
    timestamp: "1767225600",
    authorization: seconds.authorization,
  });
});

test("asking again signs anew, with another moment, hash and request id", async () => {
  const requests = await sent(SOAP, {}, 2);
  const [timestamps, hashes, bodies] = [
    requests.map(({ headers }) => headers["timestamp"]),
    requests.map(({ headers }) => headers["authorization"]),
    requests.map(({ body }) => /MaYeuCau>([^<]+)/u.exec(body ?? "")?.[1]),
  ];
  for (const values of [timestamps, hashes, bodies]) expect(new Set(values).size).toBe(2);
});

test("the direct call has the document's headers, and those that are not configured are not sent", async () => {
  const [bare] = await sent(SOAP);
  expect(Object.keys(bare?.headers ?? {}).sort()).toEqual(
    ["authorization", "content-type", "soapaction", "timestamp", "x-correlation-id"].sort(),
  );
  expect(bare?.headers).toMatchObject({ "content-type": "application/xml; charset=utf-8", soapaction: '""' });
  const xroad = { POPULATION_API_KEY: "k", POPULATION_XROAD_CLIENT: "VN/GOV/000.00.00.H99/LGSP" };
  const [full] = await sent({ ...SOAP, ...xroad });
  expect(full?.headers).toMatchObject({ apikey: "k", "x-road-client": "VN/GOV/000.00.00.H99/LGSP" });
});

test("the body is the document's example, element for element in its order", async () => {
  const [request] = await sent(SOAP);
  const inner = [
    ["MaYeuCau", "H99-0"],
    ["MaDVC", "9.999999"],
    ["MaTichHop", "037"],
    ["MaDonVi", "000.00.00.H04"],
    ["MaCanBo", "CB-DEMO-01"],
    ["SoDinhDanh", "099205000001"],
    ["HoVaTen", "NGUYENVANMAU"],
  ].map(([name, value]) => `<dan:${name}>${value}</dan:${name}>`);
  const born = "<dan:NgayThangNamSinh><dan:NgayThangNam>20050131</dan:NgayThangNam></dan:NgayThangNamSinh>";
  expect(request?.body).toContain(`${inner.join("")}${born}</dan:TraCuuThongTinCongDan>`);
  expect(request?.body).toContain("<soapenv:Header/>");
});

test.each([
  ["after-officer", ["MaTichHop", "MaCanBo", "MaDonVi", "SoDinhDanh"]],
  ["none", ["MaTichHop", "MaCanBo", "SoDinhDanh"]],
])("MaDonVi stands where the setting says: %s", async (place, order) => {
  const [request] = await sent({ ...SOAP, POPULATION_AGENCY_PLACE: place });
  const names = [...(request?.body ?? "").matchAll(/<dan:(\w+)>/gu)].map(([, name]) => name ?? "");
  expect(names.filter((name) => [...order, "MaDonVi"].includes(name))).toEqual(order);
});

test.each([
  ["authorization", "authorization"],
  ["lgspaccesstoken", "lgspaccesstoken"],
])("the AccessKey credential is compact JSON in base64 without a scheme, in the header %s", async (setting, header) => {
  const [request] = await sent({
    POPULATION_PROFILE: "lgsp-accesskey",
    POPULATION_URL: "https://esb.example.vn/c06",
    POPULATION_ACCESS_KEY: "k",
    POPULATION_SECRET: "s",
    POPULATION_APP_NAME: "Một cửa",
    POPULATION_PARTNER_CODE: "H04",
    POPULATION_ACCESS_HEADER: setting,
  });
  expect(Buffer.from(request?.headers[header] ?? "", "base64").toString()).toBe(
    '{"AccessKey":"k","SecretKey":"s","AppName":"Một cửa","PartnerCode":"H04","PartnerCodeCus":"H04"}',
  );
  expect(request?.body).toContain("<qldc:HoVaTen>NGUYENVANMAU</qldc:HoVaTen>");
});

test("the flat JSON family sends its own names, and a token that was handed over", async () => {
  const [request] = await sent(
    {
      POPULATION_PROFILE: "lgsp-json",
      POPULATION_URL: "https://lgsp.example.vn/dancu",
      POPULATION_TOKEN: "given-token",
      POPULATION_USERNAME: "dt",
    },
    { born: "2005" },
  );
  expect(request?.headers["authorization"]).toBe("Bearer given-token");
  expect(JSON.parse(request?.body ?? "")).toEqual({
    maYeuCau: "H99-0",
    maDVC: "9.999999",
    maCanBo: "CB-DEMO-01",
    soDinhDanh: "099205000001",
    soCMND: "",
    hoVaTen: "NGUYENVANMAU",
    ngayThangNam: "2005",
    userNameService: "dt",
  });
});

test("the XML-in-JSON family sends the document's example", async () => {
  const settings = { POPULATION_PROFILE: "lgsp-xml-in-json", POPULATION_URL: "http://motcua.example.vn/dancu" };
  const [request] = await sent(settings);
  expect(request?.body).toBe(
    '{"HoVaTen":"NGUYENVANMAU","SoDinhDanh":"099205000001","SoCMND":"","NgayThangNam":"20050131","Nam":"","MaTichHop":"037","MaDVC":"9.999999","MaCanBo":"CB-DEMO-01","MaYeuCau":"H99-0"}',
  );
});

test("the service description is read once, by the first of many questions", async () => {
  const open = lazySoapEngine("dan");
  const [first, ...others] = await Promise.all([open(), open(), open()]);
  expect([...others, await open()].every((engine) => engine === first)).toBe(true);
});

describe("a question written as XML", () => {
  let engine: SoapEngine;
  beforeAll(async () => {
    engine = await lazySoapEngine("dan")();
  });

  test("gives another reader exactly the texts that went in", () => {
    const text = fc.string({ unit: "grapheme", minLength: 1 }).map((of) => of.replace(/[\p{Cc}\ufffe\uffff]/gu, "&<"));
    fc.assert(
      fc.property(text, text, (HoVaTen, MaCanBo) => {
        const question = {
          ...{ MaYeuCau: "1", MaDVC: "]]>", MaTichHop: "037", MaCanBo, SoDinhDanh: "099205000001" },
          HoVaTen,
          NgayThangNamSinh: { Nam: "2005" },
        };
        const read = readSoapQuestion(engine.write(question));
        expect(read).toMatchObject({ question: { MaDVC: "]]>", MaCanBo, HoVaTen, Nam: "2005" } });
      }),
      { verbose: true },
    );
  });
});
