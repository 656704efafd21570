import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ProfileName } from "../../../adapters/national-portal/profile.ts";
import type { Message } from "../../../contracts/adapter.ts";
import { DOSSIER_STATUSES, type Dossier, type DossierEvent } from "../../../contracts/services/dossier.ts";
import type { FaultRule } from "../../../mocks/national-portal/faults.ts";
import { maskBody } from "../../../src/ledger/mask.ts";
import { openProfile, type ProfileScene, UNKNOWN_PROCEDURE } from "./profile-scene.ts";
import { dossier as sample, event as sampleEvent } from "./samples.ts";

const code = "H04.15-261120-0007";
const portalCode = "000.00.00.G22-261120-0001";
const dossier: Dossier = { ...sample, procedureCode: "2.000591", submittedFiles: [] };
const delivered = { delivered: true };

/** How one profile is looked at: what its simulator calls the messages, and what it can do. */
interface Speaker {
  readonly profile: ProfileName;
  /** Names of the calls, as the simulator's dial knows them. */
  readonly create: string;
  readonly step: string;
  readonly status: string;
  /** What comes before the first message of a new dossier. */
  readonly before: readonly string[];
  /** What follows a create whose outcome is unknown, when the portal holds it. */
  readonly afterLostCreate: readonly (readonly [kind: string, outcome: string])[];
  /** There is a session, or a token, that can die. */
  readonly hasSession: boolean;
  /** There is a catalogue that is asked for the procedure. */
  readonly readsProcedures: boolean;
  /** An update carries the whole dossier. */
  readonly updatesWhole: boolean;
  /** What the portal makes of a dossier's statuses that was born there. */
  readonly portalBorn: readonly string[];
  /** HTTP 404 for a message: an answer that says nothing, or settings that lead nowhere. */
  readonly notFound: readonly [outcome: string, code: string];
  readonly longestFileName: number;
  readonly wrongCredentials: Readonly<Record<string, string>>;
}

const SPEAKERS: readonly Speaker[] = [
  {
    profile: "mapi",
    create: "DongBoHoSoMC",
    step: "CapNhatTienDoHoSoMC",
    status: "DongBoTrangThaiHoSo",
    before: ["login", "read"],
    afterLostCreate: [
      ["probe", "delivered"],
      ["send", "delivered"],
    ],
    hasSession: true,
    readsProcedures: true,
    updatesWhole: true,
    portalBorn: ["2", "5", "2"],
    notFound: ["unknown", "upstream_malformed"],
    longestFileName: 4000,
    wrongCredentials: { NATIONAL_PORTAL_PASSWORD: "khong-phai" },
  },
  {
    profile: "lgsp-facade",
    create: "ThemMoi",
    step: "DongBoTienTrinh",
    status: "DongBoTrangThaiHoSoKM",
    before: ["read"],
    afterLostCreate: [
      ["send", "refused"],
      ["send", "delivered"],
    ],
    hasSession: false,
    readsProcedures: true,
    updatesWhole: true,
    portalBorn: ["2", "5", "2"],
    notFound: ["unknown", "upstream_malformed"],
    longestFileName: 4000,
    wrongCredentials: { NATIONAL_PORTAL_AUTHORIZATION: "Bearer khong-phai" },
  },
  {
    profile: "connector-v1",
    create: "NoiHoSo",
    step: "capnhatientrinh",
    status: "capnhattrangthai",
    before: ["login"],
    afterLostCreate: [
      ["send", "refused"],
      ["send", "delivered"],
    ],
    hasSession: true,
    readsProcedures: false,
    updatesWhole: false,
    portalBorn: ["2", "5", "10"],
    notFound: ["transient", "upstream_unavailable"],
    longestFileName: 2000,
    wrongCredentials: { NATIONAL_PORTAL_CLIENT_SECRET: "khong-phai" },
  },
];

const put = (changes: Partial<Dossier> = {}, known = false, unknownOutcome = false): Message => ({
  operation: "dossier.put",
  dossierCode: code,
  dossier: { ...dossier, ...changes },
  known,
  unknownOutcome,
});
const step = (changes: Partial<DossierEvent> = {}): Message => ({
  operation: "dossier.step",
  dossierCode: code,
  event: { ...sampleEvent, ...changes },
});
const status = (word: Dossier["status"]): Message => ({
  operation: "dossier.status",
  dossierCode: code,
  portalCode,
  change: { status: word, content: "Đã nhận", occurredAt: "2026-11-20T02:15:00Z" },
});

