import { describe, expect, test } from "vitest";
import type { Settings } from "../../../contracts/adapter.ts";
import { TransportError } from "../../../contracts/adapter.ts";
import { ERRORS } from "../../../contracts/errors.ts";
import { type Reply, scripted, scriptedCall } from "../call-context.ts";
import { openCitizens, purpose, QUERY } from "./population-scene.ts";

const SOAP: Settings = {
  POPULATION_URL: "https://c06.example.vn/x",
  POPULATION_HASH_URL: "h",
  POPULATION_USERNAME: "u",
  POPULATION_SECRET: "s",
};
const VENDOR: Settings = { POPULATION_PROFILE: "lgsp-xml-in-json", POPULATION_URL: "http://motcua.example.vn/x" };
const FLAT: Settings = {
  POPULATION_PROFILE: "lgsp-json",
  POPULATION_URL: "https://lgsp.example.vn/x",
  POPULATION_TOKEN: "t",
  POPULATION_USERNAME: "u",
};

const NS = 'xmlns:ns1="http://www.mic.gov.vn/dancu/1.0"';
const envelope = (body: string) =>
  `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Header/><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`;
const NAME = "<ns1:HoVaTen><ns1:Ten>NGUYỄN VĂN MẪU</ns1:Ten></ns1:HoVaTen>";
const collection = (...citizens: string[]) =>
  envelope(
    `<ns1:CongdanCollection ${NS}>${citizens.map((inner) => `<ns1:CongDan>${inner}</ns1:CongDan>`).join("")}</ns1:CongdanCollection>`,
  );
const fault = (code: string, text = "x") =>
  envelope(`<soapenv:Fault><faultcode>${code}</faultcode><faultstring>${text}</faultstring></soapenv:Fault>`);

const ask = (reply: Reply, settings: Settings = SOAP) =>
  openCitizens(settings).find(QUERY, purpose(), scriptedCall(scripted(reply).transport));
const xml = (body: string, status = 200) => ask({ status, body, headers: { "content-type": "text/xml" } });
const notMatched = { ok: true, value: { outcome: "not-matched" } };

describe("a SOAP fault", () => {
  test.each([
    ["soapenv:Client", "upstream_rejected"],
    ["Client.BadRequest", "upstream_rejected"],
    ["SOAP-ENV:MustUnderstand", "upstream_rejected"],
    ["VersionMismatch", "upstream_rejected"],
    ["106", "upstream_rejected"],
    ["Server.ServerProxy.AccessDenied", "upstream_rejected"],
    ["server.serverproxy.access_denied", "upstream_rejected"],
    ["Server.ServerProxy.UnknownService", "upstream_rejected"],
    ["server.clientproxy.invalid_hash_chain", "upstream_rejected"],
    ["Server.ClientProxy.InvalidHashChainResult", "upstream_rejected"],
    ["Server.ClientProxy.InconsistentResponse", "upstream_rejected"],
    ["soapenv:Server", "upstream_unavailable"],
    ["Server.ServerProxy.ServiceFailed", "upstream_unavailable"],
    ["server.serverproxy.service_failed.http_error", "upstream_unavailable"],
    ["Server.ClientProxy.UnknownHost", "upstream_unavailable"],
    ["server.clientproxy.global_conf_outdated", "upstream_unavailable"],
    ["Server.ServerProxy.HwModuleNonOperational", "upstream_unavailable"],
    ["server.serverproxy.hsm_non_operational", "upstream_unavailable"],
  ] as const)("%s is %s, with status 200 as with 500", async (code, ours) => {
    for (const status of [200, 500]) {
      const found = await xml(fault(code), status);
      expect(found).toMatchObject({ ok: false, fault: { code: ours, platformCode: code } });
      const mayRepeat = ERRORS[ours].retry !== "never";
      expect(found.ok || found.fault.outcome).toBe(mayRepeat ? "transient" : "refused");
    }
  });

  test("with words too long shows none of the name that was asked for, not even half", async () => {
    const found = await xml(
      fault("Client", `${"a ".repeat(125)}${"NGUYỄN VĂN MẪU nguyenvanmau 099205000001 ".repeat(9)}`),
    );
    expect(JSON.stringify(found)).not.toMatch(/NGUY|nguy|0992/u);
  });

  test("whose code is no code is not repeated as one", async () => {
    const found = await xml(fault("Nguyễn Văn Mẫu &lt;b>"));
    expect(found).toMatchObject({ ok: false, fault: { code: "upstream_rejected" } });
    expect(found.ok ? undefined : found.fault.platformCode).toBeUndefined();
  });
});

