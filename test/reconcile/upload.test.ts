import { afterAll, beforeAll, expect, test } from "vitest";
import type { PlatformDossier } from "../../contracts/comparer.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { type ApiScene, openApiScene } from "../http/api-scene.ts";
import { codeOf, foundIn, reconcileCalls, type Seed, seedHere, seedThere } from "./reconcile-scene.ts";

let scene: ApiScene;
const { run, start, upload, list, repaired, until } = reconcileCalls(() => scene);

beforeAll(async () => {
  scene = await openApiScene({ profile: "lgsp-facade", settings: { RECONCILE_REPAIR: "safe" } });
});
afterAll(() => scene.close());

const linesOf = (dossiers: readonly PlatformDossier[]): string => dossiers.map((one) => JSON.stringify(one)).join("\n");

const exported = (seeds: readonly Seed[]): PlatformDossier[] =>
  seeds.flatMap(({ n, theirs }) => (theirs === null ? [] : [{ code: codeOf(n), status: theirs }]));

/** Uploads a list and compares with it. */
const compareWith = async (text: string, query = "", type?: string) => {
  const answer = await upload(text, query, type);
  expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
  return run({ list: answer.body.id });
};

test("a profile that cannot be asked is compared by an uploaded list, with differences of all three kinds", async () => {
  const seeds = Array.from({ length: 400 }, (_, i): Seed => {
    const n = i + 1;
    if (n % 40 === 0) return { n, ours: "processing", theirs: null };
    if (n % 40 === 10) return { n, ours: "processing", theirs: "2" };
    if (n % 40 === 20) return { n, ours: null, theirs: "4" };
    return { n, ours: "processing", theirs: "4" };
  });
  await seedHere(scene, seeds);
  await seedThere(scene, seeds);
  const first = await compareWith(linesOf(exported(seeds)));
  expect(first).toMatchObject({
    state: "finished",
    profile: "lgsp-facade",
    source: "upload",
    sees: ["missing-at-portal", "missing-here", "status-differs"],
    examined: 390,
    equal: 370,
    found: { "missing-at-portal": 10, "missing-here": 10, "status-differs": 10 },
    repairing: 20,
  });
  const expected = seeds.flatMap(({ n, ours, theirs }) => {
    if (ours === null) return [`missing-here ${codeOf(n)} undefined 4`];
    if (theirs === null) return [`missing-at-portal ${codeOf(n)} 4 undefined`];
    return theirs === "4" ? [] : [`status-differs ${codeOf(n)} 4 2`];
  });
  expect(foundIn(await list())).toEqual(expected.sort());

  // What only the portal has is never sent anything for.
  await repaired();
  const sent = await rows<{ n: number }>(
    scene.database,
    sql`select count(*)::int as n from entries where operation = 'dossier.put'`,
  );
  expect(sent[0]?.n).toBe(20);
  const held = [...scene.portal.state.dossiers.values()];
  expect(held.filter(({ status }) => status !== "4")).toEqual([]);

  const again = held.map(({ MaHoSo, status }) => `${MaHoSo},${status}`);
  const second = await compareWith(
    `\uFEFFcode,status\r\n${again.join("\r\n")}\r\n`,
    "&whole=true",
    "text/csv; charset=utf-8",
  );
  // The export is older than the repairs: what was exchanged since is not judged by it.
  expect(second).toMatchObject({ examined: 390, inFlight: 20, equal: 370 });
  // Exported anew, after all of it was settled.
  const third = await upload(linesOf(held.map(({ MaHoSo, status }) => ({ code: MaHoSo, status }))));
  await scene.database.execute(sql`update reconciliation_lists set as_of = now() where id = ${third.body.id}::bigint`);
  expect(await run({ list: third.body.id })).toMatchObject({ examined: 390, inFlight: 0, equal: 390, closed: 20 });
  const states = Map.groupBy(await list(), ({ state }) => state);
  expect([states.get("repaired")?.length, states.get("open")?.length]).toEqual([20, 10]);
});

