import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DOSSIER_STATUSES } from "../../contracts/services/dossier.ts";
import type { DossierAccepted, DossierDetail, EventAccepted } from "../../contracts/services/dossier-views.ts";
import { LIFE_CYCLE_RULES } from "../../contracts/services/life-cycle.ts";
import { dossierBody, eventBody } from "../gateway-scene.ts";
import { type ApiScene, openApiScene } from "../http/api-scene.ts";

/** When, which kind, to which status, with which slip. */
type Walk = readonly (readonly [
  at: string,
  kind: string,
  status: string,
  form: string | null,
  more?: Record<string, unknown>,
])[];

const instant = (moment: string): string => `${moment.replace(" ", "T")}:00+07:00`;

describe.for(["mapi", "lgsp-facade", "connector-v1"] as const)("spoken in %s", (profile) => {
  let scene: ApiScene;

  beforeAll(async () => {
    scene = await openApiScene(profile === "mapi" ? {} : { profile });
    const rules = Object.fromEntries(LIFE_CYCLE_RULES.map((rule) => [rule, "refuse"]));
    await scene.call("PUT", "/v1/life-cycle", { rules });
  });
  afterAll(() => scene.close());

  /** Puts a dossier as filed online and walks it, each step once the one before is accepted; nothing may be warned of. */
  const walk = async (code: string, received: string, steps: Walk): Promise<void> => {
    const path = `/v1/dossiers/${code}`;
    const submittedAt = new Date(Date.parse(instant(received)) - 20 * 60_000).toISOString();
    const dates = { submittedAt, receivedAt: instant(received), dueAt: "2026-02-24T17:00:00+07:00" };
    const first = await scene.call<DossierAccepted>("PUT", path, dossierBody({ status: "submitted", ...dates }));
    // A profile that carries less says so, and nothing else is unusual.
    const said = first.body.warnings.filter((warning) => warning.code !== "not_carried");
    expect([first.status, said]).toEqual([202, []]);
    for (const [i, [moment, kind, status, form, more]] of steps.entries()) {
      const occurredAt = instant(moment);
      const slip = form === null ? {} : { slip: { form, number: `${i}/P`, issuedAt: occurredAt } };
      const body = eventBody(`e${i}`, { kind, status, occurredAt, ...slip, ...more });
      const answer = await scene.call<EventAccepted>("POST", `${path}/events`, body);
      expect([moment, kind, status, answer.status, answer.body.warnings]).toEqual([moment, kind, status, 202, []]);
    }
  };

  const read = async (code: string) => (await scene.call<DossierDetail>("GET", `/v1/dossiers/${code}`)).body;
  const steps = (code: string) => scene.portal.state.dossiers.get(code)?.steps.map(({ step }) => step.TrangThai);

  test("a dossier goes its whole way over Tết, every slip in its place, before rules that refuse everything unusual", async () => {
    const code = "H04.15-260212-0001";
    // Thursday 12 February, after 15:00; Tết 2026 is off from 14 to 22 February.
    await walk(code, "2026-02-12 15:10", [
      ["2026-02-12 15:20", "supplement-request", "supplement-required", "02"],
      ["2026-02-12 16:00", "supplement-received", "submitted", null],
      ["2026-02-12 16:10", "step", "accepted", "01"],
      ["2026-02-12 16:15", "fee-request", "payment-required", null],
      ["2026-02-12 16:40", "step", "accepted", null],
      ["2026-02-13 08:30", "transfer", "processing", "06"],
      [
        "2026-02-23 17:00",
        "extension",
        "processing",
        "04",
        { reason: "chờ ý kiến", newDueAt: "2026-02-27T17:00:00+07:00" },
      ],
      ["2026-02-24 09:00", "withdrawal", "withdrawn", null],
      ["2026-02-24 10:00", "step", "processing", null],
      ["2026-02-25 16:00", "step", "finished", "07"],
      ["2026-02-26 08:00", "step", "returned", null],
    ]);
    await scene.drained();
    const { status, timeline } = await read(code);
    expect([status, timeline.length]).toEqual(["returned", 11]);
    // The portal has every step, in the national codes (national-portal section 3.1) and in the order accepted.
    expect(steps(code)).toEqual(["5", "1", "2", "6", "2", "4", "4", "7", "4", "9", "10"]);
    expect(scene.portal.state.dossiers.get(code)?.status).toBe("10");
  });

  test("the three other ends are reached as well: not accepted, stopped on request, refused after review", async () => {
    await walk("H04.15-260212-0002", "2026-02-12 08:00", [
      ["2026-02-12 09:00", "refusal", "not-accepted", "03", { reason: "không thuộc thẩm quyền" }],
    ]);
    await walk("H04.15-260212-0003", "2026-02-12 08:00", [
      ["2026-02-12 09:00", "step", "accepted", "01"],
      ["2026-02-12 10:00", "withdrawal", "withdrawn", null],
      ["2026-02-12 11:00", "stop", "stopped", "05", { reason: "người nộp rút hồ sơ" }],
    ]);
    await walk("H04.15-260212-0004", "2026-02-12 08:00", [
      ["2026-02-12 09:00", "step", "accepted", "01"],
      ["2026-02-12 17:00", "transfer", "processing", "06"],
      ["2026-02-24 10:00", "refusal", "stopped", "03", { reason: "không đủ điều kiện" }],
    ]);
    await scene.drained();
    const ends = ["H04.15-260212-0002", "H04.15-260212-0003", "H04.15-260212-0004"].map(
      async (c) => (await read(c)).status,
    );
    expect(await Promise.all(ends)).toEqual(["not-accepted", "stopped", "stopped"]);
    expect(steps("H04.15-260212-0002")).toEqual(["3"]);
    expect(steps("H04.15-260212-0003")).toEqual(["2", "7", "8"]);
    expect(steps("H04.15-260212-0004")).toEqual(["2", "4", "8"]);
  });

  test("between them the walks passed through all ten statuses", async () => {
    const codes = ["H04.15-260212-0001", "H04.15-260212-0002", "H04.15-260212-0003"];
    const details = await Promise.all(codes.map(read));
    const passed = new Set(
      details.flatMap(({ dossier, timeline }) => [dossier.status, ...timeline.map((e) => e.status)]),
    );
    expect([...passed].toSorted()).toEqual([...DOSSIER_STATUSES].toSorted());
  });

  test("one dossier passes through all ten statuses over Tết with its slips, where the rules only warn", async () => {
    const rulesOf = (level: string) => Object.fromEntries(LIFE_CYCLE_RULES.map((rule) => [rule, level]));
    const code = "H04.15-260212-0006";
    const path = `/v1/dossiers/${code}`;
    const steps10: Walk = [
      ["2026-02-12 15:20", "refusal", "not-accepted", "03", { reason: "thiếu giấy tờ" }],
      ["2026-02-12 15:40", "supplement-request", "supplement-required", "02"],
      ["2026-02-12 16:10", "step", "accepted", "01"],
      ["2026-02-12 16:15", "fee-request", "payment-required", null],
      ["2026-02-13 08:30", "transfer", "processing", "06"],
      ["2026-02-23 09:00", "withdrawal", "withdrawn", null],
      ["2026-02-23 10:00", "stop", "stopped", "05", { reason: "người nộp rút hồ sơ" }],
      ["2026-02-24 16:00", "step", "finished", "07"],
      ["2026-02-25 08:00", "step", "returned", null],
    ];
    await scene.call("PUT", "/v1/life-cycle", { rules: rulesOf("warn") });
    const dates = { submittedAt: instant("2026-02-12 15:00"), receivedAt: instant("2026-02-12 15:10") };
    const body = dossierBody({ status: "submitted", ...dates, dueAt: "2026-02-24T17:00:00+07:00" });
    expect((await scene.call("PUT", path, body)).status).toBe(202);
    for (const [i, [moment, kind, status, form, more]] of steps10.entries()) {
      const occurredAt = instant(moment);
      const slip = form === null ? {} : { slip: { form, number: `${i}/P`, issuedAt: occurredAt } };
      const event = eventBody(`e${i}`, { kind, status, occurredAt, ...slip, ...more });
      expect((await scene.call("POST", `${path}/events`, event)).status).toBe(202);
    }
    await scene.call("PUT", "/v1/life-cycle", { rules: rulesOf("refuse") });
    await scene.drained();
    const { dossier, timeline } = await read(code);
    const passed = [dossier.status, ...timeline.map((event) => event.status)];
    expect(passed.toSorted()).toEqual([...DOSSIER_STATUSES].toSorted());
    expect(timeline.flatMap(({ slip }) => (slip === undefined ? [] : [slip.form])).toSorted()).toEqual([
      "01",
      "02",
      "03",
      "05",
      "06",
      "07",
    ]);
    expect(steps(code)).toEqual(["3", "5", "2", "6", "4", "7", "8", "9", "10"]);
    expect(scene.portal.state.dossiers.get(code)?.hoSo.TrangThaiHoSo).toBe("1");
  });

  test("the same way a day later is refused where it comes too late", async () => {
    const code = "H04.15-260212-0005";
    await walk(code, "2026-02-12 15:10", [["2026-02-12 16:10", "step", "accepted", "01"]]);
    const late = eventBody("late", {
      kind: "transfer",
      status: "processing",
      occurredAt: "2026-02-13T08:30:01+07:00",
    });
    const refused = await scene.storesNothing(() => scene.call("POST", `/v1/dossiers/${code}/events`, late));
    expect([refused.status, refused.body.code, refused.body.errors?.map((error) => error.code)]).toEqual([
      422,
      "lifecycle_refused",
      ["late_transfer"],
    ]);
  });
});
