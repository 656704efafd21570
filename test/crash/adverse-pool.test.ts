import { expect, onTestFinished, test } from "vitest";
import { connect } from "../../src/runtime/database-connection.ts";
import { openAdverseScene } from "./adverse-scene.ts";

test("when a lock holds every connection, callers are told within seconds, none of them is taken later, and no attempt is spent", {
  timeout: 60_000,
}, async () => {
  const connections = 4;
  const scene = await openAdverseScene({ connections });
  onTestFinished(scene.close);
  for (const number of [1, 2, 3]) expect((await scene.put(number)).status).toBe(202);
  const before = await scene.unsettled();
  const [{ name } = { name: "" }] = await scene.look<{ name: string }[]>`select current_database() as name`;
  const url = new URL(scene.databaseUrl);
  const [holder, watcher] = [connect(url.href, { max: 1 }), connect(url.href, { max: 1 })];
  onTestFinished(async () => void (await Promise.all([holder.end({ timeout: 1 }), watcher.end({ timeout: 1 })])));
  await holder.unsafe("begin");
  await holder.unsafe("lock table dossiers, entries, pending in access exclusive mode");
  scene.startDispatch();
  const begun = performance.now();
  const reads = Array.from({ length: connections }, () => scene.ask("GET", "/v1/dossiers"));
  const waiting = async () => {
    const [row] = await watcher<{ count: number }[]>`
      select count(*)::int as count from pg_stat_activity where datname = ${name} and wait_event_type = 'Lock'`;
    return row?.count;
  };
  await expect.poll(waiting, { timeout: 10_000 }).toBe(connections);
  const refused = scene.expectRefused(4);
  await scene.expectNotReady();
  await refused;
  expect(performance.now() - begun).toBeLessThan(12_000);
  for (const { status } of await Promise.all(reads)) expect(status).toBe(503);
  await holder.unsafe("rollback");
  expect(await scene.look`select 1 from dossiers`).toHaveLength(3);
  expect(before).toEqual([1, 2, 3].map(() => ({ state: "queued", tries: 0, attempts: 0 })));
  await scene.expectRecovered(3, 5);
  // The call that was refused left nothing behind.
  expect((await scene.ask("GET", "/v1/dossiers/H04.15-261120-0004")).status).toBe(404);
});