describe("an XML answer that cannot be trusted is unreadable", () => {
  test.each([
    ["text", "xin chào"],
    ["nothing", ""],
    ["a page that is well-formed", "<html><body>hi</body></html>"],
    ["an envelope without a body", envelope("").replace(/<soapenv:Body>.*<\/soapenv:Body>/u, "")],
    ["an empty body", envelope("")],
    ["an element that the service does not have", envelope("<a/>")],
    ["an element of JavaScript's own", collection(`${NAME}<__proto__><x>1</x></__proto__>`)],
    ["a collection that is text", envelope(`<ns1:CongdanCollection ${NS}>abc</ns1:CongdanCollection>`)],
    ["a citizen that is text", collection("abc")],
    ["a citizen that is empty", collection("")],
    ["two citizens", collection(NAME, NAME)],
    ["a citizen without a name", collection("<ns1:SoDinhDanh>099205000001</ns1:SoDinhDanh>")],
    ["a DOCTYPE", `<!DOCTYPE x>${collection(NAME)}`],
    ["a doctype in small letters behind a comment", `<!-- x --><!doctype x []>${collection(NAME)}`],
    ["an entity of its own", collection("<ns1:HoVaTen>&xxe;</ns1:HoVaTen>")],
    ["another encoding by its own word", `<?xml version="1.0" encoding="windows-1258"?>${collection(NAME)}`],
    ["bytes that were no UTF-8", collection(NAME.replace("Ễ", "\ufffd"))],
    ["a fault without a code", fault("")],
    ["a cut answer", collection(NAME).slice(0, -20)],
    ["a second document behind it", collection(NAME) + collection(NAME)],
    ["ten thousand elements within each other", envelope("<a>".repeat(10_000) + "</a>".repeat(10_000))],
  ])("%s", async (_, body) => {
    expect(await xml(body)).toMatchObject({ ok: false, fault: { outcome: "transient", code: "upstream_malformed" } });
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
  });

  test("more than a million characters, which are not parsed", async () => {
    const body = collection(`${NAME}<ns1:La>${"a".repeat(1_100_000)}</ns1:La>`);
    const before = performance.now();
    expect(await xml(body)).toMatchObject({ fault: { code: "upstream_malformed" } });
    expect(performance.now() - before).toBeLessThan(2000);
  });

  test("an answer about somebody else is refused and never shown", async () => {
    const found = await xml(collection(`${NAME}<ns1:SoDinhDanh>099205000002</ns1:SoDinhDanh>`));
    expect(found).toMatchObject({ ok: false, fault: { outcome: "refused", code: "upstream_rejected" } });
    expect(JSON.stringify(found)).not.toContain("NGUY");
  });
});

describe("an XML answer that can be read", () => {
  test.each([
    ["an empty collection", collection()],
    ["attributes and spaces", envelope(`<ns1:CongdanCollection SoCongDan="0" ${NS}>\n  </ns1:CongdanCollection>`)],
    ["a declaration and a mark in front", `\ufeff<?xml version="1.0" encoding="utf-8"?>\n${collection()}`],
    ["another prefix", collection().replaceAll("ns1", "q")],
  ])("is not matched: %s", async (_, body) => {
    expect(await xml(body)).toEqual(notMatched);
  });

  test("keeps what XML escapes, and takes CDATA and numbers of characters", async () => {
    const name = "<ns1:HoVaTen><ns1:Ho>&lt;A&amp;</ns1:Ho><ns1:Ten><![CDATA[<B>]]>&#x110;</ns1:Ten></ns1:HoVaTen>";
    expect(await xml(collection(name))).toMatchObject({ value: { citizen: { fullName: "<A& <B>Đ" } } });
  });

  test.each([
    ["<ns1:NgayThangNam>20050131</ns1:NgayThangNam>", "2005-01-31"],
    ["<ns1:NgayThangNam>2005-01-31</ns1:NgayThangNam>", "2005-01-31"],
    ["<ns1:NgayThangNam>20050000</ns1:NgayThangNam><ns1:Nam>2005</ns1:Nam>", "2005"],
    ["<ns1:NgayThangNam>20050230</ns1:NgayThangNam>", "2005"],
    ["<ns1:NgayThangNam>2005</ns1:NgayThangNam>", "2005"],
    ["<ns1:Nam>1940</ns1:Nam><ns1:NgayThangNam/>", "1940"],
    ["<ns1:Nam>khong ro</ns1:Nam>", undefined],
  ])("the birth date %s is %s", async (inner, born) => {
    const found = await xml(collection(`${NAME}<ns1:NgayThangNamSinh>${inner}</ns1:NgayThangNamSinh>`));
    expect(found).toMatchObject({ ok: true, value: { outcome: "matched" } });
    expect(found.ok && found.value.outcome === "matched" ? found.value.citizen.born : null).toBe(born);
  });

  test("leaves out relatives and addresses that are empty, and elements that nobody knows", async () => {
    const inner =
      "<ns1:Cha><ns1:HoVaTen/></ns1:Cha><ns1:ThuongTru/><ns1:QueQuan><ns1:ChiTiet/></ns1:QueQuan><ns1:MaSoThue>1</ns1:MaSoThue>";
    expect(await xml(collection(NAME + inner))).toEqual({
      ok: true,
      value: { outcome: "matched", citizen: { fullName: "NGUYỄN VĂN MẪU" } },
    });
  });
});

