import { afterAll, beforeAll, expect, test } from "vitest";
import type { EntryView } from "../../contracts/services/ledger.ts";
import type { DiscrepancyView, Repairs } from "../../contracts/services/reconciliations.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { dossierBody, eventBody } from "../gateway-scene.ts";
import { type ApiScene, openApiScene } from "../http/api-scene.ts";
import { codeOf, reconcileCalls, type Seed, seedHere, seedThere } from "./reconcile-scene.ts";

let scene: ApiScene;
const { run, list, repaired } = reconcileCalls(() => scene);

beforeAll(async () => {
  scene = await openApiScene({
    settings: { NATIONAL_PORTAL_LOOKUP_STATUS_KEY: "TRANGTHAI" },
    portalOptions: { lookupStatusKey: "TRANGTHAI" },
  });
});
afterAll(() => scene.close());

const seed = async (seeds: readonly Seed[]): Promise<void> => {
  await seedHere(scene, seeds);
  await seedThere(scene, seeds);
};

const about = (...numbers: number[]) => ({ filter: { dossierCode: numbers.map(codeOf) } });

/** The one discrepancy about a dossier. */
const only = async (n: number): Promise<DiscrepancyView> => {
  const [found, ...others] = await list(`&dossierCode=${codeOf(n)}`);
  if (found === undefined || others.length > 0) throw new Error(`not exactly one discrepancy about ${codeOf(n)}`);
  return found;
};

const act = (id: string, what: string, body?: unknown, client = "province") =>
  scene.call<DiscrepancyView>("POST", `/v1/discrepancies/${id}/${what}`, body, { client });

test("a dossier that the portal lost is created there anew, in the status that its last step gave it", async () => {
  const code = codeOf(1);
  await scene.call("PUT", `/v1/dossiers/${code}`, dossierBody());
  await scene.call("POST", `/v1/dossiers/${code}/events`, eventBody("e1", { status: "processing" }));
  await scene.drained();
  scene.portal.clear();
  const first = await run(about(1));
  expect(first).toMatchObject({ repairing: 0, repairWithheld: false, found: { "missing-at-portal": 1 } });
  const found = await only(1);
  expect(found).toMatchObject({
    state: "open",
    kind: "missing-at-portal",
    ours: "4",
    proposedRepair: "put",
    repairs: 0,
    reconciliation: first.id,
  });
  expect(found.ageSeconds).toBeLessThan(60);

  const answer = await act(found.id, "repair");
  expect([answer.status, answer.body.state, answer.body.repairs]).toEqual([202, "repairing", 1]);
  await scene.drained();
  expect(scene.portal.state.dossiers.get(code)).toMatchObject({ status: "4", updates: 0 });
  const entry = await scene.call<EntryView>("GET", `/v1/ledger/${answer.body.exchange}`);
  expect(entry.body).toMatchObject({ operation: "dossier.put", state: "delivered", client: "province", priority: 2 });

  expect(await run(about(1))).toMatchObject({ equal: 1, closed: 1 });
  const ended = await only(1);
  expect(ended).toMatchObject({ state: "repaired", exchange: answer.body.exchange });
  expect(ended.closedAt).toBeDefined();
  expect((await act(found.id, "repair")).status).toBe(409);
});

test("a difference that ended by itself is gone, and one that comes back is a new one", async () => {
  await seed([{ n: 11, ours: "accepted", theirs: "1" }]);
  await run(about(11));
  const first = await only(11);
  await seedThere(scene, [{ n: 11, ours: "accepted", theirs: "2" }]);
  await run(about(11));
  expect((await only(11)).state).toBe("gone");
  await seedThere(scene, [{ n: 11, ours: "accepted", theirs: "9" }]);
  await run(about(11));
  const [second] = await list(`&dossierCode=${codeOf(11)}&state=open`);
  expect(second?.id).not.toBe(first.id);
  expect(second).toMatchObject({ ours: "2", theirs: "9" });
});

test("a lasting difference is one discrepancy that is seen again", async () => {
  await seed([{ n: 21, ours: "accepted", theirs: "1" }]);
  await run(about(21));
  await scene.database.execute(
    sql`update discrepancies set first_seen_at = now() - interval '3 days', last_seen_at = now() - interval '1 day'
        where dossier_code = ${codeOf(21)}`,
  );
  const { id } = await run(about(21));
  const found = await only(21);
  expect(found).toMatchObject({ state: "open", reconciliation: id });
  expect(Math.round(found.ageSeconds / 86_400)).toBe(3);
  expect(Date.now() - Date.parse(found.lastSeenAt)).toBeLessThan(60_000);
});

test("a dismissed one stays dismissed while it is the same, and is open again when it changes", async () => {
  await seed([{ n: 31, ours: "accepted", theirs: "1" }]);
  await run(about(31));
  const { id } = await only(31);
  expect((await act(id, "dismiss", {})).status).toBe(400);
  const answer = await act(id, "dismiss", { reason: "Hồ sơ thử nghiệm" });
  expect(answer.body).toMatchObject({ state: "dismissed", reason: "Hồ sơ thử nghiệm", decidedBy: "province" });
  expect((await act(id, "dismiss", { reason: "again" })).status).toBe(409);
  await run(about(31));
  expect((await only(31)).state).toBe("dismissed");
  await seedThere(scene, [{ n: 31, ours: "accepted", theirs: "5" }]);
  await run(about(31));
  expect(await only(31)).toMatchObject({ id, state: "open", theirs: "5" });
  const [stored] = await rows<{ reason: Buffer }>(
    scene.database,
    sql`select reason from discrepancies where id = ${id}::bigint`,
  );
  expect(Buffer.from(stored?.reason ?? []).includes("Hồ sơ thử nghiệm")).toBe(false);
});

