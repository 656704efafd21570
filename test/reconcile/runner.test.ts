import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Database } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import type { QuestionsOf } from "../../src/reconcile/open-reconciliation.ts";
import { dossierBody } from "../gateway-scene.ts";
import { type ApiScene, openApiScene } from "../http/api-scene.ts";
import { codeOf, foundIn, reconcileCalls, type Seed, seedHere, seedThere } from "./reconcile-scene.ts";

let scene: ApiScene;
const { list, start, read } = reconcileCalls(() => scene);

beforeAll(async () => {
  scene = await openApiScene({
    dispatch: false,
    settings: { NATIONAL_PORTAL_LOOKUP_STATUS_KEY: "TRANGTHAI" },
    portalOptions: { lookupStatusKey: "TRANGTHAI" },
  });
});
afterAll(() => scene.close());
// One run at a time: what a failed test leaves must not fail the others.
afterEach(async () => {
  await scene.database.execute(sql`update reconciliations set state = 'stopped' where state = 'running'`);
});

/** One process's work at reconciliation, done by hand. `before` is called before each question. */
const processOf = (
  database: Database = scene.database,
  before: (code: string) => Promise<void> = async () => undefined,
) => {
  const adapter = scene.deployment.adapters.get("national-portal");
  const compare = adapter?.compare;
  const source = compare?.source;
  if (adapter === undefined || compare === undefined || source?.kind !== "look-up")
    throw new Error("the profile looks dossiers up");
  const lease = { owner: "test", seconds: 30 };
  const transport = async (request: {
    url: string;
    body?: string;
    headers: Record<string, string>;
    method: string;
  }) => {
    const answer = await scene.portal.app.request(request.url, {
      method: request.method,
      headers: request.headers,
      ...(request.body !== undefined && { body: request.body }),
    });
    return { status: answer.status, headers: {}, body: await answer.text(), overlong: false };
  };
  const { questions } = scene.deployment.dispatch(database, adapter, transport as never, lease);
  const find: typeof source.find = async (code, call) => {
    await before(code);
    return source.find(code, call);
  };
  const asked: QuestionsOf = () => ({
    ...questions,
    adapter: { ...adapter, compare: { ...compare, source: { ...source, find } } },
  });
  return scene.deployment.chores(database, () => undefined, asked);
};

const stepToEnd = async (chores = processOf()): Promise<void> => {
  while (await chores.stepReconciliation());
};

const seed = async (first: number, count: number, missing: readonly number[] = []): Promise<void> => {
  const seeds = Array.from({ length: count }, (_, i): Seed => {
    const n = first + i;
    return { n, ours: "accepted", theirs: missing.includes(n) ? null : "2" };
  });
  await seedHere(scene, seeds);
  await seedThere(scene, seeds);
};

const codes = (first: number, count: number) => ({
  filter: { dossierCode: Array.from({ length: count }, (_, i) => codeOf(first + i)) },
});

/** A database whose process dies at this transaction; each step has one for findings and one for repairs. */
const dyingAt = (step: number): Database => {
  let transactions = 0;
  return {
    execute: (query) => scene.database.execute(query),
    transaction: (work) => {
      transactions += 1;
      if (transactions === step) throw new Error("killed");
      return scene.database.transaction(work);
    },
  };
};

test("a run whose process is killed between question and record goes on in another one, and counts nothing twice", async () => {
  await seed(1000, 350, [1010, 1190, 1333]);
  const id = await start(codes(1000, 350));
  await expect(stepToEnd(processOf(dyingAt(3)))).rejects.toThrow("killed");
  const halfway = await read(id);
  expect(halfway).toMatchObject({ state: "running" });
  expect(halfway.examined).toBeLessThan(350);
  // Its lease still stands: nobody else works at the run before it ends.
  expect(await processOf().stepReconciliation()).toBe(false);
  await scene.database.execute(sql`update reconciliations set lease_until = now() - interval '1 second'`);
  await stepToEnd();
  expect(await read(id)).toMatchObject({ state: "finished", examined: 350, equal: 347, present: 0 });
  const found = await list(`&reconciliation=${id}`);
  expect(foundIn(found)).toEqual([1010, 1190, 1333].map((n) => `missing-at-portal ${codeOf(n)} 2 undefined`));
});

test("a process that was thought dead writes nothing any more", async () => {
  await seed(2000, 3, [2001]);
  const id = await start(codes(2000, 3));
  const slow = processOf(scene.database, async (code) => {
    if (code !== codeOf(2000)) return;
    // While it waits for the first answer another process takes the run and ends it.
    await scene.database.execute(sql`update reconciliations set lease_until = now() - interval '1 second'`);
    await stepToEnd(processOf());
  });
  await stepToEnd(slow);
  expect(await read(id)).toMatchObject({ state: "finished", examined: 3, found: { "missing-at-portal": 1 } });
});

test("a dossier with exchanges on their way is neither asked for nor reported, and looked at by the next run", async () => {
  await seed(3000, 3, [3000, 3001, 3002]);
  await scene.call("PUT", `/v1/dossiers/${codeOf(3001)}`, dossierBody({ status: "processing" }));
  const asked: string[] = [];
  const id = await start(codes(3000, 3));
  await stepToEnd(processOf(scene.database, async (code) => void asked.push(code)));
  expect(asked.sort()).toEqual([codeOf(3000), codeOf(3002)]);
  expect(await read(id)).toMatchObject({ examined: 3, inFlight: 1, found: { "missing-at-portal": 2 } });
  expect((await list(`&dossierCode=${codeOf(3001)}`)).length).toBe(0);
});

