import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { ClaimedEntry, DispatchLedger, Settlement } from "../../contracts/ledger.ts";
import { sql } from "../../src/database/sql.ts";
import { cancelEntry } from "../../src/ledger/cancel-entry.ts";
import { retryEntry } from "../../src/ledger/retry-entry.ts";
import { settleEntries } from "../../src/ledger/settle-entries.ts";
import { attemptOf, type LedgerScene, openLedgerScene, settlementOf } from "./ledger-scene.ts";

let scene: LedgerScene;
let ledger: DispatchLedger;

beforeAll(async () => {
  scene = await openLedgerScene();
});
beforeEach(async () => {
  await scene.database.execute(sql`truncate entries, pending, settled, attempts, holdings`);
  ledger = scene.dispatchLedger("first");
});
afterAll(() => scene.close());

const ids = (claimed: readonly ClaimedEntry[]): string[] => claimed.map(({ id }) => id);

const claimOne = async (from: DispatchLedger): Promise<ClaimedEntry> => {
  const [entry] = await from.claim(1);
  if (entry === undefined) throw new Error("nothing was claimed");
  return entry;
};

test("only the first unsettled entry of each stream is claimed, and the next one after it is settled", async () => {
  const [a1, a2, b1] = [await scene.accept("A"), await scene.accept("A"), await scene.accept("B")];
  const claimed = await ledger.claim(10);
  expect(ids(claimed)).toEqual([a1, b1]);
  expect(await ledger.claim(10)).toEqual([]);
  await ledger.settle(claimed.map((entry) => settlementOf(entry, "delivered")));
  expect(ids(await ledger.claim(10))).toEqual([a2]);
});

test("a claim takes no more than asked for, the more urgent stream first", async () => {
  const bulk = await scene.accept("A", "dossier.step", { priority: 2 });
  const normal = await scene.accept("B", "dossier.step", { priority: 1 });
  const desk = await scene.accept("C", "dossier.step", { priority: 0 });
  expect(ids(await ledger.claim(2))).toEqual([desk, normal]);
  expect(ids(await ledger.claim(2))).toEqual([bulk]);
});

test("a claim carries what the next try needs to know", async () => {
  await scene.accept("A", "dossier.put");
  const first = await claimOne(ledger);
  expect(first).toMatchObject({ operation: "dossier.put", dossierCode: "A", correlationId: "test", fence: 1 });
  expect(first).toMatchObject({ known: false, unknownOutcome: false, tries: 0, attempts: 0 });
  expect(Buffer.from(first.payload).toString()).toBe("A");
  await ledger.settle([settlementOf(first, "unknown")]);
  const second = await claimOne(ledger);
  expect(second).toMatchObject({ known: false, unknownOutcome: true, tries: 1, attempts: 1, fence: 2 });
  await ledger.settle([settlementOf(second, "delivered")]);
  await scene.accept("A", "dossier.put");
  expect(await claimOne(ledger)).toMatchObject({ known: true, unknownOutcome: false, tries: 0, attempts: 0 });
});

test("an entry of another deployment or platform is never claimed", async () => {
  await scene.accept("A", "dossier.step", { tenant: "H25" });
  expect(await ledger.claim(10)).toEqual([]);
  expect(await scene.dispatchLedger("first", { tenant: "H25" }).claim(10)).toHaveLength(1);
});

test("an entry that waits is not claimed before it is due, nor is anything behind it", async () => {
  const head = await scene.accept("A");
  await scene.accept("A");
  const entry = await claimOne(ledger);
  const fault = { outcome: "transient", code: "upstream_unavailable", message: "away" } as const;
  await ledger.settle([{ entry, next: { state: "waiting", delayMs: 60_000, fault }, attempts: [] }]);
  expect(await ledger.claim(10)).toEqual([]);
  const waiting = await scene.read(head);
  expect(waiting).toMatchObject({ state: "waiting", errorCode: "upstream_unavailable", tries: 1, attempts: 0 });
  expect(waiting.dueIn).toBeGreaterThan(50);
  expect(waiting.dueIn).toBeLessThanOrEqual(60);
});

