import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { AlarmView } from "../../contracts/services/alarms.ts";
import { sql } from "../../src/database/sql.ts";
import { type GatewayScene, openGatewayScene } from "../gateway-scene.ts";
import { insertFailures } from "../groups/insert-failures.ts";

let scene: GatewayScene;

beforeAll(async () => {
  scene = await openGatewayScene({ dispatch: false });
});
afterAll(() => scene.close());
beforeEach(async () => {
  await scene.database.execute(sql`truncate entries, pending, settled, alarms, alarm_rounds`);
});

const chores = () => scene.deployment.chores(scene.database, () => undefined);
/** Evaluates now, as if the last round were over. */
const evaluate = async () => {
  await scene.database.execute(sql`update alarm_rounds set next_at = now()`);
  const changes = await chores().evaluateAlarms();
  return changes ?? expect.fail("no round was due");
};
const alarms = async (query = "") => {
  const answer = await scene.request("GET", `/v1/alarms${query}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as { items: AlarmView[]; next: string | null };
};

test("a new cause is raised once, cleared when its failures are gone, and is not new a second time", async () => {
  await insertFailures(scene, 2, [(n) => `Lỗi lạ ${n}`]);
  expect(await evaluate()).toMatchObject({ raised: [{ kind: "new-cause" }], cleared: [] });
  expect(await evaluate()).toEqual({ raised: [], cleared: [] });
  const { items } = await alarms();
  const groups = (await (await scene.request("GET", "/v1/ledger/groups")).json()) as { items: { id: string }[] };
  expect(items).toEqual([
    { kind: "new-cause", severity: "warning", subject: groups.items[0]?.id, since: expect.stringMatching(/Z$/u) },
  ]);
  await scene.database.execute(sql`truncate entries, pending`);
  expect(await evaluate()).toMatchObject({ raised: [], cleared: [{ kind: "new-cause" }] });
  expect((await alarms()).items[0]?.clearedAt).toMatch(/Z$/u);
  expect((await alarms("?standing=true")).items).toEqual([]);
  await insertFailures(scene, 1, [(n) => `Lỗi lạ ${n}`]);
  expect(await evaluate()).toEqual({ raised: [], cleared: [] });
});

test("what stands is in the metrics, what is cleared is not", async () => {
  await insertFailures(scene, 1, [() => "Lỗi đo được"]);
  await evaluate();
  const figures = async () => (await scene.request("GET", "/metrics")).text();
  expect(await figures()).toMatch(/^gateway_alarm\{kind="new-cause",severity="warning",subject="[^"]+"\} 1$/mu);
  await scene.database.execute(sql`truncate entries, pending`);
  await evaluate();
  expect(await figures()).not.toContain("gateway_alarm{");
});

test("a new cause is new for a day", async () => {
  await insertFailures(scene, 1, [() => "Lỗi mới"]);
  await evaluate();
  await scene.database.execute(sql`update alarms set since = now() - interval '25 hours'`);
  expect(await evaluate()).toMatchObject({ raised: [], cleared: [{ kind: "new-cause" }] });
  expect(await evaluate()).toEqual({ raised: [], cleared: [] });
});

test("an entry that waits too long raises an alarm, one that a failure blocks does not", async () => {
  await insertFailures(scene, 1, [() => "Chặn"], { behind: 3 });
  await scene.database.execute(sql`update entries set accepted_at = now() - interval '2 hours'`);
  const blocked = await evaluate();
  expect(blocked.raised.map(({ kind }) => kind)).toEqual(["new-cause"]);
  await scene.database.execute(sql`update pending set state = 'queued', tries = 1 where state = 'failed'`);
  const free = await evaluate();
  expect(free.raised.map(({ kind }) => kind).sort()).toEqual(["oldest-waiting", "platform-down"]);
  expect(new Set(free.raised.map(({ subject }) => subject))).toEqual(new Set(["national-portal"]));
  await scene.database.execute(
    sql`insert into platform_states (tenant, platform, last_good_at) values (${scene.gateway.tenant}, 'national-portal', now())
        on conflict (tenant, platform) do update set last_good_at = now()`,
  );
  expect((await evaluate()).cleared.map(({ kind }) => kind)).toEqual(["platform-down"]);
});

test("many processes that ask at once evaluate once", async () => {
  await insertFailures(scene, 1, [() => "Một lần"]);
  const answers = await Promise.all(Array.from({ length: 6 }, () => chores().evaluateAlarms()));
  expect(answers.filter((changes) => changes !== null)).toHaveLength(1);
  expect((await alarms()).items).toHaveLength(1);
});

test("alarms come in pages, newest first, to those who may see platforms", async () => {
  await insertFailures(
    scene,
    5,
    Array.from({ length: 5 }, (_, n) => () => `Lỗi ${"abcde"[n]}`),
  );
  await evaluate();
  const first = await alarms("?limit=3");
  const second = await alarms(`?limit=3&cursor=${first.next}`);
  expect(new Set([...first.items, ...second.items].map(({ subject }) => subject)).size).toBe(5);
  expect(second.next).toBeNull();
  expect((await scene.request("GET", "/v1/alarms", undefined, { client: "reader" })).status).toBe(403);
  expect((await scene.request("GET", "/v1/alarms?standing=maybe")).status).toBe(400);
  expect((await scene.request("POST", "/v1/alarms")).status).toBe(405);
});
