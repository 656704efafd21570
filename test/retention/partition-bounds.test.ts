import { afterEach, beforeEach, expect, test } from "vitest";
import { sql } from "../../src/database/sql.ts";
import { dropSettled } from "../../src/retention/drop-settled.ts";
import { openDatabase } from "../../src/runtime/node-gateway.ts";
import { daysAfter, type HistoryScene, inMonths, monthName, openHistoryScene } from "./history-scene.ts";

let scene: HistoryScene;
beforeEach(async () => {
  scene = await openHistoryScene();
});
afterEach(() => scene.close());

test("months of settling are found whatever the plan: the bounds of other partitions are never read as times", async () => {
  await scene.database.execute(sql`drop table entries_first, attempts_first`);
  const name = new URL(scene.databaseUrl).pathname.slice(1);
  // The plan that looks at all tables before it knows which are months of settling.
  for (const way of ["nestloop", "indexscan", "bitmapscan"]) {
    await scene.database.execute(sql.raw(`alter database ${name} set enable_${way} = off`));
  }
  const { database, close } = openDatabase(scene.databaseUrl, 1);
  const later = daysAfter(inMonths(1), 402);
  expect(await dropSettled(database, 400, inMonths(0))).toBe(false);
  expect(await dropSettled(database, 400, later)).toBe(true);
  expect(await scene.tables("settled\\_2%")).not.toContain(`settled_${monthName(inMonths(0))}`);
  await close();
});
