import { afterAll, beforeAll, expect, test } from "vitest";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { startNight } from "../../src/reconcile/run/start-night.ts";
import { type GatewayScene, openGatewayScene } from "../gateway-scene.ts";

let scene: GatewayScene;

beforeAll(async () => {
  scene = await openGatewayScene({ dispatch: false });
});
afterAll(() => scene.close());

/** Minutes after midnight in Vietnam, so many minutes ago by the database's clock. */
const minutesAgo = async (minutes: number): Promise<number> => {
  const [row] = await rows<{ at: number }>(
    scene.database,
    sql`with v as (select now() at time zone 'Asia/Ho_Chi_Minh' - make_interval(mins => ${minutes}) as at)
        select (extract(hour from at) * 60 + extract(minute from at))::int as at from v`,
  );
  return row?.at ?? 0;
};

/** What one process does about the night that begins at `at`. */
const stepAt = (at: number): Promise<void> => {
  const adapter = scene.deployment.adapters.get("national-portal");
  if (adapter === undefined) throw new Error("the portal is configured");
  return scene.database.transaction((executor) =>
    startNight(executor, scene.gateway.tenant, { adapter, at, province: "H04" }),
  );
};

const runs = () =>
  rows<{ id: string; actor: string; state: string }>(
    scene.database,
    sql`select id, actor, state from reconciliations order by id`,
  );

test("nothing begins before its time, or hours after it", async () => {
  await stepAt(await minutesAgo(-30));
  await stepAt(await minutesAgo(4 * 60));
  expect(await runs()).toEqual([]);
});

test("a night's run begins once among all processes, and not again after its end", async () => {
  const at = await minutesAgo(5);
  await Promise.all([stepAt(at), stepAt(at), stepAt(at)]);
  expect((await runs()).map(({ actor, state }) => [actor, state])).toEqual([["schedule", "running"]]);
  await scene.database.execute(sql`update reconciliations set state = 'finished'`);
  await stepAt(at);
  expect((await runs()).length).toBe(1);
});

test("a night waits for a run that a person started", async () => {
  await scene.database.execute(sql`delete from reconciliations`);
  const answer = await scene.request("POST", "/v1/reconciliations", { platform: "national-portal" });
  expect(answer.status).toBe(202);
  const at = await minutesAgo(5);
  await stepAt(at);
  expect((await runs()).map(({ actor }) => actor)).toEqual(["province"]);
  await scene.database.execute(sql`update reconciliations set state = 'finished'`);
  await stepAt(at);
  expect((await runs()).map(({ actor }) => actor)).toEqual(["province", "schedule"]);
});

test("the province's client sees the night's run, a department does not", async () => {
  const all = async (client: string) => {
    const answer = await scene.request("GET", "/v1/reconciliations", undefined, { client });
    return ((await answer.json()) as { items: { startedBy: string }[] }).items.map(({ startedBy }) => startedBy);
  };
  expect(await all("province")).toEqual(["schedule", "province"]);
  expect(await all("health")).toEqual([]);
});
