import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Database, rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { cancelEntry } from "../../src/ledger/cancel-entry.ts";
import { retryEntry } from "../../src/ledger/retry-entry.ts";
import { stepRetention } from "../../src/retention/step-retention.ts";
import { openDatabase } from "../../src/runtime/node-gateway.ts";
import { settlementOf } from "../ledger/ledger-scene.ts";
import { daysAfter, type HistoryScene, inMonths, monthName, openHistoryScene, POLICY } from "./history-scene.ts";

let scene: HistoryScene;
beforeEach(async () => {
  scene = await openHistoryScene();
});
afterEach(() => scene.close());

const WHOLE = { payload: true, digest: false, erased: false, evidence: 1, digests: 0 };
const ERASED = { payload: false, digest: true, erased: true, evidence: 0, digests: 1 };
const KEPT = WHOLE;

/** When the scene's first month is over, and when its bodies are past their time. */
const over = inMonths(1);
const past = daysAfter(over, 90.5);

/** A month with three delivered entries, that is over. */
const finishedMonth = async (): Promise<string[]> => {
  const ids = await scene.acceptAnd("delivered", "A", "B", "C");
  await scene.enter(over);
  return ids;
};

const digestOf = (bytes: Uint8Array | null | undefined): string =>
  createHash("sha256")
    .update(bytes ?? new Uint8Array())
    .digest("hex");

test("bodies stay for their time and a day; then nothing is left of them but digests of the sealed bytes", async () => {
  const ids = await finishedMonth();
  const [before] = await rows<{ payload: Uint8Array; evidence: Uint8Array }>(
    scene.database,
    sql`select e.payload, a.evidence from entries e join attempts a on a.entry_id = e.id where e.id = ${ids[0]}::bigint`,
  );
  await scene.retain(daysAfter(over, 88));
  expect(await scene.bodies(ids)).toMatchObject([WHOLE, WHOLE, WHOLE]);
  expect(await scene.step(past)).toBe(false);
  expect(await scene.step(daysAfter(past, 0.9))).toBe(false);
  expect(await scene.bodies(ids)).toMatchObject([WHOLE, WHOLE, WHOLE]);
  const attempts = await scene.attempts(ids[0] ?? "");
  while (await scene.step(daysAfter(past, 1)));
  expect(await scene.bodies(ids)).toMatchObject([ERASED, ERASED, ERASED]);
  expect(await scene.attempts(ids[0] ?? "")).toEqual(attempts);
  expect(await scene.read(ids[0] ?? "")).toMatchObject({ state: "delivered", attempts: 1 });
  const [after] = await rows<{ payload: string; evidence: string }>(
    scene.database,
    sql`select encode(e.payload_digest, 'hex') as payload, encode(a.evidence_digest, 'hex') as evidence
        from entries e join attempts a on a.entry_id = e.id where e.id = ${ids[0]}::bigint`,
  );
  expect(after).toEqual({ payload: digestOf(before?.payload), evidence: digestOf(before?.evidence) });
  expect(await scene.tables("%\\_copy")).toEqual([]);
  expect(await scene.step(daysAfter(past, 30))).toBe(false);
});

test("a clock that is ahead for less than a day takes nothing", async () => {
  const ids = await finishedMonth();
  while (await scene.step(daysAfter(past, 4000)));
  while (await scene.step(over));
  while (await scene.step(daysAfter(past, 3000)));
  expect(await scene.bodies(ids)).toMatchObject([WHOLE, WHOLE, WHOLE]);
});

test("the month that still takes entries keeps its bodies, however old the first of them are", async () => {
  const ids = await scene.acceptAnd("delivered", "A");
  await scene.settledAt(ids, inMonths(-12));
  await scene.retain(inMonths(12));
  expect(await scene.bodies(ids)).toMatchObject([WHOLE]);
});