describe.each(SPEAKERS.map((speaker) => [speaker.profile, speaker] as const))("profile %s", (profile, speaker) => {
  let scene: ProfileScene;
  beforeEach(async () => {
    scene = await openProfile(profile);
  });
  afterEach(() => scene.close());

  const held = () => scene.simulator.state.dossiers.get(code);
  const kinds = () => scene.last().attempts.map(({ kind }) => kind);
  const deliver = async (...messages: Message[]) => {
    for (const message of messages) expect(await scene.perform(message)).toEqual(delivered);
  };

  test("a dossier, its change and a step arrive, and no field is strange to the portal", async () => {
    await deliver(put());
    expect(kinds()).toEqual([...speaker.before, "send"]);
    await deliver(put({ status: "processing", summary: "Đã sửa" }, true), step({ status: "finished" }));
    expect(held()).toMatchObject({ updates: 1, status: "9", hoSo: { ChuHoSo: "Trần Thị Ví Dụ" } });
    expect(held()?.hoSo.TrichYeuHoSo).toBe(speaker.updatesWhole ? "Đã sửa" : "");
    expect(held()?.steps.map(({ step: { NoiDungXuLy } }) => NoiDungXuLy)).toEqual(["Thẩm định hồ sơ"]);
    expect([...scene.simulator.unknownFields]).toEqual([]);
  });

  test("a create whose answer was lost has an unknown outcome, and the next try leaves one dossier", async () => {
    scene.simulator.dial.set({ fault: "close", taken: true, service: speaker.create, times: 1 });
    expect(await scene.perform(put())).toMatchObject({ delivered: false, fault: { outcome: "unknown" } });
    await deliver(put({}, false, true));
    const attempts = scene.last().attempts.map(({ kind, outcome }) => [kind, outcome]);
    expect(attempts).toEqual(speaker.afterLostCreate);
    expect(scene.simulator.state.counts.dossiers).toBe(1);
    expect(held()?.updates).toBe(1);
  });

  test("a create that never arrived is created by the next try", async () => {
    scene.simulator.dial.set({ fault: "close", service: speaker.create, times: 1 });
    expect(await scene.perform(put())).toMatchObject({ delivered: false, fault: { outcome: "unknown" } });
    await deliver(put({}, false, true));
    expect(held()?.updates).toBe(0);
  });

  test("a step whose answer was lost may show twice, and the portal counts the repeat", async () => {
    await deliver(put());
    scene.simulator.dial.set({ fault: "close", taken: true, service: speaker.step, times: 1 });
    expect(await scene.perform(step())).toMatchObject({ delivered: false, fault: { outcome: "unknown" } });
    await deliver(step());
    expect(scene.simulator.state.counts).toMatchObject({ steps: 2, repeatedSteps: 1 });
  });

  test("a create of a dossier that is there ends as an update", async () => {
    await deliver(put(), put({ status: "processing" }));
    expect(held()).toMatchObject({ updates: 1, status: "4" });
  });

  test("the status of a portal-born dossier arrives, and newly filed needs no message", async () => {
    scene.simulator.addPortalDossier({ MaHoSo: portalCode, MaTTHC: "2.000591" });
    await deliver(status("submitted"));
    expect(scene.last().attempts).toEqual([]);
    await deliver(status("accepted"), status("supplement-required"), status("returned"));
    const statuses = scene.simulator.state.portalDossiers.get(portalCode)?.statuses ?? [];
    expect(statuses.map(({ data }) => data.TrangThai)).toEqual(speaker.portalBorn);
  });

  test("a readable refusal is final, with the portal's own code", async () => {
    const outcome = await scene.perform(step());
    expect(outcome).toMatchObject({ delivered: false, fault: { outcome: "refused", code: "upstream_rejected" } });
    expect(outcome.delivered ? "" : outcome.fault.platformCode).toMatch(/^-?\d+$/u);
    expect(outcome.delivered ? "" : outcome.fault.message).toContain("chưa được đồng bộ");
  });

  test("a procedure that the portal does not know is a refusal", async () => {
    expect(await scene.perform(put({ procedureCode: UNKNOWN_PROCEDURE }))).toMatchObject({
      delivered: false,
      fault: { outcome: "refused", code: "upstream_rejected" },
    });
    expect(held()).toBeUndefined();
    expect(kinds().includes("send")).toBe(!speaker.readsProcedures);
  });

  const broken: [FaultRule, string][] = [
    [{ fault: "html" }, "upstream_malformed"],
    [{ fault: "empty" }, "upstream_malformed"],
    [{ fault: "truncated" }, "upstream_malformed"],
    [{ fault: "oversized", bytes: 2 * 1024 * 1024 }, "upstream_malformed"],
    [{ fault: "http-status", status: 500 }, "upstream_unavailable"],
    [{ fault: "http-status", status: 502 }, "upstream_unavailable"],
    [{ fault: "http-status", status: 408 }, "upstream_timeout"],
    [{ fault: "close" }, "upstream_unavailable"],
  ];
  test.each(broken)("a step that meets %o has an unknown outcome, %s, and is sent once", async (rule, fault) => {
    await deliver(put());
    scene.simulator.dial.set({ ...rule, service: speaker.step });
    expect(await scene.perform(step())).toMatchObject({ delivered: false, fault: { outcome: "unknown", code: fault } });
    expect(kinds().filter((kind) => kind === "send")).toHaveLength(1);
  });

  test.each(broken)(
    "what comes before the first message and meets %o is transient, and nothing is sent",
    async (rule) => {
      scene.simulator.dial.set({ ...rule, service: speaker.hasSession ? "login" : "LayThuTuc" });
      expect(await scene.perform(put())).toMatchObject({ delivered: false, fault: { outcome: "transient" } });
      expect(kinds()).not.toContain("send");
      expect(held()).toBeUndefined();
    },
  );

  test("an address that leads nowhere (HTTP 404) is tried again", async () => {
    await deliver(put());
    scene.simulator.dial.set({ fault: "http-status", status: 404, service: speaker.step });
    const [outcome, fault] = speaker.notFound;
    expect(await scene.perform(step())).toMatchObject({ delivered: false, fault: { outcome, code: fault } });
  });

  test("a busy portal says how long to wait", async () => {
    scene.simulator.dial.set({ fault: "http-status", status: 429, retryAfterSeconds: 17 });
    expect(await scene.perform(put())).toMatchObject({
      delivered: false,
      fault: { outcome: "transient", retryAfterSeconds: 17 },
    });
  });

  test.each([{}, { status: 401 }])("a session that dies (%o) is renewed once, unnoticed", async (how) => {
    await deliver(put());
    scene.simulator.dial.set({ fault: "session-expired", times: 1, ...how, service: speaker.step });
    const outcome = await scene.perform(step());
    if (speaker.hasSession) {
      expect(outcome).toEqual(delivered);
      expect(kinds()).toEqual(["send", "login", "send"]);
    } else {
      // There is none to renew: 401 is a matter of the settings, and words about a session are a refusal like others.
      expect(outcome).toMatchObject({
        delivered: false,
        fault: { outcome: "status" in how ? "transient" : "refused" },
      });
      expect(kinds()).toEqual(["send"]);
    }
  });

  test("sessions that keep dying are a transient fault, after two messages at most", async () => {
    await deliver(put());
    scene.simulator.dial.set({ fault: "session-expired", status: 401 });
    expect(await scene.perform(step())).toMatchObject({ delivered: false, fault: { outcome: "transient" } });
    expect(kinds().filter((kind) => kind === "send").length).toBe(speaker.hasSession ? 2 : 1);
    expect(held()?.steps).toEqual([]);
  });

  test("wrong credentials are transient, point at the settings, and nothing takes effect", async () => {
    scene.reopen(speaker.wrongCredentials);
    const outcome = await scene.perform(step());
    expect(outcome).toMatchObject({ delivered: false, fault: { outcome: "transient", code: "upstream_unavailable" } });
    expect(outcome.delivered ? "" : outcome.fault.message).toContain("check the");
    const kept = JSON.stringify(
      scene.last().attempts.map(({ evidence, answerEvidence }) => [evidence, answerEvidence]),
    );
    expect(kept + JSON.stringify(outcome)).not.toContain("khong-phai");
  });

  test("texts over the profile's limits are refused at accept by our own field paths", () => {
    const of = (length: number) => "ạ".repeat(length);
    const file = (length: number) => [{ id: "1", name: of(length), url: "https://f.vn/1" }];
    const paths = (message: Message) => scene.adapter.check(message).map(({ field, code: what }) => `${field} ${what}`);
    expect(paths(step({ officer: { name: of(50) } }))).toEqual([]);
    expect(paths(step({ officer: { name: of(51) } }))).toEqual(["officer.name profile_limit"]);
    expect(paths(put({ submittedFiles: file(speaker.longestFileName), results: file(2000) }))).toEqual([]);
    expect(paths(put({ submittedFiles: file(speaker.longestFileName + 1), results: file(2001) }))).toEqual([
      "submittedFiles[0].name profile_limit",
      "results[0].name profile_limit",
    ]);
    // Where the profile has no field for these, it has no limit for them either.
    const words = { summary: of(1001), note: of(2001) };
    expect(paths(put(words))).toEqual(speaker.updatesWhole ? ["summary profile_limit", "note profile_limit"] : []);
  });

  test("each status goes out as its national code, as the wire writes numbers", async () => {
    await deliver(put(), ...DOSSIER_STATUSES.map((word) => step({ status: word })));
    expect(held()?.steps.map(({ step: { TrangThai } }) => TrangThai)).toEqual(
      DOSSIER_STATUSES.map((_, index) => String(index + 1)),
    );
    expect([...scene.simulator.unknownFields]).toEqual([]);
  });

  test("a status without a mapping is refused at accept and never sent", async () => {
    scene.reopen({ NATIONAL_PORTAL_STATUS_MAP: '{"withdrawn":null}' });
    for (const message of [put({ status: "withdrawn" }), step({ status: "withdrawn" }), status("withdrawn")]) {
      expect(scene.adapter.check(message).map(({ field, code: what }) => [field, what])).toEqual([
        ["status", "no_mapping"],
      ]);
      expect(await scene.perform(message)).toMatchObject({ fault: { outcome: "refused", code: "invalid_request" } });
      expect(scene.last().attempts).toEqual([]);
    }
  });

  test.each([
    ["2026-11-20T09:15:00+07:00", "20261120091500"],
    ["2026-12-31T17:00:00Z", "20270101000000"],
    ["2026-11-19T21:15:00.999-05:00", "20261120091500"],
  ])("the moment %s is the clock of Viet Nam at the portal", async (instant, wire) => {
    await deliver(put({ receivedAt: instant }), step({ occurredAt: instant }));
    expect(held()?.hoSo.NgayTiepNhan).toBe(wire);
    expect(held()?.steps[0]?.step.ThoiDiemXuLy).toBe(wire);
  });

  test("an absent moment is empty at the portal", async () => {
    const { submittedAt: _, ...rest } = dossier;
    const { startedAt: __, dueAt: ___, ...bare } = sampleEvent;
    await deliver(
      { operation: "dossier.put", dossierCode: code, dossier: rest, known: false, unknownOutcome: false },
      { operation: "dossier.step", dossierCode: code, event: bare },
    );
    expect(held()?.hoSo.NgayNopHoSo).toBe("");
    expect(held()?.steps[0]?.step).toMatchObject({ NgayBatDau: "", NgayKetThucTheoQuyDinh: "" });
  });

  test("fees arrive with their amount as text and the codes of when they are collected", async () => {
    const fee = { code: "P1", name: "Phí", kind: "fee", amount: 150_000 } as const;
    const fees: Dossier["fees"] = [
      { ...fee, collectedAt: "intake" },
      { ...fee, collectedAt: "supplement" },
      { ...fee, collectedAt: "result" },
    ];
    await deliver(put({ fees }));
    const list = held()?.hoSo.DanhSachLePhi ?? [];
    expect(list.map(({ Gia, HinhThucThu }) => [Gia, HinhThucThu])).toEqual([
      ["150000", "1"],
      ["150000", "2"],
      ["150000", "4"],
    ]);
  });

  test("the preview is the body that is sent first, without its secrets", async () => {
    await deliver(put());
    for (const message of [put({ status: "processing" }, true), step()]) {
      const preview = await scene.adapter.preview?.(message, scene.cache);
      await deliver(message);
      const sent = scene.last().attempts.find(({ kind }) => kind === "send");
      expect(preview).toEqual({ ok: true, value: sent?.evidence });
    }
  });

  test("what is kept of a call shows no person once it is masked, and no secret at all", async () => {
    await deliver(put(), step());
    const { attempts } = scene.last();
    await scene.perform(put());
    for (const { evidence, answerEvidence } of [...attempts, ...scene.last().attempts]) {
      const shown = [evidence, answerEvidence ?? ""].map((body) => maskBody(body, scene.adapter.publicFields)).join();
      for (const word of ["Trần Thị", "001099000001", "0900000000", "vidu@", "Lê Văn"])
        expect(shown).not.toContain(word);
      for (const secret of ["session-1", "demo-portal-password", "demo-facade-token", "demo-connector-secret"]) {
        expect(evidence + (answerEvidence ?? "")).not.toContain(secret);
      }
    }
  });

  test("an exchange of another platform is refused before anything is sent", async () => {
    const event = {
      id: "e",
      type: "alarm.raised",
      occurredAt: "2026-11-20T02:15:00Z",
      subject: "s",
      agency: "H04",
      data: {},
    } as const;
    const strange: Message = { operation: "webhook.deliver", webhookId: "w", event };
    expect(await scene.perform(strange)).toMatchObject({ delivered: false, fault: { outcome: "refused" } });
    expect(scene.last().attempts).toEqual([]);
  });
});
