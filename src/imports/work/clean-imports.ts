import { type Database, type Executor, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";

/** Rows of one kind deleted in one transaction. */
const MOST_ROWS = 5000;
/** Batches are large. */
const MOST_BATCHES = 50;
/** How long an incomplete file waits to be sent again: as long as its key would have lived. */
const INCOMPLETE_DAYS = 30;

/** Reports that are old enough, and files that nobody sent again, are given up. */
const expire = async (executor: Executor, tenant: string, keptDays: number): Promise<void> => {
  await executor.execute(
    sql`update imports set state = 'deleted', is_unclean = true
        where tenant = ${tenant}
          and (state in ('finished', 'cancelled') and finished_at < now() - make_interval(days => ${keptDays})
            or state = 'incomplete' and heard_at < now() - make_interval(days => ${INCOMPLETE_DAYS}))`,
  );
};

const removeSome = async (
  executor: Executor,
  tenant: string,
  { id, state, upload }: { id: string; state: string; upload: number },
): Promise<number> => {
  const isOver = state !== "incomplete" && state !== "running" && state !== "paused";
  const [row] = await rows<{ removed: number }>(
    executor,
    sql`with batches as (
          delete from import_batches where ctid = any(array(
            select ctid from import_batches
            where tenant = ${tenant} and import_id = ${id}::bigint and (${isOver} or upload < ${upload}) limit ${MOST_BATCHES}))
          returning 1
        ),
        codes as (
          delete from import_codes where ctid = any(array(
            select ctid from import_codes where tenant = ${tenant} and import_id = ${id}::bigint and ${isOver} limit ${MOST_ROWS}))
          returning 1
        ),
        findings as (
          delete from import_findings where ctid = any(array(
            select ctid from import_findings
            where tenant = ${tenant} and import_id = ${id}::bigint and ${state === "deleted"} limit ${MOST_ROWS}))
          returning 1
        )
        select ((select count(*) from batches) + (select count(*) from codes) + (select count(*) from findings))::int as removed`,
  );
  return row?.removed ?? 0;
};

/**
 * Removes what nobody needs of imports, a bounded piece of it: lines of uploads that were begun anew, what is left of those that are over, and whole
 * ones that were deleted or are past their time.
 *
 * @returns whether there may be more.
 */
export const cleanImports = async (database: Database, tenant: string, keptDays: number): Promise<boolean> => {
  await expire(database, tenant, keptDays);
  return database.transaction(async (executor) => {
    const [unclean] = await rows<{ id: string; state: string; upload: number }>(
      executor,
      sql`select id, state, upload from imports where tenant = ${tenant} and is_unclean order by id limit 1 for update skip locked`,
    );
    if (unclean === undefined) return false;
    if ((await removeSome(executor, tenant, unclean)) > 0) return true;
    await executor.execute(
      unclean.state === "deleted"
        ? sql`delete from imports where tenant = ${tenant} and id = ${unclean.id}::bigint`
        : sql`update imports set is_unclean = false where tenant = ${tenant} and id = ${unclean.id}::bigint`,
    );
    return true;
  });
};