test("an entry that failed or is on its way keeps its bodies, and can be sent long after those around it lost theirs", async () => {
  const [failed = ""] = await scene.acceptAnd("refused", "F");
  const [delivered = ""] = await scene.acceptAnd("delivered", "A");
  const waiting = await scene.accept("W");
  await scene.enter(over);
  await scene.retain(past);
  expect(await scene.bodies([delivered, failed])).toMatchObject(
    [delivered, failed].sort().map((id) => ({ id, ...(id === failed ? KEPT : ERASED) })),
  );
  await retryEntry(scene.database, "H04", failed);
  const ledger = scene.dispatchLedger("later");
  const claimed = await ledger.claim(10);
  expect(claimed.map(({ id }) => id).sort()).toEqual([failed, waiting].sort());
  for (const { payload } of claimed) expect(payload.length).toBeGreaterThan(0);
  await ledger.settle(claimed.map((entry) => settlementOf(entry, "delivered")));
  await scene.settledAt([failed, waiting], past);
  await scene.retain(daysAfter(past, 80));
  expect(await scene.bodies([failed])).toMatchObject([{ payload: true, evidence: 2 }]);
  await scene.retain(daysAfter(past, 91));
  expect(await scene.bodies([failed])).toMatchObject([{ ...ERASED, digests: 2 }]);
  expect(await scene.bodies([waiting])).toMatchObject([ERASED]);
  expect(await rows(scene.database, sql`select 1 from kept_bodies`)).toEqual([]);
});

test("an entry that was settled lately keeps its bodies until its own time is over", async () => {
  const [early = "", late = ""] = await scene.acceptAnd("delivered", "A", "B");
  await scene.settledAt([late], daysAfter(over, 60));
  await scene.enter(over);
  await scene.retain(past);
  expect(await scene.bodies([early, late])).toMatchObject([ERASED, KEPT]);
  await scene.retain(daysAfter(over, 60 + 91));
  expect(await scene.bodies([early, late])).toMatchObject([ERASED, ERASED]);
});

test("what happens to kept entries between the copying and the swap is not lost", async () => {
  const [failed = "", cancelled = ""] = await scene.acceptAnd("refused", "F", "G");
  await scene.acceptAnd("delivered", "A");
  await scene.enter(over);
  await scene.step(past);
  expect(await scene.step(daysAfter(past, 1))).toBe(true);
  expect(await scene.tables("%\\_copy")).toHaveLength(2);
  await retryEntry(scene.database, "H04", failed);
  const ledger = scene.dispatchLedger("between");
  await ledger.settle((await ledger.claim(10)).map((entry) => settlementOf(entry, "refused")));
  await cancelEntry(scene.database, "H04", cancelled, new Uint8Array([1]));
  expect(await scene.step(daysAfter(past, 1))).toBe(true);
  expect(await scene.tables("%\\_copy")).toEqual([]);
  expect((await scene.attempts(failed)).map(({ n }) => n)).toEqual([1, 2]);
  expect(await scene.bodies([failed])).toMatchObject([{ payload: true, evidence: 2, digests: 0 }]);
  expect((await scene.read(cancelled)).state).toBe("cancelled");
});

test("an entry that comes into a month while it is copied makes the copying begin anew", async () => {
  const ids = await finishedMonth();
  await scene.step(past);
  await scene.step(daysAfter(past, 1));
  const stray = String(BigInt(ids[2] ?? 0) + 1000n);
  await scene.database.execute(sql`
    with e as (insert into entries (tenant, id, platform, operation, stream, subject, client, agency, priority, correlation_id, payload)
               values ('H04', ${stray}::bigint, 'national-portal', 'dossier.step', 's', 's', 'c', 'H04', 1, 'x', '\\x01'))
    insert into pending (tenant, id, platform, operation, stream, position, priority, agency)
    values ('H04', ${stray}::bigint, 'national-portal', 'dossier.step', 's', 1, 1, 'H04')`);
  while (await scene.step(daysAfter(past, 1)));
  expect(await scene.bodies([...ids, stray])).toMatchObject([ERASED, ERASED, ERASED, { payload: true, evidence: 0 }]);
});

test("retention waits for nobody's long reading, and accepting goes on meanwhile", async () => {
  const ids = await finishedMonth();
  await scene.step(past);
  await scene.step(daysAfter(past, 1));
  const reader = openDatabase(scene.databaseUrl, 1);
  try {
    await reader.database.transaction(async (transaction) => {
      await transaction.execute(sql`select count(*) from entries`);
      const swapping = scene.step(daysAfter(past, 1));
      const begun = performance.now();
      await scene.accept("meanwhile");
      expect(performance.now() - begun).toBeLessThan(5000);
      expect(await swapping).toBe(false);
    });
  } finally {
    await reader.close();
  }
  expect(await scene.bodies(ids)).toMatchObject([WHOLE, WHOLE, WHOLE]);
  while (await scene.step(daysAfter(past, 1)));
  expect(await scene.bodies(ids)).toMatchObject([ERASED, ERASED, ERASED]);
});

