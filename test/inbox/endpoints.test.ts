import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { claimDeliveries } from "../../src/inbox/claim-deliveries.ts";
import { type InboxScene, newEvent, openInboxScene, until } from "./inbox-scene.ts";

let scene: InboxScene;
let names = 0;

beforeAll(async () => {
  scene = await openInboxScene({ settings: { PROVINCE_CONCURRENCY: "8", PROVINCE_RETRY_MAX_MS: "400" } });
});
beforeEach(async () => {
  await scene.stopDispatch();
  await scene.clear();
  scene.startDispatch();
});
afterAll(() => scene.close());

const fresh = (): string => `hook-${++names}`;
const subjects = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, n) => newEvent({ subject: `${prefix}-${n}` }));
const health = async (id: string) => {
  const [row] = await rows<{ failures: number; held: number; disabled: string | null }>(
    scene.database,
    sql`select failures, extract(epoch from held_until - now())::float8 as held, disabled_because as disabled
        from webhooks where id = ${id}`,
  );
  return row ?? expect.fail("no such webhook");
};

test("an endpoint that hangs has a quarter of the calls at most, and another's events go out meanwhile", async () => {
  const [hanging, quick] = [fresh(), fresh()];
  await scene.hook(hanging, ["document.received"]);
  await scene.hook(quick, ["document.status"]);
  scene.receiver.behave("hang", hanging);
  await scene.record(subjects("hanging", 40));
  await until("it hangs", () => scene.receiver.received(hanging).length >= 2);

  const latencies: number[] = [];
  for (let n = 0; n < 5; n += 1) {
    const begun = performance.now();
    await scene.record([newEvent({ subject: `quick-${n}`, type: "document.status" })]);
    await until("taken", () => scene.receiver.taken(quick).length === n + 1);
    latencies.push(performance.now() - begun);
  }
  // Two of eight calls hang for two seconds each; whoever waited for them would wait as long.
  expect(Math.min(...latencies)).toBeLessThan(1000);
  expect(scene.receiver.received(hanging).length).toBeLessThanOrEqual(6);
});

test("a failing endpoint has a single try at a time after a growing pause, and all its slots when it is well again", async () => {
  const name = fresh();
  const { id } = await scene.hook(name);
  scene.receiver.behave({ status: 500 }, name);
  await scene.record(subjects("away", 30));
  await until("it failed a few times", async () => (await health(id)).failures >= 4);
  expect((await scene.webhook(id)).state).toBe("failing");
  expect((await scene.webhook(id)).failingSince).toMatch(/Z$/u);
  // Thirty subjects wait, and hardly more than one was tried in each pause.
  expect(scene.receiver.received(name).length).toBeLessThan(15);
  scene.receiver.behave({ status: 200 }, name);
  await until("all taken", () => scene.receiver.taken(name).length === 30);
  await scene.drained();
  const well = await scene.webhook(id);
  expect(well.state).toBe("active");
  expect(well.lastDeliveredAt).toMatch(/Z$/u);
});

test("Retry-After holds the whole endpoint", async () => {
  const name = fresh();
  const { id } = await scene.hook(name);
  scene.receiver.behave({ status: 429, headers: { "retry-after": "3600" } }, name);
  await scene.record(subjects("busy", 1));
  await until("held", async () => (await health(id)).failures === 1);
  const { held } = await health(id);
  expect(held).toBeGreaterThan(3500);
  await scene.record(subjects("later", 3));
  await delay(90);
  expect(scene.receiver.received(name)).toHaveLength(1);
});

test("failures of one endpoint open no breaker: the platform stays up for the others", async () => {
  const [bad, good] = [fresh(), fresh()];
  await scene.hook(bad, ["document.received"]);
  await scene.hook(good, ["document.status"]);
  scene.receiver.behave({ status: 500 }, bad);
  await scene.record(subjects("bad", 40));
  await until("it failed often", () => scene.receiver.received(bad).length >= 8);
  await scene.record(subjects("good", 1).map((event) => ({ ...event, type: "document.status" as const })));
  await until("taken", () => scene.receiver.taken(good).length === 1);
  const lines = await scene.call<{ items: { id: string; state: string; breaker: string }[] }>("GET", "/v1/platforms");
  expect(lines.body.items.find(({ id }) => id === "province")).toMatchObject({ state: "up", breaker: "closed" });
});

