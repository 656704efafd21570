import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { ClaimedEntry, DispatchLedger } from "../../contracts/ledger.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { cancelEntry } from "../../src/ledger/cancel-entry.ts";
import { type ClaimMarks, createClaimMarks } from "../../src/ledger/claim-marks.ts";
import { type LedgerScene, openLedgerScene, settlementOf } from "./ledger-scene.ts";

const LOOKS = 5;

let scene: LedgerScene;
let marks: ClaimMarks;
let ledger: DispatchLedger;
/** The process's clock, in milliseconds; it stands still unless a test moves it. */
let clock: number;

beforeAll(async () => {
  scene = await openLedgerScene();
});
beforeEach(async () => {
  await scene.database.execute(sql`truncate entries, pending, settled, attempts, holdings`);
  clock = 0;
  marks = createClaimMarks(() => clock, LOOKS);
  ledger = scene.dispatchLedger("first", {}, marks);
});
afterAll(() => scene.close());

const ids = (claimed: readonly ClaimedEntry[]): string[] => claimed.map(({ id }) => id);
const acceptAll = async (streams: readonly string[]): Promise<string[]> => {
  const accepted: string[] = [];
  for (const stream of streams) accepted.push(await scene.accept(stream));
  return accepted;
};
const dueSince = (id: string, interval: string) =>
  scene.database.execute(sql`update pending set next_at = now() - ${interval}::interval where id = ${id}::bigint`);
const allDueSince = (interval: string) =>
  scene.database.execute(
    sql`update pending set next_at = now() - ${interval}::interval + position % 1000000 * interval '1 us'`,
  );
/** Where the next claim begins among entries of normal priority. */
const markOf = (): string => marks.plan(0).stretches[1]?.low.id ?? "";

test("a claim goes on behind the last one", async () => {
  const accepted = await acceptAll(["A", "B", "C", "D"]);
  await allDueSince("1 hour");
  expect(ids(await ledger.claim(2))).toEqual(accepted.slice(0, 2));
  expect(markOf()).toBe(accepted[1]);
  expect(ids(await ledger.claim(2))).toEqual(accepted.slice(2));
  expect(await ledger.claim(2)).toEqual([]);
});

test("the next of a stream is claimed at once when a settle of this process frees it, though the claims have passed it", async () => {
  const [first, second, other] = await acceptAll(["A", "A", "B"]);
  await allDueSince("1 hour");
  const claimed = await ledger.claim(10);
  expect(ids(claimed)).toEqual([first, other]);
  expect(await ledger.claim(10)).toEqual([]);
  await ledger.settle(claimed.map((entry) => settlementOf(entry, "delivered")));
  expect(ids(await ledger.claim(10))).toEqual([second]);
});

test("what waits or failed frees nothing; what is freed is claimed only if it is first, due, and nobody holds it", async () => {
  const [first, second, third] = await acceptAll(["A", "A", "A"]);
  await allDueSince("1 hour");
  const head = await ledger.claim(10);
  await ledger.settle(head.map((entry) => settlementOf(entry, "refused")));
  expect(await ledger.claim(10)).toEqual([]);
  marks.free([second ?? "", third ?? ""]);
  expect(await ledger.claim(10)).toEqual([]);
  await cancelEntry(scene.database, "H04", first ?? "", new Uint8Array());
  await scene.database.execute(
    sql`update pending set next_at = now() + interval '1 hour' where id = ${second}::bigint`,
  );
  marks.free([second ?? ""]);
  expect(await ledger.claim(10)).toEqual([]);
  await dueSince(second ?? "", "1 hour");
  expect(ids(await scene.dispatchLedger("other").claim(10))).toEqual([second]);
  marks.free([second ?? ""]);
  expect(await ledger.claim(10)).toEqual([]);
});

test("what somebody else freed is found within a second", async () => {
  const [first, second] = await acceptAll(["A", "A"]);
  await allDueSince("1 hour");
  await ledger.settle((await ledger.claim(10)).map((entry) => settlementOf(entry, "refused")));
  expect(await ledger.claim(10)).toEqual([]);
  await cancelEntry(scene.database, "H04", first ?? "", new Uint8Array());
  clock = 999;
  expect(await ledger.claim(10)).toEqual([]);
  clock = 1000;
  expect(ids(await ledger.claim(10))).toEqual([second]);
});

