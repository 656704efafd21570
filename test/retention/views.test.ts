import { afterAll, beforeAll, expect, test } from "vitest";
import type { CorrectionView } from "../../contracts/services/corrections.ts";
import type { DossierAccepted, DossierDetail, EventAccepted } from "../../contracts/services/dossier-views.ts";
import type { EntryDetail, LedgerSummary } from "../../contracts/services/ledger.ts";
import type { ReplayDryRun, ReplayView } from "../../contracts/services/replays.ts";
import { attemptLog } from "../../src/console/pages/attempt-log.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { openMonths } from "../../src/retention/open-months.ts";
import { stepRetention } from "../../src/retention/step-retention.ts";
import { dossierBody, eventBody } from "../gateway-scene.ts";
import { type ApiScene, codeOf, openApiScene } from "../http/api-scene.ts";
import type { EntryPage } from "../http/ledger-calls.ts";
import { get, isOver, post, refuseDossiers, replayUntil } from "../replays/replay-scene.ts";
import { daysAfter, inMonths, POLICY } from "./history-scene.ts";

let scene: ApiScene;
/** The exchanges of one dossier's put and step, and of another's put that failed and was corrected. */
let put: string;
let step: string;
let corrected: string;
let correction: string;
/** A dossier that the portal gave birth to: no platform is known to hold it but by its entries. */
const BORN = { portalCode: "G22.99-261119-000123", origin: "national-portal" };

const idOf = ({ exchanges }: DossierAccepted | EventAccepted): string => exchanges[0]?.id ?? "";
const dossierOf = async (n: number) => (await scene.call<DossierDetail>("GET", `/v1/dossiers/${codeOf(n)}`)).body;
const entryOf = async (id: string) => (await scene.call<EntryDetail>("GET", `/v1/ledger/${id}`)).body;
const summary = async () => (await scene.call<LedgerSummary>("GET", "/v1/ledger/summary")).body;

const retain = async (at: Date): Promise<void> => {
  const parts = { database: scene.database, policy: POLICY };
  while (await stepRetention(parts, at));
  while (await stepRetention(parts, daysAfter(at, 1)));
};

beforeAll(async () => {
  scene = await openApiScene();
  put = idOf((await scene.call<DossierAccepted>("PUT", `/v1/dossiers/${codeOf(1)}`, dossierBody())).body);
  const path = `/v1/dossiers/${codeOf(1)}/events`;
  step = idOf((await scene.call<EventAccepted>("POST", path, eventBody("e1"))).body);
  await scene.drained();
  refuseDossiers(scene, 1);
  const industry = { client: "industry" };
  corrected = idOf(
    (await scene.call<DossierAccepted>("PUT", `/v1/dossiers/${codeOf(2)}`, dossierBody(), industry)).body,
  );
  await scene.drained();
  const proposal = { payload: dossierBody({ note: "đã sửa" }), reason: "thiếu giấy tờ" };
  const proposed = await post<CorrectionView>(scene, `/v1/ledger/${corrected}/corrections`, proposal, 202, industry);
  correction = proposed.id;
  await post(scene, `/v1/corrections/${correction}/approve`, {}, 200);
  await scene.drained();
  scene.portal.addPortalDossier({ MaHoSo: BORN.portalCode, MaTTHC: "2.000591" });
  await scene.call("PUT", `/v1/dossiers/${codeOf(3)}`, dossierBody(BORN));
  await scene.drained();
  await openMonths(scene.database, inMonths(1));
  await openMonths(scene.database, inMonths(1));
});
afterAll(() => scene.close());

test("entries whose bodies are erased are listed, read and counted as before, and say that they are", async () => {
  const list = async () => (await scene.call<EntryPage>("GET", "/v1/ledger?limit=200")).body.items;
  const before = { list: await list(), sums: await summary(), put: await entryOf(put), dossier: await dossierOf(1) };
  expect(before.put.attemptLog.at(-1)?.request).not.toBe("");
  expect(before.put.bodiesErasedAt).toBeUndefined();
  const at = daysAfter(inMonths(1), 91);
  await retain(at);
  const [left] = await rows(
    scene.database,
    sql`select (select count(payload)::int from entries) as payloads, (select count(evidence)::int from attempts) as evidence,
               (select count(payload)::int from corrections) as proposals`,
  );
  expect(left).toEqual({ payloads: 0, evidence: 0, proposals: 0 });
  expect(await list()).toEqual(before.list);
  expect(await summary()).toEqual(before.sums);
  expect(await dossierOf(1)).toEqual(before.dossier);
  expect(await entryOf(put)).toEqual({
    ...before.put,
    bodiesErasedAt: daysAfter(at, 1).toISOString(),
    attemptLog: before.put.attemptLog.map((attempt) => ({ ...attempt, request: "", response: "" })),
  });
  const shown = await entryOf(put);
  const page = String(attemptLog(shown.attemptLog, shown.bodiesErasedAt));
  expect(page).toContain("vì hết thời hạn lưu");
  expect(page).not.toContain("<h4>Đã gửi");
  const { status, body } = await scene.call<CorrectionView>("GET", `/v1/corrections/${correction}`);
  expect(status).toBe(200);
  expect(body).toMatchObject({ state: "approved", reason: "thiếu giấy tờ", difference: [] });
});