test("a process that dies at a step leaves what was before it, and another goes on", async () => {
  const ids = await finishedMonth();
  await scene.step(past);
  await scene.step(daysAfter(past, 1));
  const dying = openDatabase(scene.databaseUrl, 1);
  const dead = dying.database.transaction(async (transaction) => {
    const cut: Database = { execute: (query) => transaction.execute(query), transaction: (work) => work(transaction) };
    expect(await stepRetention({ database: cut, policy: POLICY }, daysAfter(past, 1))).toBe(true);
    // The swap is done, and never committed.
    throw new Error("killed");
  });
  await expect(dead).rejects.toThrow("killed");
  await dying.close();
  expect(await scene.bodies(ids)).toMatchObject([WHOLE, WHOLE, WHOLE]);
  while (await scene.step(daysAfter(past, 1)));
  expect(await scene.bodies(ids)).toMatchObject([ERASED, ERASED, ERASED]);
  expect(await scene.tables("%\\_copy")).toEqual([]);
});

test("three months, two processes at once and entries settling meanwhile: every sum and every state is as it was", async () => {
  const months = [1, 2, 3].map(inMonths);
  const settled: string[] = [];
  const failed: string[] = [];
  for (const [n, month] of months.entries()) {
    settled.push(...(await scene.acceptAnd("delivered", `A${n}`, `B${n}`, `C${n}`)));
    failed.push(...(await scene.acceptAnd("refused", `F${n}`)));
    await scene.enter(month);
  }
  for (const id of failed) await retryEntry(scene.database, "H04", id);
  const others = [openDatabase(scene.databaseUrl, 2), openDatabase(scene.databaseUrl, 2)];
  const at = daysAfter(inMonths(4), 90);
  const ledger = scene.dispatchLedger("meanwhile");
  const deliver = async () => {
    for (let left = failed.length; left > 0; ) {
      const claimed = await ledger.claim(1);
      left -= claimed.length;
      await ledger.settle(claimed.map((entry) => settlementOf(entry, "delivered")));
    }
  };
  const keepGoing = async (database: (typeof others)[0]["database"]) => {
    for (let idle = 0; idle < 30; ) {
      idle = (await stepRetention({ database, policy: POLICY }, daysAfter(at, 1))) ? 0 : idle + 1;
    }
  };
  try {
    await scene.step(at);
    await Promise.all([deliver(), ...others.map(({ database }) => keepGoing(database))]);
  } finally {
    await Promise.all(others.map(({ close }) => close()));
  }
  expect(await scene.bodies(settled)).toMatchObject(settled.map(() => ERASED));
  for (const id of failed) {
    expect(await scene.read(id)).toMatchObject({ state: "delivered", attempts: 2 });
    expect((await scene.attempts(id)).map(({ n }) => n)).toEqual([1, 2]);
  }
  expect(await scene.sums()).toMatchObject([{ accepted: 12, delivered: 12, failed: 0, pending: 0 }]);
  const month = monthName(inMonths(0));
  expect(await scene.tables(`entries\\_${month}%`)).toEqual([`entries_${month}`]);
});

test("a month is swapped in pieces, with entries of several deployments in it", async () => {
  await scene.database.execute(sql`
    with e as (
      insert into entries (tenant, platform, operation, stream, subject, client, agency, priority, correlation_id, payload)
      select t, 'national-portal', 'dossier.step', 's' || n, 's' || n, 'c', 'H04', 1, 'x', '\\x0102'
      from unnest(array['H04', 'H05']) t, generate_series(1, 6000) n returning tenant, id
    ), tried as (
      insert into attempts (tenant, entry_id, n, kind, started_at, duration_ms, outcome, evidence)
      select tenant, id, n, 'send', now(), 1, 'delivered', '\\x03' from e, generate_series(1, 2) n
    )
    insert into settled (tenant, id, was, state, attempts, direction, platform, agency)
    select tenant, id, 'sending', 'delivered', 2, 'out', 'national-portal', 'H04' from e`);
  await scene.enter(over);
  await scene.step(past);
  let pieces = 0;
  while (await scene.step(daysAfter(past, 1))) pieces++;
  expect(pieces).toBe(4);
  const [left] = await rows(
    scene.database,
    sql`select (select count(*)::int from entries) as entries, (select count(payload)::int from entries) as payloads,
               (select count(payload_digest)::int from entries) as digests, (select count(*)::int from attempts) as attempts,
               (select count(evidence)::int from attempts) as evidence`,
  );
  expect(left).toEqual({ entries: 12_000, payloads: 0, digests: 12_000, attempts: 24_000, evidence: 0 });
});
