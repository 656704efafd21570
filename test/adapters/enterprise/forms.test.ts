import { afterEach, describe, expect, test } from "vitest";
import { readConfig } from "../../../adapters/enterprise/config.ts";
import type { Reading } from "../../../contracts/adapter.ts";
import { BUSINESS_KINDS, type Business } from "../../../contracts/registries.ts";
import { answering, handClock, memoryCache, type Reply } from "../call-context.ts";
import { asking, openAdapter, openProfile, type ProfileScene } from "./profile-scene.ts";

const KNOWN = "9900000016";
const notFound = { ok: true, value: null };
const malformed = { ok: false, fault: { outcome: "transient", code: "upstream_malformed" } };
const rejected = { ok: false, fault: { outcome: "refused", code: "upstream_rejected" } };
const timedOut = { ok: false, fault: { outcome: "transient", code: "upstream_timeout" } };
const away = { ok: false, fault: { outcome: "transient", code: "upstream_unavailable" } };

let scene: ProfileScene | undefined;
afterEach(async () => {
  await scene?.close();
  scene = undefined;
});

/** What a register's answer means in a profile that needs no token, or behind a token. */
const reading = (
  profile: string,
  body: unknown,
  parts: Partial<Reply & object> = {},
): Promise<Reading<Business | null>> => {
  const settings = {
    ENTERPRISE_URL: "https://dkkd.example.vn",
    ENTERPRISE_PROFILE: profile,
    ENTERPRISE_CLIENT_ID: "client",
    ENTERPRISE_CLIENT_SECRET: "invented",
    ENTERPRISE_APP_NAME: "app",
    ENTERPRISE_PARTNER_CODE: "H04",
  };
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const platform = answering(({ method }) =>
    method === "POST" ? { body: '{"access_token":"t","expires_in":3600}' } : { body: text, ...parts },
  );
  const clock = handClock();
  return asking(platform.transport, { clock, cache: memoryCache(clock.now) }).find(openAdapter(settings), KNOWN);
};

describe("the simulator's other forms", () => {
  test.each([
    ["Status as a number", { status: "number" }],
    ["one representative as an object", { representatives: "object" }],
    ["no representatives", { representatives: "absent" }],
    ["capital as text", { capital: "text" }],
    ["capital with an exponent", { capital: "exponent" }],
  ] as const)("%s changes nothing of an enterprise", async (_, style) => {
    scene = await openProfile("dkkd-v1");
    const usual = await scene.find(KNOWN);
    scene.registers.dial.set({ fault: "style", ...style });
    const other = await scene.find(KNOWN);
    if (!usual.ok || !other.ok) throw new Error("not found");
    const first = usual.value?.representatives.slice(0, 1);
    expect(other.value).toEqual({
      ...usual.value,
      ...("representatives" in style && style.representatives === "object" && { representatives: first }),
    });
    expect(await scene.find("0100109106")).toEqual(notFound);
  });

  test("a flat address of generation 2 reads as the nested one", async () => {
    scene = await openProfile("dkkd-v2");
    const usual = await scene.find(KNOWN);
    scene.registers.dial.set({ fault: "style", address: "flat" });
    expect(await scene.find(KNOWN)).toEqual(usual);
  });

  test("households and cooperatives have registers of their own", async () => {
    scene = await openProfile("dkkd-v2");
    expect(await scene.find("9900000023", "household")).toMatchObject({
      ok: true,
      value: { code: "9900000023", type: "Hộ kinh doanh", status: "unknown", address: "Số 2, Xã Mẫu, Tỉnh Mẫu" },
    });
    expect(await scene.find("99A8000001", "household")).toMatchObject({ ok: true, value: { code: "99A8000001" } });
    expect(await scene.find("099090000003", "household")).toMatchObject({ ok: true, value: { code: "099090000003" } });
    expect(await scene.find("9900000062", "cooperative")).toMatchObject({
      ok: true,
      value: { representatives: [{ fullName: "NGUYỄN THỊ MẪU" }] },
    });
    for (const kind of BUSINESS_KINDS) expect(await scene.find("0100109106", kind)).toEqual(notFound);
    expect(await scene.find("9900000023")).toEqual(notFound);
  });

  test("generation 2 inside a province's network may ask for no token", async () => {
    scene = await openProfile("dkkd-v2", { guardsV2: false });
    const { ENTERPRISE_URL, ENTERPRISE_PROFILE } = scene.settings;
    const adapter = openAdapter({ ENTERPRISE_URL, ENTERPRISE_PROFILE });
    const call = asking(scene.transport, scene);
    expect(await call.find(adapter, KNOWN)).toMatchObject({ ok: true, value: { code: KNOWN } });
    expect(call.requests.every(({ headers }) => headers["authorization"] === undefined)).toBe(true);
  });

  test("a business failure with HTTP 200 is told apart from not found where it has words of its own", async () => {
    scene = await openProfile("dkkd-hcm");
    scene.registers.dial.set({ fault: "business-failure", message: "Tham số sai", code: 400 });
    expect(await scene.find(KNOWN)).toMatchObject({ ok: false, fault: { ...rejected.fault, message: "Tham số sai" } });
  });
});

