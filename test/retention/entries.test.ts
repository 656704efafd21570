import { afterEach, beforeEach, expect, test } from "vitest";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { cancelEntry } from "../../src/ledger/cancel-entry.ts";
import { foldTallies } from "../../src/ledger/fold-tallies.ts";
import { stepRetention } from "../../src/retention/step-retention.ts";
import { openDatabase } from "../../src/runtime/node-gateway.ts";
import { daysAfter, type HistoryScene, inMonths, monthName, openHistoryScene, POLICY } from "./history-scene.ts";

let scene: HistoryScene;
beforeEach(async () => {
  scene = await openHistoryScene();
});
afterEach(() => scene.close());

const COUNT = sql`select (select count(*)::int from entries) as entries, (select count(*)::int from attempts) as attempts,
                         (select count(*)::int from settled) as settled`;
const counts = async () => (await rows(scene.database, COUNT))[0];

/** Three months with two delivered entries each; the second has one that failed. Each was settled at the end of its month. */
const threeMonths = async () => {
  const months = [];
  let failed = "";
  for (const n of [0, 1, 2]) {
    const ids = await scene.acceptAnd("delivered", `A${n}`, `B${n}`);
    if (n === 1) [failed = ""] = await scene.acceptAnd("refused", "F");
    await scene.settledAt(ids, daysAfter(inMonths(n), 5));
    months.push(ids);
    await scene.enter(inMonths(n + 1));
  }
  await foldTallies(scene.database);
  return { months, failed };
};

test("months whose entries were all settled long enough ago are dropped with all that belongs to them; the sums stay", async () => {
  const { failed } = await threeMonths();
  const sums = await scene.sums();
  expect(sums).toMatchObject([{ accepted: 7, delivered: 6, failed: 1 }]);
  expect(await counts()).toEqual({ entries: 7, attempts: 7, settled: 6 });
  await scene.retain(daysAfter(inMonths(1), 402));
  const [first, second, third] = [0, 1, 2].map((n) => monthName(inMonths(n)));
  expect(await scene.tables("entries\\_2%")).not.toContain(`entries_${first}`);
  expect(await scene.tables("attempts\\_2%")).not.toContain(`attempts_${first}`);
  expect(await scene.tables("settled\\_2%")).not.toContain(`settled_${first}`);
  expect(await counts()).toEqual({ entries: 5, attempts: 5, settled: 4 });

  await scene.retain(daysAfter(inMonths(12), 402));
  expect(await counts()).toEqual({ entries: 3, attempts: 3, settled: 2 });
  expect(await scene.tables("entries\\_2%")).toContain(`entries_${second}`);
  expect(await scene.tables("entries\\_2%")).not.toContain(`entries_${third}`);
  expect(await scene.tables("settled\\_2%")).not.toContain(`settled_${third}`);
  expect(await scene.read(failed)).toMatchObject({ state: "failed" });
  expect(await scene.sums()).toEqual(sums);

  await cancelEntry(scene.database, "H04", failed, new Uint8Array([1]));
  await scene.settledAt([failed], inMonths(30));
  await scene.retain(daysAfter(inMonths(30), 395));
  expect(await counts()).toMatchObject({ entries: 3, settled: 3 });
  await scene.retain(daysAfter(inMonths(31), 402));
  expect(await counts()).toEqual({ entries: 0, attempts: 0, settled: 0 });
  expect(await scene.sums()).toMatchObject([{ accepted: 7, delivered: 6, failed: 0, cancelled: 1, pending: 0 }]);
});

test("how an entry of a kept month ended is kept with it, whenever that was", async () => {
  const [failed = ""] = await scene.acceptAnd("refused", "F");
  const [late = ""] = await scene.acceptAnd("delivered", "L");
  await scene.settledAt([late], inMonths(2));
  for (const n of [1, 2, 3]) await scene.enter(inMonths(n));
  await scene.retain(daysAfter(inMonths(12), 400));
  expect(await scene.tables("settled\\_2%")).toContain(`settled_${monthName(inMonths(2))}`);
  expect(await scene.read(late)).toMatchObject({ state: "delivered" });
  expect(await scene.read(failed)).toMatchObject({ state: "failed" });
});

test("what was settled in no month of its own goes with its entries", async () => {
  const [id = ""] = await scene.acceptAnd("delivered", "A");
  await scene.settledAt([id], inMonths(-20));
  await scene.enter(inMonths(1));
  const waits = () => rows(scene.database, sql`select 1 from settled_default`);
  await scene.retain(daysAfter(inMonths(1), 380));
  expect(await waits()).toHaveLength(1);
  await scene.retain(daysAfter(inMonths(1), 402));
  expect(await waits()).toHaveLength(0);
  expect(await rows(scene.database, sql`select 1 from history_months where dropped_at is not null`)).toEqual([]);
});

test("entries go on being accepted and settled while two processes drop months, and nothing of them is lost", async () => {
  await threeMonths();
  const others = [openDatabase(scene.databaseUrl, 2), openDatabase(scene.databaseUrl, 2)];
  const at = daysAfter(inMonths(12), 402);
  const keepGoing = async ({ database }: (typeof others)[0]) => {
    for (let idle = 0; idle < 30; ) {
      idle = (await stepRetention({ database, policy: POLICY }, daysAfter(at, 1))) ? 0 : idle + 1;
    }
  };
  const made: string[] = [];
  const traffic = async () => {
    for (let n = 0; n < 15; n++) made.push(...(await scene.acceptAnd("delivered", `T${n}`)));
  };
  try {
    await scene.step(at);
    await Promise.all([traffic(), ...others.map(keepGoing)]);
  } finally {
    await Promise.all(others.map(({ close }) => close()));
  }
  for (const id of made) expect(await scene.read(id)).toMatchObject({ state: "delivered", attempts: 1 });
  expect(await counts()).toMatchObject({ entries: 3 + made.length, attempts: 3 + made.length });
  expect(await scene.sums()).toMatchObject([{ accepted: 22, delivered: 21, failed: 1, pending: 0 }]);
});