test("a repair whose exchange is cancelled leaves the difference open", async () => {
  await seed([{ n: 41, ours: "accepted", theirs: "1" }]);
  await run(about(41));
  await scene.stopDispatch();
  const { id } = await only(41);
  const { body } = await act(id, "repair");
  await scene.call("POST", `/v1/ledger/${body.exchange}/cancel`, { reason: "Không gửi" });
  scene.startDispatch();
  await run(about(41));
  expect(await only(41)).toMatchObject({ id, state: "open", repairs: 1 });
});

test("nothing is repaired whose exchanges are on their way, and nothing that only the portal has", async () => {
  await seed([{ n: 51, ours: "accepted", theirs: "1" }]);
  await run(about(51));
  const { id } = await only(51);
  await scene.stopDispatch();
  await scene.call("PUT", `/v1/dossiers/${codeOf(51)}`, dossierBody({ status: "finished" }));
  expect((await act(id, "repair")).status).toBe(409);
  scene.startDispatch();
  await scene.drained();
  const [stranger] = await rows<{ id: string }>(
    scene.database,
    sql`insert into discrepancies (tenant, platform, kind, dossier_code, agency, run_id)
        values ('H04', 'national-portal', 'missing-here', 'G22.99-261101-0001', 'H04', 1) returning id`,
  );
  const answer = await act(stranger?.id ?? "", "repair");
  expect([answer.status, (answer.body as unknown as { code: string }).code]).toEqual([409, "conflict"]);
});

test("many are repaired by filter: first a dry run, then through the ledger, never what only the portal has", async () => {
  const seeds = Array.from({ length: 45 }, (_, i): Seed => ({ n: 100 + i, ours: "processing", theirs: "2" }));
  await seed(seeds);
  const { id } = await run(about(...seeds.map(({ n }) => n)));
  const body = { filter: { kind: ["status-differs", "missing-here"], reconciliation: [id] } };
  const dry = await scene.call<Repairs>("POST", "/v1/discrepancies/repairs", body);
  expect([dry.status, dry.body]).toEqual([200, { count: 45, byKind: { "status-differs": 45 }, leftOut: 0 }]);
  expect((await list(`&reconciliation=${id}&state=open`)).length).toBe(45);
  const headers = { "idempotency-key": "repair-1" };
  const real = { ...body, dryRun: false };
  const started = await scene.call<Repairs>("POST", "/v1/discrepancies/repairs", real, { headers });
  expect([started.status, started.body.count]).toEqual([202, 45]);
  const again = await scene.call<Repairs>("POST", "/v1/discrepancies/repairs", real, { headers });
  expect(again.body.count).toBe(45);
  await repaired();
  expect(seeds.map(({ n }) => scene.portal.state.dossiers.get(codeOf(n))?.status)).toEqual(seeds.map(() => "4"));
  expect(await run(about(...seeds.map(({ n }) => n)))).toMatchObject({ equal: 45, closed: 45 });
  const left = await scene.call<Repairs>("POST", "/v1/discrepancies/repairs", { filter: { kind: ["missing-here"] } });
  expect(left.body).toEqual({ count: 0, byKind: {}, leftOut: 1 });
});

test("an agency sees and repairs what it owns, starts runs of its own, and not what belongs to nobody here", async () => {
  await seed([
    { n: 301, ours: "accepted", theirs: null, agency: "H04.16" },
    { n: 302, ours: "accepted", theirs: null, agency: "H04.15" },
  ]);
  const ofAll = await run(about(301, 302));
  expect(ofAll.found["missing-at-portal"]).toBe(2);
  const look = (path: string, client: string) =>
    scene.call<{ items: { id: string }[] }>("GET", path, undefined, { client });
  const seen = await look(`/v1/discrepancies?dossierCode=${codeOf(301)},${codeOf(302)}`, "health");
  expect(seen.body.items.length).toBe(1);
  const strangers = await look("/v1/discrepancies?kind=missing-here", "health");
  expect(strangers.body.items).toEqual([]);
  const foreign = (await only(302)).id;
  expect((await act(foreign, "repair", undefined, "health")).status).toBe(404);
  expect((await act(foreign, "dismiss", { reason: "x" }, "health")).status).toBe(404);
  expect((await look(`/v1/discrepancies/${foreign}`, "health")).status).toBe(404);
  const bulk = await scene.call<Repairs>(
    "POST",
    "/v1/discrepancies/repairs",
    { filter: { dossierCode: [codeOf(301), codeOf(302)] } },
    { client: "health" },
  );
  expect(bulk.body.count).toBe(1);
  expect((await look(`/v1/reconciliations/${ofAll.id}`, "health")).status).toBe(404);
  const own = await scene.call<{ id: string }>(
    "POST",
    "/v1/reconciliations",
    { platform: "national-portal", ...about(301, 302) },
    { client: "health" },
  );
  const { until } = reconcileCalls(() => scene);
  const done = await until(own.body.id, ({ state }) => state !== "running");
  expect(done).toMatchObject({ examined: 1, found: { "missing-at-portal": 1 } });
});

test("who did what stands in the audit", async () => {
  const acts = await rows<{ action: string }>(
    scene.database,
    sql`select distinct action from audit where action like 'reconciliation%' or action like 'discrepancy%' order by 1`,
  );
  expect(acts.map(({ action }) => action)).toEqual([
    "discrepancy.dismiss",
    "discrepancy.dismiss.refused",
    "discrepancy.repair",
    "discrepancy.repair-many",
    "discrepancy.repair.refused",
    "reconciliation.finished",
    "reconciliation.start",
  ]);
});
