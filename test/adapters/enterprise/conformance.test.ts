import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ErrorCode } from "../../../contracts/errors.ts";
import { ERRORS } from "../../../contracts/errors.ts";
import type { Business } from "../../../contracts/registries.ts";
import type { FaultRule } from "../../../mocks/enterprise/dial.ts";
import { openProfile, type ProfileScene } from "./profile-scene.ts";

const KNOWN = "9900000016";
const UNKNOWN = "0100109106";

/** How one profile is looked at. */
const SPEAKERS = [
  { profile: "dkkd-v1", operation: "detail-v1", kinds: ["enterprise"], hasToken: true, hasCapital: true },
  {
    profile: "dkkd-v2",
    operation: "detail-v2",
    kinds: ["enterprise", "household", "cooperative"],
    hasToken: true,
    hasCapital: false,
  },
  { profile: "dkkd-hcm", operation: "detail-hcm", kinds: ["enterprise"], hasToken: false, hasCapital: true },
] as const;

/** What spoils an answer, and what it then means. */
const SPOILT: readonly (readonly [name: string, rule: FaultRule, code: ErrorCode])[] = [
  ["an HTML page", { fault: "html" }, "upstream_malformed"],
  ["an HTML page with 404", { fault: "html", status: 404 }, "upstream_malformed"],
  ["an HTML page with 502", { fault: "html", status: 502 }, "upstream_unavailable"],
  ["nothing", { fault: "empty" }, "upstream_malformed"],
  ["half a JSON", { fault: "truncated" }, "upstream_malformed"],
  ["more than 5 MB", { fault: "oversized" }, "upstream_malformed"],
  ["a closed connection", { fault: "close" }, "upstream_unavailable"],
  ["HTTP 500", { fault: "http-status", status: 500 }, "upstream_unavailable"],
  ["HTTP 408", { fault: "http-status", status: 408 }, "upstream_timeout"],
  ["HTTP 504", { fault: "http-status", status: 504 }, "upstream_timeout"],
  ["HTTP 302", { fault: "http-status", status: 302 }, "upstream_malformed"],
  ["HTTP 404", { fault: "http-status", status: 404 }, "upstream_malformed"],
  ["900800 with 429", { fault: "gateway", code: 900800, status: 429 }, "upstream_unavailable"],
  ["101503 with 500", { fault: "gateway", code: 101503, status: 500 }, "upstream_unavailable"],
  ["101504 with 504", { fault: "gateway", code: 101504, status: 504 }, "upstream_timeout"],
  ["900800 with HTTP 200", { fault: "gateway", code: 900800, status: 200 }, "upstream_unavailable"],
];