test("a dossier that changes between the question and the record is in flight, also when the change was settled meanwhile", async () => {
  await seed(4000, 3, [4000, 4001]);
  const settleAtOnce = async (code: string) => {
    await scene.call("PUT", `/v1/dossiers/${code}`, dossierBody({ status: "finished" }));
    await scene.database.execute(
      sql`with gone as (delete from pending where stream = ${`national-portal:dossier:${code}`}
                        returning tenant, id, attempts, direction, platform, agency)
          insert into settled (tenant, id, was, state, attempts, direction, platform, agency)
          select tenant, id, 'sending', 'delivered', attempts, direction, platform, agency from gone`,
    );
  };
  const id = await start(codes(4000, 3));
  await stepToEnd(
    processOf(scene.database, (code) => (code === codeOf(4000) ? settleAtOnce(code) : Promise.resolve())),
  );
  expect(await read(id)).toMatchObject({ inFlight: 1, equal: 1, found: { "missing-at-portal": 1 } });
  expect((await list(`&reconciliation=${id}`)).map(({ dossierCode }) => dossierCode)).toEqual([codeOf(4001)]);
});

test("what the portal was never given is not compared, and no question is spent on it", async () => {
  await seedHere(scene, [{ n: 5000, ours: "accepted", theirs: null, sent: false }]);
  const before = scene.portal.calls.total;
  const id = await start(codes(5000, 1));
  await stepToEnd();
  expect(await read(id)).toMatchObject({ state: "finished", examined: 1, notCompared: 1 });
  expect(scene.portal.calls.total).toBe(before);
  expect((await list(`&dossierCode=${codeOf(5000)}`)).length).toBe(0);
});

test("what the portal turns out not to hold counts as not held any more", async () => {
  await seed(6000, 2, [6001]);
  await start(codes(6000, 2));
  await stepToEnd();
  const held = await scene.database.execute(
    sql`select dossier_code from holdings where dossier_code in (${codeOf(6000)}, ${codeOf(6001)})`,
  );
  expect(held.map((row) => row["dossier_code"])).toEqual([codeOf(6000)]);
  // And yet the next run still looks for it.
  const again = await start(codes(6000, 2));
  await stepToEnd();
  expect(await read(again)).toMatchObject({ notCompared: 0, found: { "missing-at-portal": 1 } });
});

test("a paused platform is not asked: the run waits, says so, and goes on", async () => {
  await seed(7000, 2);
  await scene.call("POST", "/v1/platforms/national-portal/pause", {});
  const before = scene.portal.calls.total;
  const id = await start(codes(7000, 2));
  expect(await processOf().stepReconciliation()).toBe(false);
  expect(await read(id)).toMatchObject({ state: "running", held: "paused", examined: 0 });
  expect(scene.portal.calls.total).toBe(before);
  await scene.call("POST", "/v1/platforms/national-portal/resume", {});
  await scene.database.execute(sql`update reconciliations set next_at = now()`);
  await stepToEnd();
  expect(await read(id)).toMatchObject({ state: "finished", equal: 2 });
});

test("a portal that gives no answer is waited for, and after long the run is stopped with its cause", async () => {
  await seed(8000, 5);
  scene.portal.dial.set({ fault: "http-status", status: 500, service: "TraCuuHoSo" } as never);
  const id = await start(codes(8000, 5));
  for (let n = 0; n < 20; n++) {
    await processOf().stepReconciliation();
    await scene.database.execute(sql`update reconciliations set next_at = now() where state = 'running'`);
    await scene.database.execute(sql`update platform_states set opened_at = null`);
  }
  expect(await read(id)).toMatchObject({ state: "running", held: "unanswered", examined: 0 });
  await processOf().stepReconciliation();
  expect(await read(id)).toMatchObject({ state: "stopped", stopCause: "unanswered", examined: 0 });
  scene.portal.dial.clear();
  expect((await list(`&reconciliation=${id}`)).length).toBe(0);
});

test("one dossier that is never answered does not hold up the others, and is not called equal", async () => {
  await seed(9000, 20);
  const id = await start(codes(9000, 20));
  const lostAnswer = (code: string) =>
    code === codeOf(9004) ? Promise.reject(new Error("no answer")) : Promise.resolve();
  await stepToEnd(processOf(scene.database, lostAnswer));
  expect(await read(id)).toMatchObject({ state: "finished", notCompared: 1, equal: 19 });
});

test("a run that is stopped asks no more and keeps what it found", async () => {
  await seed(11_000, 250, [11_005]);
  const id = await start(codes(11_000, 250));
  await processOf().stepReconciliation();
  const stopped = await scene.call("POST", `/v1/reconciliations/${id}/stop`);
  expect(stopped.body).toMatchObject({ state: "stopped", stopCause: "operator" });
  expect(await processOf().stepReconciliation()).toBe(false);
  expect((await list(`&reconciliation=${id}`)).length).toBe(1);
  expect((await scene.call("POST", `/v1/reconciliations/${id}/stop`)).status).toBe(200);
});
