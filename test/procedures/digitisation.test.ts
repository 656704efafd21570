import { afterAll, beforeAll, expect, test } from "vitest";
import type { DigitisationReport } from "../../contracts/services/digitisation.ts";
import { sql } from "../../src/database/sql.ts";
import { dossierBody } from "../gateway-scene.ts";
import { codeOf } from "../http/api-scene.ts";
import { openProcedureScene, type ProcedureScene } from "./procedure-scene.ts";

const FILE = { id: "1", name: "to-khai.pdf", url: "https://files.example.vn/1" };
const RESULT = { id: "r", name: "Giấy chứng nhận", url: "https://files.example.vn/r" };
const NOVEMBER = "from=2026-11-01&to=2026-11-30";

let scene: ProcedureScene;
beforeAll(async () => {
  scene = await openProcedureScene();
  await scene.refresh();
});
afterAll(() => scene?.close());

const put = async (number: number, parts: Readonly<Record<string, unknown>>, client?: string): Promise<void> => {
  const body = dossierBody({ dueAt: undefined, ...parts });
  const answer = await scene.call("PUT", `/v1/dossiers/${codeOf(number)}`, body, { ...(client && { client }) });
  expect(answer.status).toBe(202);
};

const report = async (query = NOVEMBER, client?: string) =>
  (
    await scene.call<DigitisationReport>("GET", `/v1/reports/digitisation?${query}`, undefined, {
      ...(client && { client }),
    })
  ).body;

const rate = (met: number, counted: number) => ({
  counted,
  met,
  percent: counted === 0 ? null : Math.round((met / counted) * 10_000) / 100,
});

test("a period without dossiers has no rate", async () => {
  const empty = await report("from=2026-01-01&to=2026-01-31");
  expect(empty).toMatchObject({ dossiers: 0, unknown: 0, policies: [], procedures: [] });
  expect(empty.before).toEqual({ eResult: rate(0, 0), digitised: rate(0, 0) });
  expect([empty.from, empty.to]).toEqual(["2025-12-31T17:00:00.000Z", "2026-01-31T17:00:00.000Z"]);
});

test("notices without a result pull the rate down as put, and no longer by the default policy", async () => {
  for (const n of [1, 2, 3]) await put(n, { procedureCode: "2.000033", submittedFiles: [FILE] });
  await put(4, { submittedFiles: [FILE], results: [RESULT] });
  await put(5, { submittedFiles: [{ ...FILE, deleted: true }], results: [RESULT] });
  const found = await report();
  expect(found.before).toEqual({ eResult: rate(2, 5), digitised: rate(1, 5) });
  expect(found.after).toEqual({ eResult: rate(2, 2), digitised: rate(4, 5) });
  expect(found.policies.map(({ policy, procedures, dossiers }) => [policy, procedures, dossiers])).toEqual([
    ["exclude-by-metadata", 1, 3],
    ["none", 1, 2],
  ]);
  expect(found.procedures).toHaveLength(2);
  expect(found.definition).toContain("4.2");
});

test("each policy is shown before and after, and beside what the others would give", async () => {
  await scene.setPolicy("2.001474", "mark-digitised");
  await put(6, { procedureCode: "2.001474" });
  await scene.setPolicy("2.000609", "do-not-sync");
  await put(7, { procedureCode: "2.000609", submittedFiles: [FILE] });
  await scene.setPolicy("1.013001", "auto-acknowledgement");
  await put(8, { procedureCode: "1.013001", submittedFiles: [FILE] });
  await put(9, { procedureCode: "1.013001", submittedFiles: [FILE], status: "submitted" });
  const found = await report();
  const of = (policy: string) => found.policies.find((one) => one.policy === policy);
  expect(of("mark-digitised")).toMatchObject({
    before: { eResult: rate(0, 1), digitised: rate(0, 1) },
    after: { eResult: rate(0, 1), digitised: rate(1, 1) },
  });
  expect(of("do-not-sync")).toMatchObject({
    before: { eResult: rate(0, 1), digitised: rate(0, 1) },
    after: { eResult: rate(0, 0), digitised: rate(0, 0) },
  });
  expect(of("auto-acknowledgement")).toMatchObject({
    before: { eResult: rate(0, 2), digitised: rate(0, 2) },
    after: { eResult: rate(1, 2), digitised: rate(1, 2) },
  });
  const compared = new Map(found.comparison.map(({ policy, rates }) => [policy, rates]));
  expect(compared.get("none")).toEqual(found.before);
  expect(compared.get("do-not-sync")?.eResult).toEqual(rate(2, 2));
  expect(compared.get("auto-acknowledgement")?.eResult).toEqual(rate(9, 9));
  expect(compared.get("mark-digitised")?.digitised).toEqual(rate(8, 9));
});

test("what was sent under a policy counts by it, also after another one was put", async () => {
  const before = await report();
  await scene.setPolicy("2.001474", "none");
  expect((await report()).policies).toEqual(before.policies);
});

test("the day of receipt in Vietnam decides, and only dossiers of one's own agency count", async () => {
  await put(20, { receivedAt: "2026-12-01T00:00:00+07:00" }, "health");
  await put(21, { receivedAt: "2026-11-30T23:59:59+07:00" }, "health");
  expect((await report(NOVEMBER, "health")).dossiers).toBe(1);
  expect((await report("from=2026-12-01&to=2026-12-01", "health")).dossiers).toBe(1);
  expect((await report(NOVEMBER, "industry")).dossiers).toBe(0);
});

test("dossiers of before procedures were known are told apart and not judged", async () => {
  await scene.database.execute(sql`update dossiers set procedure_facts = null where code = ${codeOf(21)}`);
  expect(await report(NOVEMBER, "health")).toMatchObject({ dossiers: 0, unknown: 1 });
});

test("a period must have both ends, in their order, and no more than two years between them", async () => {
  const path = "/v1/reports/digitisation";
  await scene.refuses("GET", path, undefined, ["from required", "to required"]);
  await scene.refuses("GET", `${path}?from=2026-11-02&to=2026-11-01T00:00:00%2B07:00`, undefined, ["to out_of_range"]);
  await scene.refuses("GET", `${path}?from=2020-01-01&to=2026-11-01`, undefined, ["to out_of_range"]);
  await scene.refuses("GET", `${path}?from=01/11/2026&to=2026-13-01&by=x`, undefined, [
    "by unknown_parameter",
    "from invalid_instant",
    "to invalid_date",
  ]);
});