describe.each(SPEAKERS.map((speaker) => [speaker.profile, speaker] as const))("profile %s", (profile, speaker) => {
  let scene: ProfileScene;
  beforeEach(async () => {
    scene = await openProfile(profile);
  });
  afterEach(() => scene.close());

  const dial = (rule: FaultRule) => scene.registers.dial.set({ operation: speaker.operation, ...rule });
  const business = async (
    code: string,
    kind: Parameters<ProfileScene["find"]>[1] = "enterprise",
  ): Promise<Business> => {
    const reading = await scene.find(code, kind);
    if (!reading.ok || reading.value === null) throw new Error(`not found: ${JSON.stringify(reading)}`);
    return reading.value;
  };

  test("an enterprise is found with everything that its register says in our words", async () => {
    expect(await business(KNOWN)).toEqual({
      code: KNOWN,
      names: { vietnamese: "CÔNG TY CỔ PHẦN MẪU", foreign: "MAU JOINT STOCK COMPANY", short: "MAU JSC" },
      status: "active",
      statusText: "Đang hoạt động",
      type: "Công ty cổ phần",
      foundedAt: "2020-01-05",
      lastChangedAt: "2024-02-06",
      address: "Số 1, Xã Mẫu, Tỉnh Mẫu",
      ...(speaker.hasCapital && { capital: "9007199254740993.125" }),
      representatives: [{ fullName: "TRẦN THỊ MẪU" }, { fullName: "LÊ VĂN MẪU" }],
      activities:
        profile === "dkkd-hcm"
          ? []
          : [
              { code: "6201", name: "Lập trình máy vi tính", main: true },
              { code: "6202", name: "Tư vấn máy vi tính và quản trị hệ thống máy vi tính", main: false },
            ],
    });
  });

  test("an enterprise that the register does not hold is null", async () => {
    expect(await scene.find(UNKNOWN)).toEqual({ ok: true, value: null });
  });

  test.each([
    ["9900000030", "suspended"],
    ["9900000048", "dissolved"],
    ["9900000055", "unknown"],
  ])("the standing of %s is %s", async (code, status) => {
    expect((await business(code)).status).toBe(status);
  });

  test("only the registers of the profile are asked", async () => {
    expect(scene.adapter.businesses?.kinds).toEqual(speaker.kinds);
    const reading = await scene.find(KNOWN, "cooperative");
    if (speaker.kinds.length === 1) {
      expect(reading).toMatchObject({ ok: false, fault: { outcome: "refused", code: "invalid_request" } });
      expect(scene.asked().requests).toEqual([]);
    } else expect(reading).toEqual({ ok: true, value: null });
  });

  test.each([
    "9900000017",
    "9900000070",
    "9900000016-000",
    "990000001",
    "",
    "9900000016&mst=1",
    "../token",
    "9900000016\r\nX: y",
    "９９０００００００１６",
  ])("%j is no code: refused here, and nothing is sent", async (code) => {
    expect(await scene.find(code)).toMatchObject({ ok: false, fault: { outcome: "refused", code: "invalid_request" } });
    expect(scene.asked().requests).toEqual([]);
  });

  test("a unit's suffix without its hyphen is asked for with it", async () => {
    expect(await scene.find("9900000016001")).toEqual({ ok: true, value: null });
    expect(scene.asked().requests.at(-1)?.url).toContain("=9900000016-001");
  });

  test.each(SPOILT)("%s never reads as not found", async (_, rule, code) => {
    dial(rule);
    for (const asked of [KNOWN, UNKNOWN])
      expect(await scene.find(asked)).toMatchObject({ ok: false, fault: { outcome: "transient", code } });
  });

  test("names in another charset are not shown", async () => {
    dial({ fault: "wrong-charset" });
    expect(await scene.find(KNOWN)).toMatchObject({ ok: false, fault: { code: "upstream_malformed" } });
  });

  test("an answer that comes too late is a timeout, and never reads as not found", async () => {
    await scene.find(UNKNOWN);
    dial({ fault: "latency", ms: 400 });
    expect(await scene.find(UNKNOWN, "enterprise", 60)).toMatchObject({
      ok: false,
      fault: { outcome: "transient", code: "upstream_timeout" },
    });
  });

  test("a register that is away is unavailable", async () => {
    await scene.refuse(true);
    expect(await scene.find(KNOWN)).toMatchObject({
      ok: false,
      fault: { outcome: "transient", code: "upstream_unavailable" },
    });
  });

  test("429 says when to come back", async () => {
    dial({ fault: "http-status", status: 429, retryAfterSeconds: 30 });
    expect(await scene.find(KNOWN)).toMatchObject({
      ok: false,
      fault: { code: "upstream_unavailable", retryAfterSeconds: 30 },
    });
  });

  test.each([900902, 900908])(
    "the gateway's code %d is a readable no that nobody should try again",
    async (gateway) => {
      for (const form of ["json", "xml"] as const) {
        dial({ fault: "gateway", code: gateway, status: 403, form });
        const reading = await scene.find(KNOWN);
        expect(reading).toMatchObject({
          ok: false,
          fault: { outcome: "refused", code: "upstream_rejected", platformCode: String(gateway) },
        });
        expect(ERRORS.upstream_rejected.retry).toBe("never");
      }
    },
  );

  test("neither the question nor the answer is kept as evidence, whatever came back", async () => {
    for (const rule of [null, { fault: "truncated" }, { fault: "wrong-charset" }, { fault: "html" }] as const) {
      if (rule !== null) dial(rule);
      await scene.find(KNOWN);
      const { records } = scene.asked();
      expect(records.length).toBeGreaterThan(0);
      for (const record of records) {
        expect(record.request.replace("grant_type=client_credentials", "")).toBe("");
        expect(record.response).toBe("");
        expect(record.message ?? "").not.toMatch(/MẪU|mock-enterprise|token-|<h1>/u);
      }
    }
  });

  test("wrong credentials are a readable no", async () => {
    const other = await openProfile(profile, { clientSecret: "khong-phai" });
    expect(await other.find(KNOWN)).toMatchObject({
      ok: false,
      fault: { outcome: "refused", code: "upstream_rejected" },
    });
    await other.close();
  });
});