describe("an answer of XML in JSON", () => {
  const vendor = (error_code: unknown, message: unknown) =>
    ask({ body: JSON.stringify({ error_code, message }) }, VENDOR);

  test("is read whatever the success code is called", async () => {
    for (const code of ["0", 0, "00", "200", ""]) {
      expect(await vendor(code, collection(NAME))).toMatchObject({ value: { outcome: "matched" } });
      expect(await vendor(code, collection())).toEqual(notMatched);
    }
  });

  test("that is words beside a code is a refusal, and never reads as nobody", async () => {
    expect(await vendor("500", "Lỗi kết nối")).toMatchObject({
      fault: { code: "upstream_rejected", platformCode: "500" },
    });
    expect(await vendor("-1", collection())).toMatchObject({ fault: { code: "upstream_rejected" } });
    expect(await vendor("0", "")).toMatchObject({ fault: { code: "upstream_malformed" } });
    expect(await vendor("0", { a: 1 })).toMatchObject({ fault: { code: "upstream_malformed" } });
  });

  test("refuses a DOCTYPE, a fault and a cut text within as it does without", async () => {
    expect(await vendor("0", `<!DOCTYPE x>${collection(NAME)}`)).toMatchObject({
      fault: { code: "upstream_malformed" },
    });
    expect(await vendor("0", collection(NAME).slice(0, -9))).toMatchObject({ fault: { code: "upstream_malformed" } });
    expect(await vendor("0", fault("Server"))).toMatchObject({ fault: { code: "upstream_unavailable" } });
  });
});

describe("an answer of flat JSON", () => {
  const flat = (body: unknown) => ask({ body: JSON.stringify(body) }, FLAT);
  const citizen = { HoVaTen: { Ho: "NGUYỄN", ChuDem: null, Ten: "MẪU" }, GioiTinh: 1 };

  test("is read bare or wrapped, one citizen alone or in a list, numbers as texts", async () => {
    const forms = [
      { CongdanCollection: { CongDan: citizen } },
      { CongdanCollection: { CongDan: [citizen] } },
      { code: 200, status: "success", response: { CongdanCollection: { CongDan: citizen } } },
      { error_code: "0", data: { CongdanCollection: { CongDan: citizen } } },
    ];
    for (const form of forms) {
      expect(await flat(form)).toMatchObject({ value: { citizen: { fullName: "NGUYỄN MẪU", gender: "1" } } });
    }
    expect(await flat({ CongdanCollection: null })).toEqual(notMatched);
  });

  test("without a collection is no 'nobody': a code of failure is a refusal, anything else unreadable", async () => {
    expect(await flat({ code: "302", message: "sai" })).toMatchObject({ fault: { code: "upstream_rejected" } });
    expect(await flat({ code: "503" })).toMatchObject({ fault: { code: "upstream_unavailable" } });
    for (const body of [{}, [], null, "x", { code: "200" }, { response: {} }]) {
      expect(await flat(body)).toMatchObject({ fault: { code: "upstream_malformed" } });
    }
  });
});

test("a time-out is told as one, and nothing is asked twice", async () => {
  const { transport, requests } = scripted(new TransportError("timeout", true));
  const found = await openCitizens(SOAP).find(QUERY, purpose(), scriptedCall(transport));
  expect(found).toMatchObject({ fault: { outcome: "transient", code: "upstream_timeout" } });
  expect(requests).toHaveLength(1);
});