test("the result of a holder whose lease was taken over changes nothing and records nothing", async () => {
  const id = await scene.accept("A");
  const dead = scene.dispatchLedger("dead", { seconds: -1 });
  const stale = await claimOne(dead);
  expect(await ledger.takeOver()).toBe(1);
  expect(await dead.settle([settlementOf(stale, "delivered")])).toEqual(new Set());
  const fresh = await claimOne(ledger);
  expect(await dead.settle([settlementOf(stale, "refused")])).toEqual(new Set());
  expect(await scene.read(id)).toMatchObject({ state: "sending", attempts: 1 });
  expect(await ledger.settle([settlementOf(fresh, "delivered")])).toEqual(new Set([id]));
  expect(await scene.read(id)).toMatchObject({ state: "delivered", attempts: 2 });
  expect((await scene.attempts(id)).map(({ outcome }) => outcome)).toEqual(["unknown", "delivered"]);
});

test("a process that claims again what it lost cannot settle it under its older fence", async () => {
  const id = await scene.accept("A");
  const stalled = scene.dispatchLedger("first", { seconds: -1 });
  const stale = await claimOne(stalled);
  await ledger.takeOver();
  const fresh = await claimOne(ledger);
  expect(fresh.fence).toBeGreaterThan(stale.fence);
  expect(await ledger.settle([settlementOf(stale, "delivered")])).toEqual(new Set());
  expect(await scene.read(id)).toMatchObject({ state: "sending" });
});

test("in a batch, the rows that are still ours are settled although one was lost", async () => {
  const [lost, kept] = [await scene.accept("A"), await scene.accept("B")];
  const entries = await ledger.claim(2);
  await scene.database.execute(sql`update pending set owner = 'other', fence = fence + 1 where id = ${lost}::bigint`);
  const settled = await ledger.settle(entries.map((entry) => settlementOf(entry, "delivered")));
  expect(settled).toEqual(new Set([kept]));
  expect(await scene.attempts(lost)).toEqual([]);
  expect(await scene.read(lost)).toMatchObject({ state: "sending" });
});

test("an entry whose lease ran out waits again with its outcome unknown, due at once, the lost attempt recorded", async () => {
  const id = await scene.accept("A");
  await scene.dispatchLedger("dead", { seconds: -1 }).claim(1);
  expect(await ledger.takeOver()).toBe(1);
  expect(await ledger.takeOver()).toBe(0);
  expect(await scene.read(id)).toMatchObject({ state: "waiting", unknown: true, errorCode: "upstream_timeout" });
  expect(await scene.attempts(id)).toEqual([{ n: 1, kind: "send", outcome: "unknown", errorCode: "upstream_timeout" }]);
  expect(await claimOne(ledger)).toMatchObject({ id, unknownOutcome: true, attempts: 1 });
});

test("a lease that is renewed in time is not taken over, and only its own holder can renew it", async () => {
  const id = await scene.accept("A");
  await scene.dispatchLedger("first", { seconds: -1 }).claim(1);
  await scene.dispatchLedger("stranger").renew([id]);
  await scene.dispatchLedger("first").renew([id]);
  expect(await ledger.takeOver()).toBe(0);
  expect(await scene.read(id)).toMatchObject({ state: "sending" });
  const other = await scene.accept("B");
  await scene.dispatchLedger("first", { seconds: -1 }).claim(1);
  await scene.dispatchLedger("stranger").renew([other]);
  expect(await ledger.takeOver()).toBe(1);
});

test("a renewal does not wait for a settlement under way, so that the two never wait for each other", async () => {
  const [settling, running] = [await scene.accept("A"), await scene.accept("B")];
  const entries = await scene.dispatchLedger("first", { seconds: -1 }).claim(2);
  const before = entries.filter(({ id }) => id === settling).map((entry) => settlementOf(entry, "transient"));
  await scene.database.transaction(async (transaction) => {
    const seal = () => new Uint8Array();
    await settleEntries(transaction, "H04", "first", "national-portal", before, seal);
    const renewed = ledger.renew([settling, running]).then(() => "renewed");
    expect(await Promise.race([renewed, delay(2000, "waits", { ref: false })])).toBe("renewed");
  });
  expect(await scene.read(settling)).toMatchObject({ state: "waiting", tries: 1 });
  expect(await ledger.takeOver()).toBe(0);
});