test("a dry run says that what was sent is erased, and what cannot be sent again", async () => {
  const dryRun = (id: string) =>
    post<ReplayDryRun>(scene, "/v1/ledger/replays", { filter: { id: [id] }, allowRepeats: true, reason: "thử" }, 200, {
      headers: { "accept-language": "en" },
    });
  const ofPut = await dryRun(put);
  expect(ofPut).toMatchObject({ count: 1, examples: [{ problem: expect.stringContaining("was erased") }] });
  expect(ofPut.examples[0]?.difference.length).toBeGreaterThan(0);
  for (const { then, now } of ofPut.examples[0]?.difference ?? []) {
    expect(then).toBeNull();
    expect(now).not.toBeNull();
  }
  const ofStep = await dryRun(step);
  expect(ofStep.examples).toEqual([
    { id: step, difference: [], problem: expect.stringContaining("cannot be sent again") },
  ]);
});

test("a replay sends a dossier as it is now, and leaves out a step that carries nothing any more", async () => {
  const request = { filter: { id: [put, step] }, dryRun: false, canary: 0, allowRepeats: true, reason: "gửi lại" };
  const { id } = await post<ReplayView>(scene, "/v1/ledger/replays", request, 202);
  const replay = await replayUntil(scene, id, isOver);
  expect(replay).toMatchObject({ state: "finished", selected: 2, released: 1, delivered: 1, failed: 0, skipped: 1 });
  await scene.drained();
  const { items } = await get<EntryPage>(scene, `/v1/ledger?dossierCode=${codeOf(1)}`);
  const again = items.find(({ replayOf }) => replayOf === put);
  expect(again).toMatchObject({ state: "delivered", operation: "dossier.put" });
  expect((await entryOf(again?.id ?? "")).attemptLog.at(-1)?.request).toContain(codeOf(1));
  expect(items.filter(({ operation }) => operation === "dossier.step")).toHaveLength(1);
});

test("dossiers stand towards the portal as before when their exchanges are dropped, and can be put again", async () => {
  const before = [await dossierOf(1), await dossierOf(3)];
  expect(before[1]?.sync).toMatchObject([{ state: "synced" }]);
  const sums = await summary();
  for (const month of [2, 3]) await openMonths(scene.database, inMonths(month));
  await retain(daysAfter(inMonths(3), 402));
  expect(await rows(scene.database, sql`select 1 from entries`)).toEqual([]);
  expect(await summary()).toEqual(sums);
  expect([await dossierOf(1), await dossierOf(3)]).toEqual(before);
  const { body } = await scene.call<EntryPage>("GET", `/v1/dossiers?sync=synced&limit=200`);
  expect(body.items).toHaveLength(3);
  expect((await scene.call("GET", `/v1/ledger/${put}`)).status).toBe(404);
  const same = await scene.call<EventAccepted>("POST", `/v1/dossiers/${codeOf(1)}/events`, eventBody("e1"));
  expect(idOf(same.body)).toBe(step);
  const anew = await scene.call<DossierAccepted>("PUT", `/v1/dossiers/${codeOf(2)}`, dossierBody());
  expect(anew.status).toBe(202);
  await scene.drained();
  expect(await entryOf(idOf(anew.body))).toMatchObject({ state: "delivered" });
});

test("the figures for Prometheus say how far the books are out of balance", async () => {
  const figures = async () => (await scene.send<string>("/metrics")).text;
  const line = /^gateway_ledger_imbalance\{direction="out",platform="national-portal"\} (-?\d+)$/mu;
  expect(line.exec(await figures())?.[1]).toBe("0");
  await scene.database.execute(sql`
    insert into tallies values ('H04', '2026-01-01', 'out', 'national-portal', 'H04', 'accepted', 2)`);
  expect(line.exec(await figures())?.[1]).toBe("2");
});
