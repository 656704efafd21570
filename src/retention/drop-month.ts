import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { partitionOf } from "./copy-window.ts";
import type { HistoryMonth } from "./history-month.ts";
import { daysBefore, momentOf } from "./moment-of.ts";
import { listTenants } from "./note-deliveries.ts";
import { lockHistory } from "./swap-copies.ts";

const hasUnsettled = async (executor: Executor, { first_id, end_id }: HistoryMonth): Promise<boolean> => {
  const found = await rows(
    executor,
    sql`select 1 from pending where id >= ${first_id}::bigint and id < ${end_id}::bigint limit 1`,
  );
  return found.length > 0;
};

/** Whether every entry of a month was settled so many days ago. One that was not keeps the whole month. */
export const isPast = async (
  executor: Executor,
  month: HistoryMonth,
  entriesDays: number,
  at?: Date,
): Promise<boolean> => {
  if (await hasUnsettled(executor, month)) return false;
  for (const tenant of await listTenants(executor)) {
    const recent = await rows(
      executor,
      sql`select 1 from settled where tenant = ${tenant} and id >= ${month.first_id}::bigint and id < ${month.end_id}::bigint
            and settled_at >= ${daysBefore(at, entriesDays)} limit 1`,
    );
    if (recent.length > 0) return false;
  }
  return true;
};

/**
 * Drops the entries and attempts of a month, in this transaction. What is settled never moves again, so nothing can have come
 * between `isPast` and this but an entry that no way is known for.
 *
 * @returns whether they were dropped.
 */
export const dropMonth = async (executor: Executor, month: HistoryMonth, at?: Date): Promise<boolean> => {
  await lockHistory(executor);
  if (await hasUnsettled(executor, month)) return false;
  for (const table of ["entries", "attempts"] as const) {
    await executor.execute(
      sql`drop table if exists ${partitionOf(table, month)}, ${partitionOf(table, month, "_copy")}`,
    );
  }
  await executor.execute(sql`delete from kept_bodies where month = ${month.name}`);
  await executor.execute(sql`update history_months set dropped_at = ${momentOf(at)} where name = ${month.name}`);
  return true;
};

/** Forgets how the entries of a dropped month ended where that stands in no month of its own, and then the month. */
export const forgetMonth = async (executor: Executor, { name, first_id, end_id }: HistoryMonth): Promise<void> => {
  await executor.execute(sql`delete from settled_default where id >= ${first_id}::bigint and id < ${end_id}::bigint`);
  await executor.execute(sql`delete from history_months where name = ${name}`);
};