test("a failed head blocks its stream until a retry reopens it, with its back-off forgotten", async () => {
  const head = await scene.accept("A");
  const behind = await scene.accept("A");
  await ledger.settle([settlementOf(await claimOne(ledger), "refused")]);
  expect(await scene.read(head)).toMatchObject({ state: "failed", errorCode: "upstream_rejected" });
  expect(await ledger.claim(10)).toEqual([]);
  expect(await retryEntry(scene.database, "H04", head)).toBe(true);
  expect(await scene.read(head)).toMatchObject({ state: "queued", tries: 0, attempts: 1 });
  const again = await claimOne(ledger);
  expect(again.id).toBe(head);
  await ledger.settle([settlementOf(again, "delivered")]);
  expect(ids(await ledger.claim(10))).toEqual([behind]);
  expect((await scene.attempts(head)).map(({ n, outcome }) => [n, outcome])).toEqual([
    [1, "refused"],
    [2, "delivered"],
  ]);
});

test("cancelling a failed, waiting or queued entry frees the next; one in sending or settled cannot be cancelled", async () => {
  const [first, second, third] = [await scene.accept("A"), await scene.accept("A"), await scene.accept("A")];
  const cancel = (id: string) => cancelEntry(scene.database, "H04", id, new Uint8Array([1]));
  const sending = await claimOne(ledger);
  expect(await cancel(first)).toBe(false);
  await ledger.settle([settlementOf(sending, "refused")]);
  expect(await cancel(second)).toBe(true);
  expect(await ledger.claim(10)).toEqual([]);
  expect(await cancel(first)).toBe(true);
  expect(await cancel(first)).toBe(false);
  expect(ids(await ledger.claim(10))).toEqual([third]);
  expect(await scene.read(first)).toMatchObject({ state: "cancelled", attempts: 1 });
});

test("a transient fault keeps an outcome unknown that was so before; a refusal ends the doubt", async () => {
  const id = await scene.accept("A");
  for (const outcome of ["unknown", "transient"] as const) {
    await ledger.settle([settlementOf(await claimOne(ledger), outcome)]);
    expect(await scene.read(id)).toMatchObject({ state: "waiting", unknown: true });
  }
  await ledger.settle([settlementOf(await claimOne(ledger), "refused")]);
  expect(await scene.read(id)).toMatchObject({ state: "failed", unknown: false, attempts: 3 });
});

test("words of a platform that the database could not store as they are do not stop the batch", async () => {
  const codes = ["\0", "\ud800", `${"x".repeat(199)}\u{1f600}`];
  for (const stream of codes.keys()) await scene.accept(`dossier-${stream}`);
  const entries = await ledger.claim(codes.length);
  const settlements = entries.map((entry, i): Settlement => {
    const words = { message: "\0 \ud800", platformCode: codes[i] ?? "" };
    const fault = { outcome: "refused", code: "upstream_rejected", ...words } as const;
    const attempt = attemptOf("refused", { ...words, request: "\0", response: "\udfff" });
    return { entry, next: { state: "failed", fault }, attempts: [attempt] };
  });
  expect((await ledger.settle(settlements)).size).toBe(codes.length);
  for (const { id } of entries) expect(await scene.read(id)).toMatchObject({ state: "failed", attempts: 1 });
});

test("the age of an entry counts from its first try, and anew after a person reopened it", async () => {
  const id = await scene.accept("A");
  await scene.database.execute(sql`update entries set accepted_at = now() - interval '20 days'`);
  const first = await claimOne(ledger);
  expect(first.ageSeconds).toBeLessThan(60);
  await ledger.settle([settlementOf(first, "transient")]);
  await scene.database.execute(sql`update pending set tried_since = now() - interval '20 days', next_at = now()`);
  const second = await claimOne(ledger);
  expect(second.ageSeconds).toBeGreaterThan(19 * 24 * 3600);
  await ledger.settle([settlementOf(second, "refused")]);
  await retryEntry(scene.database, "H04", id);
  expect((await claimOne(ledger)).ageSeconds).toBeLessThan(60);
});