describe("answers of dkkd-v1", () => {
  const data = { MainInformation: { NAME: "A", ENTERPRISE_GDT_CODE: KNOWN } };
  test.each([
    ["Status 0 without Data", { Data: null, DataCount: 0, Status: "0", Message: "x" }, notFound],
    ["Status 0 as a number, Data missing", { Status: 0 }, notFound],
    ["Status 0 with an empty Data", { Status: "0", Data: {} }, notFound],
    ["Status 1 without MainInformation", { Status: "1", Data: { HOAdress: {} } }, notFound],
    ["Status 1 with Data null", { Status: "1", Data: null }, notFound],
    ["Status 0 with Data", { Status: "0", Data: data }, rejected],
    ["Status 0 for a timeout", { Status: "0", Data: null, Message: "Request timed out" }, timedOut],
    ["Status 0 for a timeout in Vietnamese", { Status: "0", Data: null, Message: "Quá thời gian xử lý" }, timedOut],
    ["another Status", { Status: "-1", Message: "Lỗi hệ thống" }, rejected],
    ["a Status in words", { Status: "success", Data: data }, malformed],
    ["an empty object", {}, malformed],
    ["only a message", { message: "not found" }, malformed],
    ["a Data in words", { Status: "1", Data: "x" }, malformed],
    [
      "another business",
      { Status: "1", Data: { MainInformation: { NAME: "A", ENTERPRISE_GDT_CODE: "1" } } },
      malformed,
    ],
    ["a list", [], malformed],
    ["null", "null", malformed],
    ["a number", "5", malformed],
    ["a too deep list", "[".repeat(200_000), malformed],
  ])("%s", async (_, body, meaning) => expect(await reading("dkkd-v1", body)).toMatchObject(meaning));

  test("no Status beside a MainInformation is an answer", async () => {
    expect(await reading("dkkd-v1", { Data: data })).toMatchObject({ ok: true, value: { names: { vietnamese: "A" } } });
  });

  test("a byte order mark is no fault, an HTTP 403 without words is a readable no", async () => {
    expect(await reading("dkkd-v1", '\uFEFF{"Status":"0"}')).toEqual(notFound);
    expect(await reading("dkkd-v1", "", { status: 403 })).toMatchObject(rejected);
  });
});

describe("answers of dkkd-v2", () => {
  test.each([
    ["a root that is null", { GetEntCert: null }, notFound],
    ["a root that is empty", { GetEntCert: [] }, notFound],
    ["no root in an empty object", {}, notFound],
    ["no root, but other words", { Message: "Hệ thống bận" }, malformed],
    ["a root in words", { GetEntCert: "x" }, malformed],
    ["a list of nothing", { GetEntCert: [null] }, malformed],
    ["null", "null", malformed],
  ])("%s", async (_, body, meaning) => expect(await reading("dkkd-v2", body)).toMatchObject(meaning));
});

