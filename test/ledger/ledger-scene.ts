import type { Fault, Operation } from "../../contracts/adapter.ts";
import {
  type AttemptRecord,
  type ClaimedEntry,
  type DispatchLedger,
  type EntryState,
  PRIORITIES,
  type Settlement,
} from "../../contracts/ledger.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { writeAcceptances } from "../../src/dossiers/acceptance/write-acceptances.ts";
import type { ClaimMarks } from "../../src/ledger/claim-marks.ts";
import { createDispatchLedger } from "../../src/ledger/dispatch-ledger.ts";
import { supersedeUpdates } from "../../src/ledger/supersede-updates.ts";
import { openDatabase } from "../../src/runtime/node-gateway.ts";
import { createTestDatabase } from "../database.ts";

/** The entry as the tables hold it, settled or not. */
export interface StoredEntry {
  readonly id: string;
  readonly state: EntryState;
  readonly position: string | null;
  readonly attempts: number;
  readonly tries: number | null;
  readonly unknown: boolean | null;
  readonly errorCode: string | null;
  readonly supersededBy: string | null;
  /** Seconds until it is due. */
  readonly dueIn: number | null;
}

/** One row of an entry's attempt log. */
export interface StoredAttempt {
  readonly n: number;
  readonly kind: string;
  readonly outcome: string;
  readonly errorCode: string | null;
}

const NOTHING = { dossiers: [], events: [], lifts: [], holdings: [], answers: [], released: [] };

const toBytes = (plain: string): Uint8Array => new TextEncoder().encode(plain);

/** The real statements over a database of the test's own, without an application around them. */
export const openLedgerScene = async (connections = 6) => {
  const testDatabase = await createTestDatabase();
  const { database, close } = openDatabase(testDatabase.url, connections);

  const newEntry = (dossierCode: string, operation: Operation, priority: number) => ({
    platform: "national-portal" as const,
    operation,
    stream: `national-portal:dossier:${dossierCode}`,
    subject: dossierCode,
    dossierCode,
    client: "province",
    agency: "H04",
    priority,
    correlationId: "test",
    payload: toBytes(dossierCode),
  });

  /** Accepts a step, or a full update with what it supersedes, as the dossier office does. */
  const accept = async (
    dossierCode: string,
    operation: Operation = "dossier.step",
    { tenant = "H04", priority = PRIORITIES.normal as number } = {},
  ): Promise<string> => {
    return database.transaction(async (transaction) => {
      const [row] = await rows<{ id: string }>(transaction, sql`select nextval('entries_id_seq')::text as id`);
      const id = row?.id ?? "";
      const entry = { ...newEntry(dossierCode, operation, priority), id, supersedes: operation === "dossier.put" };
      const places = await supersedeUpdates(transaction, tenant, entry.supersedes ? [entry] : []);
      const { position } = places.get(entry.stream) ?? { position: id };
      await writeAcceptances(transaction, tenant, { ...NOTHING, entries: [{ ...entry, position }] });
      return id;
    });
  };

  /** A dispatcher's port. A negative lease is over at once, as if its holder had been dead for that long. */
  const dispatchLedger = (
    owner: string,
    { seconds = 60, tenant = "H04", most = 1 } = {},
    marks?: ClaimMarks,
  ): DispatchLedger => {
    const lease = { owner, seconds };
    return createDispatchLedger(database, tenant, "national-portal", lease, toBytes, undefined, undefined, marks, most);
  };

  const read = async (id: string, tenant = "H04"): Promise<StoredEntry> => {
    const [row] = await rows<StoredEntry>(
      database,
      sql`select e.id, coalesce(s.state, p.state) as state, p.position, coalesce(s.attempts, p.attempts) as attempts,
                 p.tries, p.unknown_outcome as unknown, p.error_code as "errorCode", s.superseded_by as "supersededBy",
                 extract(epoch from p.next_at - now())::float8 as "dueIn"
          from entries e left join pending p on p.tenant = e.tenant and p.id = e.id
          left join settled s on s.tenant = e.tenant and s.id = e.id
          where e.tenant = ${tenant} and e.id = ${id}::bigint`,
    );
    if (row === undefined) throw new Error(`no entry ${id}`);
    return row;
  };

  const attempts = (id: string): Promise<StoredAttempt[]> =>
    rows<StoredAttempt>(
      database,
      sql`select n, kind, outcome, error_code as "errorCode" from attempts
          where tenant = 'H04' and entry_id = ${id}::bigint order by n`,
    );

  return {
    database,
    databaseUrl: testDatabase.url,
    accept,
    dispatchLedger,
    read,
    attempts,
    close: async (): Promise<void> => {
      await close();
      await testDatabase.drop();
    },
  };
};

/** A ledger with nothing in front of it. */
export type LedgerScene = Awaited<ReturnType<typeof openLedgerScene>>;

/** A fault of each outcome. */
export const FAULT = {
  refused: { outcome: "refused", code: "upstream_rejected", platformCode: "3", message: "no" },
  transient: { outcome: "transient", code: "upstream_unavailable", message: "away" },
  unknown: { outcome: "unknown", code: "upstream_timeout", message: "no answer" },
} as const satisfies Record<Fault["outcome"], Fault>;

/** One recorded attempt. */
export const attemptOf = (outcome: AttemptRecord["outcome"], parts: Partial<AttemptRecord> = {}): AttemptRecord => ({
  kind: "send",
  startedAt: new Date("2026-11-20T08:00:00Z"),
  durationMs: 3,
  outcome,
  request: "{}",
  response: "{}",
  ...(outcome !== "delivered" && { errorCode: FAULT[outcome].code }),
  ...parts,
});

/** How one try ended, as a dispatcher would report it; what waits is due at once. A refused packet goes one by one then. */
export const settlementOf = (entry: ClaimedEntry, outcome: AttemptRecord["outcome"]): Settlement => {
  const { followers } = entry;
  if (followers === undefined) return settlementOfOne(entry, outcome);
  const together = (one: ClaimedEntry): Settlement => {
    const settlement = settlementOfOne(one, outcome);
    return outcome === "refused"
      ? { ...settlement, next: { state: "waiting", delayMs: 0, fault: FAULT.refused } }
      : settlement;
  };
  return { ...together(entry), followers: followers.map(together) };
};

const settlementOfOne = (entry: ClaimedEntry, outcome: AttemptRecord["outcome"]): Settlement => {
  const attempts = [attemptOf(outcome)];
  if (outcome === "delivered") return { entry, next: { state: "delivered" }, attempts };
  const fault = FAULT[outcome];
  if (outcome === "refused") return { entry, next: { state: "failed", fault }, attempts };
  return { entry, next: { state: "waiting", delayMs: 0, fault }, attempts };
};

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** The seed of this run: `TEST_SEED`, or always the same. Printed with every failure that depends on it. */
export const SEED = Number(process.env["TEST_SEED"] ?? 20_261_120);