test("a dossier that comes here, or that the platform lists no longer, is missing here no more", async () => {
  const missing = await list("&kind=missing-here&state=open");
  const [arrived, ...others] = missing.map(({ dossierCode }) => dossierCode);
  await seedHere(scene, [{ n: Number(arrived?.slice(-5)), ours: "processing", theirs: "4" }]);
  const [listed = "", ...gone] = others;
  const rest = [...scene.portal.state.dossiers.values()].filter(({ MaHoSo }) => !gone.includes(MaHoSo));
  const answer = await upload(linesOf(rest.map(({ MaHoSo, status }) => ({ code: MaHoSo, status }))));
  await scene.database.execute(sql`update reconciliation_lists set as_of = now() where id = ${answer.body.id}::bigint`);
  await run({ list: answer.body.id });
  const open = await list("&kind=missing-here&state=open");
  expect(open.map(({ dossierCode }) => dossierCode)).toEqual([listed]);
  expect((await list("&kind=missing-here&state=gone")).length).toBe(9);
});

test("by a list that is a part only nothing is missing at the portal", async () => {
  await seedHere(scene, [{ n: 5001, ours: "processing", theirs: null }]);
  const part = linesOf([{ code: codeOf(1), status: "processing" }, { code: codeOf(2) }]);
  const found = await compareWith(part, "&whole=false");
  expect(found.sees).toEqual(["missing-here", "status-differs"]);
  expect(found).toMatchObject({ equal: 1, present: 1, found: { "missing-at-portal": 0, "status-differs": 0 } });
  expect((await list(`&dossierCode=${codeOf(5001)}`)).length).toBe(0);
});

test("too many differences are left to a person: none is sent by itself", async () => {
  const seeds = Array.from({ length: 120 }, (_, i): Seed => ({ n: 6001 + i, ours: "processing", theirs: null }));
  await seedHere(scene, seeds);
  const listed = [...scene.portal.state.dossiers.values()].map(({ MaHoSo, status }) => ({ code: MaHoSo, status }));
  const answer = await upload(linesOf(listed));
  await scene.database.execute(sql`update reconciliation_lists set as_of = now() where id = ${answer.body.id}::bigint`);
  const found = await run({ list: answer.body.id, filter: { dossierCode: seeds.map(({ n }) => codeOf(n)) } });
  expect(found).toMatchObject({ repairing: 0, repairWithheld: true, found: { "missing-at-portal": 120 } });
  expect((await list(`&reconciliation=${found.id}&state=open`)).length).toBeGreaterThanOrEqual(120);
});

test("a list serves one run, of its platform, and of whoever may see it", async () => {
  const answer = await upload(linesOf([{ code: codeOf(1), status: "4" }]), "&whole=false");
  const id = answer.body.id;
  const others = await scene.call(
    "POST",
    "/v1/reconciliations",
    { platform: "national-portal", list: id },
    { client: "health" },
  );
  expect([others.status, others.body.errors?.[0]?.field]).toEqual([400, "list"]);
  await until(await start({ list: id }), ({ state }) => state === "finished");
  const again = await scene.call("POST", "/v1/reconciliations", { platform: "national-portal", list: id });
  expect([again.status, again.body.errors?.[0]?.code]).toEqual([400, "not_allowed"]);
});

test("the same upload under the same key is answered once, and leaves one list", async () => {
  const text = linesOf([{ code: codeOf(1), status: "4" }]);
  const headers = { "idempotency-key": "list-1" };
  const first = await upload(text, "", undefined, headers);
  const second = await upload(text, "", undefined, headers);
  expect([second.status, second.text, second.headers.get("idempotency-replayed")]).toEqual([201, first.text, "true"]);
  const other = await upload(linesOf([{ code: codeOf(2) }]), "", undefined, headers);
  expect(other.status).toBe(422);
  const ready = await rows<{ id: string }>(
    scene.database,
    sql`select id from reconciliation_lists where state = 'ready' order by id`,
  );
  expect(ready.map(({ id }) => id)).toEqual([first.body.id]);
});

test("lists that nobody needs are removed with their lines", async () => {
  const chores = scene.deployment.chores(scene.database, () => undefined);
  await scene.database.execute(sql`update reconciliation_lists set heard_at = now() - interval '8 days'`);
  while (await chores.cleanReconciliations());
  const left = await rows(
    scene.database,
    sql`select 1 from reconciliation_rows union all select 1 from reconciliation_lists`,
  );
  expect(left).toEqual([]);
});