test("what was accepted by a transaction that committed late is claimed at once", async () => {
  await acceptAll(["A"]);
  await ledger.claim(10);
  const late = await scene.accept("B");
  await dueSince(late, "30 milliseconds");
  expect(ids(await ledger.claim(10))).toEqual([late]);
});

/** A failed head for each of these streams, made by another process: what comes behind is blocked. */
const block = async (streams: readonly string[]): Promise<void> => {
  await acceptAll(streams);
  const other = scene.dispatchLedger("other");
  await other.settle((await other.claim(10)).map((entry) => settlementOf(entry, "refused")));
};

test("a claim finds what is free behind any number of blocked entries, and no later claim looks at those again", async () => {
  await block(["A", "B"]);
  await acceptAll(Array.from({ length: 4 * LOOKS }, (_, n) => (n % 2 === 0 ? "A" : "B")));
  const free = await scene.accept("C");
  await allDueSince("1 hour");
  expect(ids(await ledger.claim(1))).toEqual([free]);
  expect(markOf()).toBe(free);
  expect(await ledger.claim(1)).toEqual([]);
});

test("a sweep of many blocked entries goes on claim by claim, and does not hold up what lies ahead", async () => {
  await block(["A"]);
  await acceptAll(Array.from({ length: 3 * LOOKS }, () => "A"));
  const freedElsewhere = [await scene.accept("B"), await scene.accept("B")];
  await allDueSince("1 hour");
  const claimed = await scene.dispatchLedger("other").claim(10);
  expect(ids(claimed)).toEqual([freedElsewhere[0]]);
  clock = 500;
  expect(await ledger.claim(10)).toEqual([]);
  await scene.dispatchLedger("other").settle(claimed.map((entry) => settlementOf(entry, "delivered")));
  clock = 1000;
  const fresh = await scene.accept("C");
  // The first piece of the sweep sees blocked entries alone; the mark's own stretch is looked at all the same.
  expect(ids(await ledger.claim(10))).toEqual([fresh]);
  expect(await ledger.claim(10)).toEqual([]);
  expect(await ledger.claim(10)).toEqual([]);
  expect(ids(await ledger.claim(10))).toEqual([freedElsewhere[1]]);
});

test("a sweep begins where the one before it found the first entry", async () => {
  await acceptAll(["A", "A", "B"]);
  await allDueSince("1 hour");
  await ledger.settle((await ledger.claim(10)).map((entry) => settlementOf(entry, "refused")));
  const [first] = await rows<{ at: string }>(
    scene.database,
    sql`select to_jsonb(min(next_at)) as at from pending where state = 'queued'`,
  );
  clock = 1000;
  await ledger.claim(10);
  clock = 2000;
  const [low] = marks
    .plan(0)
    .stretches.slice(3)
    .map((stretch) => stretch.low.at);
  expect(Date.parse(low ?? "")).toBe(Math.floor(Date.parse(first?.at ?? "")));
});

test("a sweep that took long is followed by a longer rest", () => {
  const ended = { at: "2026-11-20T00:00:00+00:00", id: "0", ended: true, base: "2026-11-20T00:00:00+00:00" };
  const isSweeping = (): boolean => marks.plan(0).stretches.length > 3;
  clock = 1000;
  expect(isSweeping()).toBe(true);
  clock = 1300;
  marks.reached(Array.from({ length: 6 }, () => ended));
  expect(isSweeping()).toBe(false);
  clock = 3999;
  expect(isSweeping()).toBe(false);
  clock = 4000;
  expect(isSweeping()).toBe(true);
});

test("freed entries are handed to one claim each, no more than it may take", () => {
  marks.free(["1", "2", "3", "2"]);
  expect(marks.plan(2).freed).toEqual(["1", "2"]);
  expect(marks.plan(2).freed).toEqual(["3"]);
  expect(marks.plan(2).freed).toEqual([]);
});
