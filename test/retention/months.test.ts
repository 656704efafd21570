import { afterEach, beforeEach, expect, test } from "vitest";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { openMonths } from "../../src/retention/open-months.ts";
import { openDatabase } from "../../src/runtime/node-gateway.ts";
import { daysAfter, type HistoryScene, inMonths, monthName, openHistoryScene } from "./history-scene.ts";

let scene: HistoryScene;
beforeEach(async () => {
  scene = await openHistoryScene();
});
afterEach(() => scene.close());

/** The number of a moment's month, which ids of that month begin with. */
const monthNumber = (at: Date): number => at.getUTCFullYear() * 12 + at.getUTCMonth() + 1;
const monthOf = (id: string): number => Math.floor(Number(id) / 1e9);
const closed = async (): Promise<string[]> => {
  const found = await rows<{ name: string }>(scene.database, sql`select name from history_months order by first_id`);
  return found.map(({ name }) => name);
};

/** An accepted entry is claimed, delivered, and told so. */
const works = async (code: string): Promise<string> => {
  const [id = ""] = await scene.acceptAnd("delivered", code);
  expect((await scene.read(id)).state).toBe("delivered");
  return id;
};

test("this month and the next two are open, and nothing changes when that is done again", async () => {
  await openMonths(scene.database);
  const names = [0, 1, 2].map((months) => monthName(inMonths(months)));
  for (const table of ["entries", "attempts", "settled"]) {
    const there = await scene.tables(`${table}\\_2%`);
    expect(there).toEqual(names.map((name) => `${table}_${name}`));
  }
  expect(await closed()).toEqual(["first"]);
  const all = await scene.tables("%");
  await openMonths(scene.database);
  expect(await scene.tables("%")).toEqual(all);
});

test("new entries begin in their month, and the month before is noted as over", async () => {
  await openMonths(scene.database);
  const before = await works("A");
  expect(monthOf(before)).toBe(monthNumber(inMonths(0)));
  await openMonths(scene.database, inMonths(1));
  const after = await works("B");
  expect(monthOf(after)).toBe(monthNumber(inMonths(1)));
  expect(await closed()).toEqual(["first", monthName(inMonths(0))]);
});

test("several processes that open months at once give no id twice", async () => {
  const others = Array.from({ length: 3 }, () => openDatabase(scene.databaseUrl, 2));
  try {
    for (const months of [1, 2, 3, 4]) {
      const opened = others.map(({ database }) => openMonths(database, inMonths(months)));
      const [ids] = await Promise.all([
        Promise.all(Array.from({ length: 20 }, (_, n) => scene.accept(`${months}-${n}`))),
        ...opened,
      ]);
      expect(new Set(ids).size).toBe(20);
    }
    await openMonths(scene.database, inMonths(4));
    expect(monthOf(await scene.accept("last"))).toBe(monthNumber(inMonths(4)));
  } finally {
    await Promise.all(others.map(({ close }) => close()));
  }
});

test("a clock that is far ahead for one round takes no ids with it", async () => {
  await openMonths(scene.database);
  await openMonths(scene.database, inMonths(480));
  expect(monthOf(await works("A"))).toBe(monthNumber(inMonths(0)));
  await openMonths(scene.database);
  expect(await closed()).toEqual(["first"]);
});

test("entries are accepted and settled while the clock is far ahead for long, and after it is set back", async () => {
  await openMonths(scene.database);
  await works("A");
  await scene.enter(inMonths(480));
  const ahead = await works("B");
  expect(monthOf(ahead)).toBe(monthNumber(inMonths(480)));
  await openMonths(scene.database);
  const back = await works("C");
  expect(BigInt(back)).toBeGreaterThan(BigInt(ahead));
  const [ahead480] = await rows<{ count: number }>(
    scene.database,
    sql`select count(*)::int as count from history_months where closed_at > now()`,
  );
  expect(ahead480).toEqual({ count: 0 });
});

test("a clock before the first month of all neither stops the opening of months nor anything else", async () => {
  await openMonths(scene.database, inMonths(-30));
  await openMonths(scene.database, inMonths(-30));
  const id = await works("A");
  expect(monthOf(id)).toBe(monthNumber(inMonths(0)));
  expect(await scene.tables(`entries\\_${monthName(inMonths(-30))}`)).toEqual([]);
  expect(await scene.tables(`settled\\_${monthName(inMonths(-30))}`)).toHaveLength(1);
});

test("what is settled in a month that nobody opened waits, and moves into it when it is opened", async () => {
  const [id = ""] = await scene.acceptAnd("delivered", "A");
  const at = inMonths(5);
  await scene.settledAt([id], at);
  const countIn = async (table: string) =>
    (await rows<{ count: number }>(scene.database, sql.raw(`select count(*)::int as count from ${table}`)))[0]?.count;
  expect(await countIn("settled_default")).toBe(1);
  const sums = await scene.sums();
  await openMonths(scene.database, at);
  expect(await countIn("settled_default")).toBe(0);
  expect(await countIn(`settled_${monthName(at)}`)).toBe(1);
  expect((await scene.read(id)).state).toBe("delivered");
  expect(await scene.sums()).toEqual(sums);
});

test("a month that cannot be opened because somebody reads for long is opened the next time", async () => {
  const at = daysAfter(inMonths(5), 0);
  const reader = openDatabase(scene.databaseUrl, 1);
  try {
    await reader.database.transaction(async (transaction) => {
      await transaction.execute(sql`select count(*) from settled_default`);
      await expect(openMonths(scene.database, at)).rejects.toMatchObject({ code: "55P03" });
      await works("A");
    });
    await openMonths(scene.database, at);
    expect(await scene.tables(`settled\\_${monthName(at)}`)).toHaveLength(1);
  } finally {
    await reader.close();
  }
});
