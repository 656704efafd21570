import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Adapter, Message, PlatformCache } from "../../../contracts/adapter.ts";
import type { Dossier } from "../../../contracts/services/dossier.ts";
import { createNationalPortal } from "../../../mocks/national-portal/create-national-portal.ts";
import type { FaultRule } from "../../../mocks/national-portal/faults.ts";
import { PORTAL_DEFAULTS } from "../../../mocks/national-portal/settings.ts";
import { type ServedSimulator, serve } from "../../../mocks/server.ts";
import { fetchTransport, handClock, memoryCache, type ScriptedCall, scriptedCall } from "../call-context.ts";
import { openPortal } from "./open-portal.ts";
import { dossier as sample, event as sampleEvent } from "./samples.ts";

const UNKNOWN_PROCEDURE = "9.999999";
const code = "H04.15-261120-0007";
const portalCode = "000.00.00.G22-261120-0001";
const dossier: Dossier = { ...sample, procedureCode: "2.000591" };

let sessions = 0;
const simulator = createNationalPortal({
  now: () => new Date("2026-11-20T02:15:00Z"),
  newSession: () => `session-${++sessions}`,
  unknownProcedures: [UNKNOWN_PROCEDURE],
});
let served: ServedSimulator;
let portal: Adapter;
let cache: PlatformCache;
let call: ScriptedCall;

const put = (known: boolean, unknownOutcome = false, changes: Partial<Dossier> = {}): Message => ({
  operation: "dossier.put",
  dossierCode: code,
  dossier: { ...dossier, ...changes },
  known,
  unknownOutcome,
});
const step: Message = { operation: "dossier.step", dossierCode: code, event: sampleEvent };
const perform = (message: Message) => {
  call = scriptedCall(fetchTransport, { cache });
  return portal.perform(message, call);
};
const sends = () => call.attempts.filter(({ kind }) => kind === "send").length;
const delivered = { delivered: true };
const held = () => simulator.state.dossiers.get(code);

beforeAll(async () => {
  served = await serve(simulator.app);
});
afterAll(() => served.close());

beforeEach(() => {
  simulator.clear();
  simulator.dial.clear();
  simulator.sessions.expireAll();
  cache = memoryCache(handClock().now);
  portal = openPortal({
    NATIONAL_PORTAL_URL: served.url,
    NATIONAL_PORTAL_USERNAME: PORTAL_DEFAULTS.username,
    NATIONAL_PORTAL_PASSWORD: PORTAL_DEFAULTS.password,
    NATIONAL_PORTAL_DSTCODE: PORTAL_DEFAULTS.dstcode,
    NATIONAL_PORTAL_MADONVI: PORTAL_DEFAULTS.madonvi,
  });
});

