import { type Database, type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { daysBefore, momentOf } from "./moment-of.ts";
import type { RetentionPolicy } from "./retention-policy.ts";

/** A month that takes no new entries, as retention works at it. Its row is locked. */
export interface HistoryMonth {
  /** The end of its partitions' names: `2026_07`, or `first` for all that was there before months. */
  readonly name: string;
  /** Its ids: from the first up to before the end. */
  readonly first_id: string;
  readonly end_id: string;
  /** Its partition's bounds, as `attach partition` takes them; null once it is dropped. */
  readonly bounds: string | null;
  readonly copied_tenant: string | null;
  readonly copied_id: string | null;
  readonly is_copying: boolean;
  readonly is_noted: boolean;
  readonly bodies_due: boolean;
  readonly entries_due: boolean;
  /** Null: not seen to be due yet. Otherwise for how long, in seconds; less than none when the clock was set back since. */
  readonly due_for: number | null;
}

/** The months at which there may be something to do, the oldest first. */
export const listDueMonths = async (
  database: Database,
  { bodiesDays }: RetentionPolicy,
  at?: Date,
): Promise<string[]> => {
  // What is past the time of entries is past the time of bodies.
  const found = await rows<{ name: string }>(
    database,
    sql`select name from history_months m
        where closed_at < ${daysBefore(at, bodiesDays)} or dropped_at is not null
          or exists (select 1 from kept_bodies k where k.month = m.name)
        order by first_id`,
  );
  return found.map(({ name }) => name);
};

/** Locks a month for this transaction; null when another process has it. */
export const lockMonth = async (
  executor: Executor,
  name: string,
  { bodiesDays, entriesDays }: RetentionPolicy,
  at?: Date,
): Promise<HistoryMonth | null> => {
  const [row] = await rows<HistoryMonth>(
    executor,
    sql`select m.name, m.first_id, m.end_id, p.bounds, m.copied_tenant, m.copied_id,
               to_regclass('entries_' || m.name || '_copy') is not null as is_copying,
               m.deliveries_noted_at is not null as is_noted,
               m.bodies_erased_at is null and m.closed_at < ${daysBefore(at, bodiesDays)} as bodies_due,
               m.closed_at < ${daysBefore(at, entriesDays)} as entries_due,
               extract(epoch from ${momentOf(at)} - m.due_at)::float8 as due_for
        from history_months m left join entry_partitions p on p.name = m.name
        where m.name = ${name} for update of m skip locked`,
  );
  return row ?? null;
};
