import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { connect } from "../../src/runtime/database-connection.ts";
import { openWakeLine } from "../../src/runtime/node-wake-line.ts";
import { createTestDatabase, type TestDatabase } from "../database.ts";

let testDatabase: TestDatabase;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterAll(() => testDatabase.drop());

/** A line with what it heard, open and listening. */
const openLine = async () => {
  const heard: string[] = [];
  const failures: unknown[] = [];
  const line = openWakeLine(
    testDatabase.url,
    (platform) => void heard.push(platform),
    (error) => void failures.push(error),
    200,
  );
  onTestFinished(() => line.close());
  return { line, heard, failures };
};

/** Rings until the other end hears: a line needs a moment to be opened. */
const ringUntilHeard = async (ring: () => void, heard: readonly string[]) => {
  for (let tries = 0; heard.length === 0 && tries < 100; tries++) {
    ring();
    await delay(50);
  }
};

test("what one process rings the others hear, and it does not hear itself", async () => {
  const [one, two] = [await openLine(), await openLine()];
  await ringUntilHeard(() => one.line.ring("national-portal"), two.heard);
  expect(new Set(two.heard)).toEqual(new Set(["national-portal"]));
  expect(one.heard).toEqual([]);
  expect([...one.failures, ...two.failures]).toEqual([]);
});

test("a burst of work is told once", async () => {
  const [one, two] = [await openLine(), await openLine()];
  await ringUntilHeard(() => one.line.ring("population"), two.heard);
  await delay(100);
  two.heard.length = 0;
  for (let n = 0; n < 1000; n++) one.line.ring("population");
  await expect.poll(() => two.heard.length).toBeGreaterThan(0);
  await delay(100);
  expect(two.heard).toEqual(["population"]);
});

test("a line whose connections were cut is heard again by itself", async () => {
  const [one, two] = [await openLine(), await openLine()];
  await ringUntilHeard(() => one.line.ring("national-portal"), two.heard);
  const sql = connect(testDatabase.url, { max: 1 });
  onTestFinished(() => sql.end());
  const cut = await sql`select pg_terminate_backend(pid) from pg_stat_activity
                        where datname = current_database() and pid <> pg_backend_pid()`;
  expect(cut.length).toBeGreaterThan(0);
  two.heard.length = 0;
  await ringUntilHeard(() => one.line.ring("national-portal"), two.heard);
  expect(two.heard).toContain("national-portal");
});

test("a line is opened again also when the database stays away for a while", async () => {
  const [one, two] = [await openLine(), await openLine()];
  await ringUntilHeard(() => one.line.ring("national-portal"), two.heard);
  const server = new URL(testDatabase.url);
  const name = server.pathname.slice(1);
  server.pathname = "/postgres";
  const admin = connect(server.href, { max: 1 });
  onTestFinished(() => admin.end());
  await admin.unsafe(`alter database ${name} allow_connections false`);
  await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`;
  await expect.poll(() => two.failures.length, { timeout: 10_000 }).toBeGreaterThan(0);
  await admin.unsafe(`alter database ${name} allow_connections true`);
  two.heard.length = 0;
  await ringUntilHeard(() => one.line.ring("national-portal"), two.heard);
  expect(two.heard).toContain("national-portal");
});