describe("answers of dkkd-hcm", () => {
  const ok = { StatusCode: 200, Status: "SUCCESS", ThrowException: false, Description: "" };
  test.each([
    ["success without a result", { ...ok, ResultObject: null }, notFound],
    ["StatusCode 404 without a result", { ...ok, StatusCode: 404, Status: "ERROR", ResultObject: null }, notFound],
    ["an exception", { ...ok, ThrowException: true, ResultObject: null }, away],
    ["StatusCode 500", { ...ok, StatusCode: 500, ResultObject: null }, away],
    ["StatusCode 504", { ...ok, StatusCode: 504, ResultObject: null }, timedOut],
    ["success in code but not in word", { ...ok, Status: "FAIL", ResultObject: null }, rejected],
    ["a wrong credential", { ...ok, StatusCode: 401, ResultObject: null }, rejected],
    ["no StatusCode", { Status: "SUCCESS", ResultObject: null }, malformed],
    ["a result in words", { ...ok, ResultObject: "x" }, malformed],
    ["a result without a name", { ...ok, ResultObject: { ENTERPRISE_GDT_CODE: KNOWN } }, malformed],
  ])("%s", async (_, body, meaning) => expect(await reading("dkkd-hcm", body)).toMatchObject(meaning));
});

describe("settings", () => {
  const client = { ENTERPRISE_CLIENT_ID: "c", ENTERPRISE_CLIENT_SECRET: "invented" };
  const faults = (settings: Record<string, string>) => {
    const config = readConfig(settings);
    return config.kind === "faulty" ? config.faults.map((fault) => fault.split(" ")[0]) : config.kind;
  };

  test("are absent without an address, and complete with a client", () => {
    expect(readConfig(client)).toEqual({ kind: "absent" });
    expect(readConfig({ ...client, ENTERPRISE_URL: "https://a.vn/api/1.0/" })).toEqual({
      kind: "configured",
      config: {
        profile: "dkkd-v1",
        url: "https://a.vn/api/1.0",
        credentials: {
          kind: "client",
          tokenUrl: "https://a.vn/token",
          clientId: "c",
          clientSecret: "invented",
        },
      },
    });
  });

  test("list every fault at once", () => {
    const url = { ENTERPRISE_URL: "https://a.vn" };
    expect(faults(url)).toEqual(["ENTERPRISE_CLIENT_ID", "ENTERPRISE_CLIENT_SECRET"]);
    expect(faults({ ...url, ENTERPRISE_PROFILE: "dkkd-v2" })).toBe("configured");
    expect(faults({ ...url, ENTERPRISE_PROFILE: "dkkd-v2", ENTERPRISE_CLIENT_ID: "c" })).toEqual([
      "ENTERPRISE_CLIENT_SECRET",
    ]);
    expect(faults({ ...url, ENTERPRISE_PROFILE: "dkkd-hcm", ...client })).toEqual([
      "ENTERPRISE_PARTNER_CODE",
      "ENTERPRISE_APP_NAME",
    ]);
    expect(faults({ ...url, ...client, ENTERPRISE_PROFILE: "dkkd-v9" })).toEqual(["ENTERPRISE_PROFILE"]);
    for (const bad of ["a.vn", "ftp://a.vn", "https://u:p@a.vn", "https://a.vn?x=1", "https://a.vn#x"]) {
      expect(faults({ ...client, ENTERPRISE_URL: bad })).toEqual(["ENTERPRISE_URL"]);
      expect(faults({ ...client, ...url, ENTERPRISE_TOKEN_URL: bad })).toEqual(["ENTERPRISE_TOKEN_URL"]);
    }
  });
});
