import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { type Executor, rows } from "../../src/database/database.ts";
import { isDatabaseAway } from "../../src/database/database-away.ts";
import { sql } from "../../src/database/sql.ts";
import { withinPatience } from "../../src/database/within-patience.ts";
import { connect } from "../../src/runtime/database-connection.ts";
import { openDatabase } from "../../src/runtime/node-gateway.ts";
import { createTestDatabase, type TestDatabase } from "../database.ts";

let testDatabase: TestDatabase;
let pool: ReturnType<typeof openDatabase>;
let killer: ReturnType<typeof connect>;

beforeEach(async () => {
  testDatabase = await createTestDatabase();
  // One connection: whoever comes next gets the one that broke.
  pool = openDatabase(testDatabase.url, 1);
  killer = connect(testDatabase.url, { max: 1 });
  await pool.database.execute(sql`create table notes (word text)`);
});
afterEach(async () => {
  await killer.end({ timeout: 1 });
  await pool.close();
  await testDatabase.drop();
});

const note = (executor: Executor, word: string) => executor.execute(sql`insert into notes values (${word})`);
const words = async () =>
  (await killer<{ word: string }[]>`select word from notes order by word`).map(({ word }) => word);
const backendOf = async (executor: Executor): Promise<number> =>
  (await rows<{ pid: number }>(executor, sql`select pg_backend_pid() as pid`))[0]?.pid ?? 0;
const endBackend = (pid: number) => killer`select pg_terminate_backend(${pid})`;

test("a connection that breaks under a statement ends its transaction, and nothing more is sent of it", async () => {
  const failed = pool.database.transaction(async (executor) => {
    await note(executor, "before");
    const pid = await backendOf(executor);
    const [slept] = await Promise.allSettled([executor.execute(sql`select pg_sleep(20)`), endBackend(pid)]);
    expect(slept.status).toBe("rejected");
    // Work that takes no notice of the failure.
    await note(executor, "after");
  });
  await expect(failed).rejects.toSatisfy(isDatabaseAway);
  // Nor does the next one hear what the old connection was told.
  await note(pool.database, "first");
  await pool.database.transaction((executor) => Promise.resolve(note(executor, "next")));
  expect(await words()).toEqual(["first", "next"]);
});

test("a connection that breaks between two statements takes the second one nowhere, least of all into another's transaction", async () => {
  const gate = Promise.withResolvers<void>();
  const began = Promise.withResolvers<number>();
  const failed = pool.database.transaction(async (executor) => {
    began.resolve(await backendOf(executor));
    await gate.promise;
    await note(executor, "stray");
  });
  const refused = expect(failed).rejects.toSatisfy(isDatabaseAway);
  await endBackend(await began.promise);
  await refused;
  await pool.database.transaction(async (executor) => {
    await note(executor, "first");
    gate.resolve();
    await executor.execute(sql`select pg_sleep(0.05)`);
    await note(executor, "second");
  });
  expect(await words()).toEqual(["first", "second"]);
});

test("what fails for a reason of its own is rolled back as ever, and its error is the one that was thrown", async () => {
  const failed = pool.database.transaction(async (executor) => {
    await note(executor, "never");
    throw new RangeError("a refusal");
  });
  await expect(failed).rejects.toThrow(new RangeError("a refusal"));
  await expect(
    pool.database.transaction((executor) => Promise.resolve(executor.execute(sql`select 1 / 0`))),
  ).rejects.not.toSatisfy(isDatabaseAway);
  await note(pool.database, "there");
  expect(await words()).toEqual(["there"]);
});

test("a transaction that nobody waits for any more is rolled back, whenever its statement returns", async () => {
  await killer.unsafe("begin");
  await killer.unsafe("lock table notes in access exclusive mode");
  const impatient = withinPatience(pool.database, 80);
  const late = impatient.transaction(async (executor) => {
    await note(executor, "late");
    await note(executor, "later");
  });
  await expect(late).rejects.toSatisfy(isDatabaseAway);
  await killer.unsafe("rollback");
  // The one connection is free again only after the late one gave it back.
  await note(pool.database, "next");
  expect(await words()).toEqual(["next"]);
});

test("connections that break again and again leave none behind that hangs", { timeout: 60_000 }, async () => {
  const several = openDatabase(testDatabase.url, 4);
  onTestFinished(several.close);
  const outcomes = new Map<string, number>();
  const count = (outcome: string) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  const one = async (work: Promise<unknown>): Promise<void> => {
    await work.then(
      () => count("done"),
      (error: unknown) => count(isDatabaseAway(error) ? "away" : String(error)),
    );
  };
  for (let round = 0; round < 60; round++) {
    const calls = Array.from({ length: 6 }, (_, i) => [
      one(Promise.resolve(several.database.execute(sql`select ${"x".repeat(i * 300)}::text`))),
      one(several.database.transaction(async (executor) => void (await note(executor, `${round}`)))),
    ]).flat();
    await killer`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
    await Promise.all(calls);
  }
  expect([...outcomes.keys()].toSorted()).toEqual(["away", "done"]);
  const begun = performance.now();
  await Promise.all(Array.from({ length: 16 }, () => several.database.execute(sql`select 1`)));
  // A connection that never connects again would cost its ten seconds here.
  expect(performance.now() - begun).toBeLessThan(5000);
});
