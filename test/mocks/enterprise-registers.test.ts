import { beforeEach, describe, expect, test } from "vitest";
import { createEnterprise, type EnterpriseRegisters } from "../../mocks/enterprise/create-enterprise.ts";
import { ENTERPRISE_DEFAULTS } from "../../mocks/enterprise/settings.ts";
import { handClock } from "../adapters/call-context.ts";

const { clientId, clientSecret, partnerCode, appName } = ENTERPRISE_DEFAULTS;
const BASIC = `Basic ${btoa(`${clientId}:${clientSecret}`)}`;

let clock: ReturnType<typeof handClock>;
let registers: EnterpriseRegisters;
beforeEach(() => {
  let tokens = 0;
  clock = handClock();
  registers = createEnterprise({ now: clock.now, newToken: () => `token-${++tokens}` });
});

const token = async (authorization = BASIC, body = "grant_type=client_credentials") =>
  registers.app.request("/token", { method: "POST", headers: { authorization }, body });
const detail = async (code: string, authorization?: string) =>
  registers.app.request(`/apiCSDLDKDN/1.0/chiTietDoanhNghiep?msdn=${code}`, {
    headers: authorization === undefined ? {} : { authorization },
  });
const dial = (rule: unknown) =>
  registers.app.request("/__simulator/dial", { method: "POST", body: JSON.stringify(rule) });

describe("the door", () => {
  test("a token is given to the client alone, for an hour", async () => {
    expect(await (await token()).json()).toEqual({
      access_token: "token-1",
      scope: "am_application_scope default",
      token_type: "Bearer",
      expires_in: 3600,
    });
    const wrong = await token(`Basic ${btoa("a:b")}`);
    expect([wrong.status, await wrong.json()]).toMatchObject([401, { error: "invalid_client" }]);
    expect(await (await token(BASIC, "grant_type=password")).json()).toEqual({ error: "unsupported_grant_type" });
    expect((await detail("9900000016", "Bearer token-1")).status).toBe(200);
    clock.advance(3_600_000);
    const late = await detail("9900000016", "Bearer token-1");
    expect([late.status, await late.json()]).toMatchObject([401, { fault: { code: 900901 } }]);
  });

  test("without a token the gateway in front says 900902", async () => {
    const answer = await detail("9900000016");
    expect([answer.status, await answer.json()]).toMatchObject([401, { fault: { code: 900902 } }]);
  });

  test("the façade of Hồ Chí Minh City wants its credential, and says no with HTTP 200", async () => {
    const credential = {
      AccessKey: clientId,
      SecretKey: clientSecret,
      AppName: appName,
      PartnerCode: partnerCode,
      PartnerCodeCus: partnerCode,
    };
    const ask = (authorization: string) =>
      registers.app.request("/esb/TraCuuThongTinDoanhNghiep?MaSoDoanhNghiep=9900000016", {
        headers: { authorization },
      });
    const good = await ask(btoa(JSON.stringify(credential)));
    expect(await good.json()).toMatchObject({ StatusCode: 200, ResultObject: { ENTERPRISE_GDT_CODE: "9900000016" } });
    const bad = await ask(btoa("{}"));
    expect([bad.status, await bad.json()]).toMatchObject([200, { StatusCode: 401, ResultObject: null }]);
  });
});

describe("answers", () => {
  const bearer = async () => `Bearer ${((await (await token()).json()) as { access_token: string }).access_token}`;

  test("capital stands on the wire with all its digits, beyond what a float holds", async () => {
    const text = await (await detail("9900000016", await bearer())).text();
    expect(text).toContain('"CAPITAL_AMOUNT":9007199254740993.125');
    expect(text).toContain('"HOAdress"');
  });

  test("what is not held is Status 0 without Data, with HTTP 200", async () => {
    const answer = await detail("0100109106", await bearer());
    expect([answer.status, await answer.json()]).toMatchObject([200, { Data: null, DataCount: 0, Status: "0" }]);
  });

  test("generation 2 keeps its registers apart, and has null for what is not held", async () => {
    const headers = { authorization: await bearer() };
    const ask = async (path: string) => (await registers.app.request(`/apiDKKD/${path}`, { headers })).json();
    expect(await ask("HoKinhDoanh/chiTietHoKinhDoanh?mst=9900000023")).toMatchObject({
      HHCert: [{ MaSoHKD: "9900000023" }],
    });
    expect(await ask("HopTacXa/chiTietHopTacXa?mst=9900000062")).toMatchObject({
      CoopCert: [{ MaSoHTX: "9900000062" }],
    });
    expect(await ask("DoanhNghiep/chiTietDoanhNghiep?msdn=9900000023")).toEqual({ GetEntCert: null });
  });
});

describe("the dial", () => {
  test("a rule fires as often as it says, on its operation alone", async () => {
    const { access_token } = (await (await token()).json()) as { access_token: string };
    expect((await dial({ fault: "gateway", code: 900800, status: 429, operation: "detail-v1", times: 1 })).status).toBe(
      200,
    );
    expect((await token()).status).toBe(200);
    expect((await detail("9900000016", `Bearer ${access_token}`)).status).toBe(429);
    expect((await detail("9900000016", `Bearer ${access_token}`)).status).toBe(200);
    expect(registers.calls).toEqual({ token: 2, "detail-v1": 2 });
  });

  test("tokens expire in mid-run when it says so", async () => {
    const { access_token } = (await (await token()).json()) as { access_token: string };
    await dial({ fault: "token-expired", operation: "detail-v1", times: 1 });
    expect((await detail("9900000016", `Bearer ${access_token}`)).status).toBe(401);
  });

  test("the gateway's fault may be XML", async () => {
    await dial({ fault: "gateway", code: 900908, status: 403, form: "xml" });
    expect(await (await detail("9900000016")).text()).toContain("<ams:code>900908</ams:code>");
  });

  test.each([
    {},
    "x",
    { fault: "nothing" },
    { fault: "latency" },
    { fault: "latency", ms: "5" },
    { fault: "html", x: 1 },
  ])("%j is refused and changes nothing", async (rule) => {
    await dial({ fault: "html" });
    expect((await dial(rule)).status).toBe(400);
    expect(registers.dial.rules).toEqual([{ fault: "html" }]);
  });
});