test("pausing the platform holds every webhook without an attempt", async () => {
  const name = fresh();
  await scene.hook(name);
  await scene.call("POST", "/v1/platforms/province/pause", {});
  await delay(90);
  await scene.stopDispatch();
  scene.startDispatch();
  await scene.record(subjects("paused", 2));
  await delay(90);
  const held = await scene.deliveries("&state=queued");
  expect(held.map((entry) => [entry.held, entry.attempts])).toEqual([
    ["paused", 0],
    ["paused", 0],
  ]);
  await scene.call("POST", "/v1/platforms/province/resume", {});
  await until("taken", () => scene.receiver.taken(name).length === 2);
});

test("an endpoint dead for five days is disabled, says so, and raises an alarm that clears when it is enabled", async () => {
  const name = fresh();
  const { id } = await scene.hook(name);
  scene.receiver.behave({ status: 502 }, name);
  await scene.record(subjects("dead", 1));
  await until("failing", async () => (await health(id)).failures >= 1);
  await scene.stopDispatch();
  await scene.database.execute(
    sql`update webhooks set failing_since = now() - interval '4 days 23 hours', last_failed_at = now() - interval '1 minute', held_until = null`,
  );
  scene.startDispatch();
  const before = (await health(id)).failures;
  await until("tried again", async () => (await health(id)).failures > before);
  expect((await scene.webhook(id)).state).toBe("failing");
  await scene.database.execute(sql`update webhooks set failing_since = failing_since - interval '2 hours'`);
  await until("disabled", async () => (await scene.webhook(id)).state === "disabled");
  expect(await scene.webhook(id)).toMatchObject({ disabledBecause: "dead" });

  const chores = scene.deployment.chores(scene.database, () => undefined);
  const evaluate = async () => {
    await scene.database.execute(sql`update alarm_rounds set next_at = now()`);
    return (await chores.evaluateAlarms()) ?? expect.fail("no round was due");
  };
  const alarm = expect.objectContaining({ kind: "webhook-disabled", subject: id });
  await scene.database.execute(
    sql`update entries set accepted_at = now() - interval '5 days' where platform = 'province'`,
  );
  const { raised } = await evaluate();
  // What waits for it has this alarm and no other: nobody else's deliveries wait.
  expect(raised).toEqual([alarm]);
  scene.receiver.behave({ status: 200 }, name);
  await scene.call("POST", `/v1/webhooks/${id}/enable`);
  await until("taken", () => scene.receiver.taken(name).length >= 1);
  expect((await evaluate()).cleared).toContainEqual(alarm);
});

test("a failure long after the last one begins a new count: silence is no failure", async () => {
  const name = fresh();
  const { id } = await scene.hook(name);
  await scene.database.execute(
    sql`update webhooks set failing_since = now() - interval '9 days', last_failed_at = now() - interval '8 days', failures = 3 where id = ${id}`,
  );
  scene.receiver.behave({ status: 500 }, name);
  await scene.record(subjects("quiet", 1));
  await until("failed again", async () => (await health(id)).failures > 3);
  const { failingSince, state } = await scene.webhook(id);
  expect(state).toBe("failing");
  expect(Date.now() - Date.parse(failingSince ?? "")).toBeLessThan(60_000);
});

test("two processes that claim together never take one entry twice, nor two of one subject", async () => {
  await scene.stopDispatch();
  await scene.hook(fresh());
  await scene.record([...subjects("both", 20), ...subjects("both", 20)]);
  const claim = (owner: string) =>
    claimDeliveries(scene.database, scene.gateway.tenant, { owner, seconds: 60 }, { limit: 20, perEndpoint: 6 });
  const claimed = (await Promise.all(["a", "b", "c", "d"].map(claim))).flat();
  expect(new Set(claimed.map(({ id }) => id)).size).toBe(claimed.length);
  const streams = await rows<{ stream: string }>(
    scene.database,
    sql`select stream from pending where platform = 'province' and state = 'sending'`,
  );
  expect(streams).toHaveLength(claimed.length);
  expect(new Set(streams.map(({ stream }) => stream)).size).toBe(streams.length);
  expect(claimed.length).toBeGreaterThanOrEqual(6);
  // The share counts what is in flight in all processes.
  expect(await claim("e")).toEqual([]);
});
