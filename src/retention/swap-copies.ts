import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { partitionOf } from "./copy-window.ts";
import type { HistoryMonth } from "./history-month.ts";
import { setLockPatience } from "./lock-patience.ts";
import { momentOf } from "./moment-of.ts";

/** Everybody who reads or writes the ledger waits while the swap waits, so it does not wait long. */
const PATIENCE_MS = 250;

/** Takes the tables of the ledger for this transaction alone, or fails soon (`isLockRefused`). */
export const lockHistory = async (executor: Executor): Promise<void> => {
  await setLockPatience(executor, PATIENCE_MS);
  await executor.execute(sql`lock table entries, attempts in access exclusive mode`);
};

/** An unsettled entry that came into the month after the copying had passed it: no way is known, and none may be lost. */
const isIncomplete = async (executor: Executor, month: HistoryMonth): Promise<boolean> => {
  const [row] = await rows<{ missing: boolean }>(
    executor,
    sql`select exists (select 1 from pending p where p.id >= ${month.first_id}::bigint and p.id < ${month.end_id}::bigint
                and not exists (select 1 from ${partitionOf("entries", month, "_copy")} c
                                where c.tenant = p.tenant and c.id = p.id)) as missing`,
  );
  return row?.missing ?? true;
};

/** Entries that kept their bodies may have been tried again since they were copied. */
const addNewAttempts = async (executor: Executor, month: HistoryMonth): Promise<void> => {
  const copy = partitionOf("attempts", month, "_copy");
  // The columns stand in one order in both: each was made after the table that they are partitions of.
  await executor.execute(
    sql`insert into ${copy}
        select a.* from kept_bodies k
        join lateral (select * from ${partitionOf("attempts", month)} a
                      where a.tenant = k.tenant and a.entry_id = k.entry_id offset 0) a on true
        where k.month = ${month.name}
          and not exists (select 1 from ${copy} c where c.tenant = a.tenant and c.entry_id = a.entry_id and c.n = a.n)`,
  );
};

const swapTable = async (executor: Executor, table: "entries" | "attempts", month: HistoryMonth): Promise<void> => {
  const partition = partitionOf(table, month);
  const copy = partitionOf(table, month, "_copy");
  await executor.execute(sql`drop table ${partition}`);
  await executor.execute(sql`alter table ${copy} rename to ${partition}`);
  await executor.execute(
    sql`alter table ${sql.identifier(table)} attach partition ${partition} ${sql.raw(month.bounds ?? "")}`,
  );
  await executor.execute(sql`alter table ${partition} drop constraint copy_bounds`);
};

/**
 * Puts the copies of a month in the place of its partitions, in this transaction: a reader sees the month with its bodies or without
 * them, and never half of it.
 *
 * @returns whether it was done: when not, the copies lack an entry and have to be made anew.
 */
export const swapCopies = async (executor: Executor, month: HistoryMonth, at?: Date): Promise<boolean> => {
  await lockHistory(executor);
  if (await isIncomplete(executor, month)) return false;
  await addNewAttempts(executor, month);
  await swapTable(executor, "entries", month);
  await swapTable(executor, "attempts", month);
  await executor.execute(
    sql`update history_months set bodies_erased_at = ${momentOf(at)}, due_at = null, copied_tenant = null, copied_id = null
        where name = ${month.name}`,
  );
  return true;
};
