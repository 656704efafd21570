import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { summarizeEntries } from "../../src/ledger/summarize-entries.ts";
import { openMonths } from "../../src/retention/open-months.ts";
import type { RetentionPolicy } from "../../src/retention/retention-policy.ts";
import { stepRetention } from "../../src/retention/step-retention.ts";
import { openLedgerScene, settlementOf } from "../ledger/ledger-scene.ts";

/** Bodies go after 90 days, entries after 400. */
export const POLICY: RetentionPolicy = { bodiesDays: 90, entriesDays: 400 };

const DAY_MS = 24 * 3_600_000;

/** The 10th of the month so many months from now, at noon in UTC: months of the scenes lie ahead of the real clock. */
export const inMonths = (months: number): Date => {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 10, 12));
};

/** So many days after. */
export const daysAfter = (at: Date, days: number): Date => new Date(at.getTime() + days * DAY_MS);

/** What partitions of a moment's month are called after. */
export const monthName = (at: Date): string => at.toISOString().slice(0, 7).replace("-", "_");

/** A ledger whose clock of months is handed in. */
export const openHistoryScene = async () => {
  const scene = await openLedgerScene();
  const { database } = scene;
  // What was there before months is empty, and done: steps are then about the months of a test alone.
  await openMonths(database);
  await database.execute(sql`update history_months set bodies_erased_at = now() where name = 'first'`);

  /** Two hourly rounds: the first opens the month, the second lets ids into it. */
  const enter = async (at: Date): Promise<void> => {
    await openMonths(database, at);
    await openMonths(database, at);
  };

  /** Accepts steps and tries them all once. */
  const acceptAnd = async (outcome: "delivered" | "refused", ...codes: string[]): Promise<string[]> => {
    const ids: string[] = [];
    for (const code of codes) ids.push(await scene.accept(code));
    const ledger = scene.dispatchLedger("scene");
    const claimed = await ledger.claim(1000);
    await ledger.settle(claimed.map((entry) => settlementOf(entry, outcome)));
    return ids;
  };

  /** Entries were settled at this moment, as far as the tables know. */
  const settledAt = (ids: readonly string[], at: Date) =>
    database.execute(
      sql`update settled set settled_at = ${at.toISOString()}::timestamptz where id = any(${`{${ids.join(",")}}`}::bigint[])`,
    );

  const step = (at: Date, policy: RetentionPolicy = POLICY) => stepRetention({ database, policy }, at);

  /** What a process does that wakes now and a day later: everything that is due now. */
  const retain = async (at: Date, policy: RetentionPolicy = POLICY): Promise<void> => {
    while (await step(at, policy));
    while (await step(daysAfter(at, 1), policy));
  };

  const tables = async (pattern: string): Promise<string[]> => {
    const found = await rows<{ name: string }>(
      database,
      sql`select relname as name from pg_class where relkind = 'r' and relname like ${pattern} order by 1`,
    );
    return found.map(({ name }) => name);
  };

  /** Of each entry, what is left: payload, evidence of its attempts, digests in their place. */
  const bodies = (ids: readonly string[]) =>
    rows<{ id: string; payload: boolean; digest: boolean; erased: boolean; evidence: number; digests: number }>(
      database,
      sql`select e.id, e.payload is not null as payload, e.payload_digest is not null as digest,
                 e.bodies_erased_at is not null as erased, count(a.evidence)::int as evidence,
                 count(a.evidence_digest)::int as digests
          from entries e left join attempts a on a.tenant = e.tenant and a.entry_id = e.id
          where e.id = any(${`{${ids.join(",")}}`}::bigint[]) group by e.tenant, e.id order by e.id`,
    );

  return {
    ...scene,
    enter,
    acceptAnd,
    settledAt,
    step,
    retain,
    tables,
    bodies,
    sums: async () => (await summarizeEntries(database, "H04", null)).items,
  };
};

/** A ledger over months. */
export type HistoryScene = Awaited<ReturnType<typeof openHistoryScene>>;