describe("against the portal's simulator", () => {
  test("a dossier, its change and a step arrive, and no field is strange to the portal", async () => {
    expect(await perform(put(false))).toEqual(delivered);
    expect(await perform(put(true, false, { status: "processing", summary: "Đã sửa" }))).toEqual(delivered);
    expect(await perform(step)).toEqual(delivered);
    expect(held()?.hoSo).toMatchObject({ MaHoSo: code, ChuHoSo: "Trần Thị Ví Dụ", TrichYeuHoSo: "Đã sửa" });
    expect(held()?.hoSo.TenTTHC).not.toBe("");
    expect(held()?.hoSo.MaLinhVuc).not.toBe("");
    expect(held()?.steps.map(({ step: { NoiDungXuLy } }) => NoiDungXuLy)).toEqual(["Thẩm định hồ sơ"]);
    expect([...simulator.unknownFields]).toEqual([]);
  });

  test("a dossier with every list filled arrives whole", async () => {
    const full: Partial<Dossier> = {
      fees: [{ code: "P1", name: "Phí", kind: "fee", amount: 150_000, collectedAt: "intake" }],
      otherPapers: [{ name: "Bản đồ", quantity: 2, kind: "1" }],
      supplements: [
        { id: "s1", requestedBy: "A", content: "B", requestedAt: "2026-11-21T08:00:00+07:00", status: "1" },
      ],
      results: [{ id: "r1", name: "Trích lục", url: "https://files.example.vn/r1", code: "KQ.1" }],
      databasesUsed: ["7"],
    };
    expect(await perform(put(false, false, full))).toEqual(delivered);
    expect(held()?.hoSo).toMatchObject({
      DanhSachLePhi: [{ Gia: "150000" }],
      DanhSachTepDinhKemKhac: [{ SoLuong: 2 }],
      DanhSachHoSoBoSung: [{ HoSoBoSungId: "s1" }],
      DanhSachGiayToKetQua: [{ GiayToId: "r1" }],
      DSKetNoiCSDL: [{ MaCSDL: "7" }],
    });
    expect([...simulator.unknownFields]).toEqual([]);
  });

  test.each(["0", "3", "-3"])("a create of a dossier that is there (code %s) ends as an update", async (existsCode) => {
    await perform(put(false));
    simulator.dial.set({ fault: "exists-code", code: existsCode });
    expect(await perform(put(false, false, { summary: "Mới" }))).toEqual(delivered);
    expect(held()).toMatchObject({ updates: 1, hoSo: { TrichYeuHoSo: "Mới" } });
  });

  test("an update of a dossier that the portal lost ends as a create", async () => {
    expect(await perform(put(true))).toEqual(delivered);
    expect(held()).toMatchObject({ updates: 0 });
    expect(call.attempts.map(({ kind }) => kind)).toEqual(["login", "read", "send", "probe", "send"]);
  });

  test("a create whose answer was lost is found by the probe and not created twice", async () => {
    simulator.dial.set({ fault: "close", taken: true, service: "DongBoHoSoMC", times: 1 });
    expect(await perform(put(false))).toMatchObject({ delivered: false, fault: { outcome: "unknown" } });
    expect(held()?.updates).toBe(0);
    expect(await perform(put(false, true))).toEqual(delivered);
    expect(call.attempts.map(({ kind }) => kind)).toEqual(["probe", "send"]);
    expect(held()?.updates).toBe(1);
  });

  const broken: [FaultRule, string][] = [
    [{ fault: "html" }, "upstream_malformed"],
    [{ fault: "empty" }, "upstream_malformed"],
    [{ fault: "truncated" }, "upstream_malformed"],
    [{ fault: "oversized", bytes: 2 * 1024 * 1024 }, "upstream_malformed"],
    [{ fault: "http-status", status: 500 }, "upstream_unavailable"],
    [{ fault: "http-status", status: 404 }, "upstream_malformed"],
    [{ fault: "http-status", status: 408 }, "upstream_timeout"],
    [{ fault: "close" }, "upstream_unavailable"],
  ];
  test.each(broken)("a step that meets %o has an unknown outcome, %s", async (rule, fault) => {
    await perform(put(false));
    simulator.dial.set({ ...rule, service: "CapNhatTienDoHoSoMC" });
    expect(await perform(step)).toMatchObject({ delivered: false, fault: { outcome: "unknown", code: fault } });
    expect(sends()).toBe(1);
  });

  test("a busy portal says how long to wait", async () => {
    simulator.dial.set({ fault: "http-status", status: 429, retryAfterSeconds: 17, service: "LayThuTuc" });
    expect(await perform(put(false))).toMatchObject({
      delivered: false,
      fault: { outcome: "transient", retryAfterSeconds: 17 },
    });
    expect(held()).toBeUndefined();
  });

  test.each([{}, { status: 401 }, { status: 403 }])("a session that expires (%o) is renewed unnoticed", async (how) => {
    await perform(put(false));
    simulator.dial.set({ fault: "session-expired", times: 1, ...how });
    expect(await perform(step)).toEqual(delivered);
    expect(held()?.steps).toHaveLength(1);
  });

  test("sessions that keep dying are a transient fault", async () => {
    await perform(put(false));
    simulator.dial.set({ fault: "session-expired" });
    expect(await perform(step)).toMatchObject({ delivered: false, fault: { outcome: "transient" } });
    expect(held()?.steps).toEqual([]);
  });

  test.each<FaultRule>([
    { fault: "error-code", form: "number" },
    { fault: "error-code", form: "two-zeros" },
    { fault: "key-case", form: "upper" },
    { fault: "key-case", form: "lower" },
  ])("all is well with answers in the form %o", async (rule) => {
    simulator.dial.set(rule);
    expect(await perform(put(false))).toEqual(delivered);
    expect(await perform(put(false, true))).toEqual(delivered);
    expect(await perform(step)).toEqual(delivered);
    expect(held()).toMatchObject({ updates: 1, status: "4" });
  });

  test("a procedure that the portal does not know is a refusal", async () => {
    expect(await perform(put(false, false, { procedureCode: UNKNOWN_PROCEDURE }))).toMatchObject({
      delivered: false,
      fault: { outcome: "refused", code: "upstream_rejected" },
    });
    expect(sends()).toBe(0);
  });

  test("a step of a dossier that the portal does not hold is a refusal with the portal's code", async () => {
    const outcome = await perform(step);
    expect(outcome).toMatchObject({ delivered: false, fault: { outcome: "refused", code: "upstream_rejected" } });
    expect(outcome.delivered ? "" : outcome.fault.platformCode).toMatch(/^-?\d+$/u);
  });

  test("wrong credentials are transient and stop before anything is sent", async () => {
    portal = openPortal({
      NATIONAL_PORTAL_URL: served.url,
      NATIONAL_PORTAL_USERNAME: PORTAL_DEFAULTS.username,
      NATIONAL_PORTAL_DSTCODE: PORTAL_DEFAULTS.dstcode,
    });
    const outcome = await perform(step);
    expect(outcome).toMatchObject({ delivered: false, fault: { outcome: "transient", code: "upstream_unavailable" } });
    expect(outcome.delivered ? "" : outcome.fault.message).toContain("refused the credentials");
  });

  test("the status of a portal-born dossier arrives folded", async () => {
    simulator.addPortalDossier({ MaHoSo: portalCode, MaTTHC: "2.000591" });
    const change = { content: "Đã nhận", occurredAt: "2026-11-20T02:15:00Z" };
    for (const status of ["submitted", "accepted", "supplement-required", "returned"] as const) {
      const message: Message = {
        operation: "dossier.status",
        dossierCode: code,
        portalCode,
        change: { ...change, status },
      };
      expect(await perform(message)).toEqual(delivered);
    }
    const statuses = simulator.state.portalDossiers.get(portalCode)?.statuses ?? [];
    expect(statuses.map(({ data }) => data.TrangThai)).toEqual(["2", "5", "2"]);
  });
});
