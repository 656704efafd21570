import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { numberEvents } from "../../src/inbox/number-events.ts";
import { openDatabase } from "../../src/runtime/node-gateway.ts";
import { type InboxScene, newEvent, openInboxScene } from "./inbox-scene.ts";

let scene: InboxScene;

beforeAll(async () => {
  scene = await openInboxScene({ dispatch: false });
});
beforeEach(() => scene.clear());
afterAll(() => scene.close());

/** Numbers that look random and are the same in every run. */
const createRandom = (seed: number) => {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
};

test("a reader that keeps its last position never misses an event, whatever order its writers commit in", async () => {
  const seed = 20_261_120;
  console.log(`seed ${seed}`);
  const random = createRandom(seed);
  const { database, close } = openDatabase(scene.databaseUrl, 20);
  const WRITERS = 8;
  const EACH = 25;
  let writing = true;

  const write = async (writer: number): Promise<void> => {
    for (let n = 0; n < EACH; n += 1) {
      const pause = random() * 8;
      await database.transaction(async (executor) => {
        await scene.record([newEvent({ subject: `${writer}-${n}-first` })], executor);
        // Others begin later and commit before: their events are recorded after these and are visible earlier.
        await delay(pause);
        await scene.record([newEvent({ subject: `${writer}-${n}-second` })], executor);
      });
    }
  };
  const read = async (): Promise<string[]> => {
    const seen: string[] = [];
    for (let after = "0"; ; ) {
      const last = !writing;
      const { items, next } = await scene.inbox(`?after=${after}&limit=7`);
      seen.push(...items.map(({ subject }) => subject));
      if (items.length === 0 && last) return seen;
      expect(BigInt(next)).toBeGreaterThanOrEqual(BigInt(after));
      after = next;
    }
  };
  const reading = Promise.all([read(), read(), read()]);
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  writing = false;
  const seen = await reading;
  await close();

  const all = Array.from({ length: WRITERS }, (_, w) => Array.from({ length: EACH }, (_, n) => `${w}-${n}`)).flat();
  const wanted = all.flatMap((one) => [`${one}-first`, `${one}-second`]).sort();
  for (const one of seen) expect(one.toSorted()).toEqual(wanted);
  // All readers met them in one and the same order, the order of a transaction kept.
  expect(seen[1]).toEqual(seen[0]);
  expect(seen[2]).toEqual(seen[0]);
  for (const one of all) {
    const order = seen[0] ?? [];
    expect(order.indexOf(`${one}-first`)).toBeLessThan(order.indexOf(`${one}-second`));
  }
  const [row] = await rows<{ last: string; highest: string; count: string }>(
    scene.database,
    sql`select (select last from inbox_counters) as last, max(position) as highest, count(position) as count from inbox_events`,
  );
  expect(row).toEqual({ last: String(wanted.length), highest: String(wanted.length), count: String(wanted.length) });
});

test("a transaction that stays open holds up nobody, and its event comes behind those committed meanwhile", async () => {
  const { database, close } = openDatabase(scene.databaseUrl, 2);
  let commit: (() => void) | undefined;
  const held = new Promise<void>((resolve) => {
    commit = resolve;
  });
  let recorded: (() => void) | undefined;
  const written = new Promise<void>((resolve) => {
    recorded = resolve;
  });
  const slow = database.transaction(async (executor) => {
    await scene.record([newEvent({ subject: "slow" })], executor);
    recorded?.();
    await held;
  });
  await written;
  await scene.record([newEvent({ subject: "quick" })]);
  const first = await scene.inbox();
  expect(first.items.map(({ subject, position }) => [subject, position])).toEqual([["quick", "1"]]);
  commit?.();
  await slow;
  const second = await scene.inbox(`?after=${first.next}`);
  expect(second.items.map(({ subject, position }) => [subject, position])).toEqual([["slow", "2"]]);
  await close();
});

test("what is rolled back is in nobody's inbox and takes no position", async () => {
  const broken = scene.database.transaction(async (executor) => {
    await scene.record([newEvent({ subject: "never" })], executor);
    throw new Error("rolled back");
  });
  await expect(broken).rejects.toThrow("rolled back");
  await scene.record([newEvent({ subject: "kept" })]);
  expect((await scene.inbox()).items.map(({ subject, position }) => [subject, position])).toEqual([["kept", "1"]]);
});

test("numbering goes on where it was left, also a great many at once, and changes nothing when nothing is new", async () => {
  await scene.record(Array.from({ length: 2500 }, (_, n) => newEvent({ subject: `many-${n}` })));
  const tenant = scene.gateway.tenant;
  const numbered = await Promise.all([numberEvents(scene.database, tenant), numberEvents(scene.database, tenant)]);
  expect(numbered.reduce((sum, one) => sum + one, 0)).toBe(2500);
  expect(await numberEvents(scene.database, tenant)).toBe(0);
  const [row] = await rows<{ ordered: boolean }>(
    scene.database,
    sql`select bool_and(position = rank) as ordered from (select position, row_number() over (order by seq) as rank from inbox_events) n`,
  );
  expect(row?.ordered).toBe(true);
});
