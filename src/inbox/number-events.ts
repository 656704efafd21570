import { type Database, type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** Events numbered under one lock; a backlog takes several. */
const BATCH = 2000;

const isAnyUnnumbered = async (executor: Executor, tenant: string): Promise<boolean> => {
  const found = await rows(
    executor,
    sql`select 1 from inbox_events where tenant = ${tenant} and position is null limit 1`,
  );
  return found.length > 0;
};

/** The counter's row, locked until the transaction ends. Others wait here, so that batches commit in the order of their positions. */
const lockCounter = async (executor: Executor, tenant: string): Promise<string> => {
  const read = () =>
    rows<{ last: string }>(executor, sql`select last from inbox_counters where tenant = ${tenant} for update`);
  let [row] = await read();
  if (row === undefined) {
    await executor.execute(sql`insert into inbox_counters (tenant) values (${tenant}) on conflict do nothing`);
    [row] = await read();
  }
  if (row === undefined) throw new Error("the counter of the inbox is gone");
  return row.last;
};

// A statement of its own, behind the lock: it then sees everything that earlier holders of the lock numbered.
const numberBatch = async (executor: Executor, tenant: string, last: string): Promise<number> => {
  const numbered = await rows<{ count: number }>(
    executor,
    sql`with fresh as (
          select id, row_number() over (order by seq) as n from (
            select id, seq from inbox_events where tenant = ${tenant} and position is null order by seq limit ${BATCH}) f
        ),
        numbered as (
          update inbox_events e set position = ${last}::bigint + fresh.n from fresh
          where e.tenant = ${tenant} and e.id = fresh.id returning 1
        )
        update inbox_counters set last = last + (select count(*) from numbered) where tenant = ${tenant}
        returning (select count(*)::int from numbered) as count`,
  );
  return numbered[0]?.count ?? 0;
};

/**
 * Gives positions to the events that are committed and have none (api section 8). Positions grow by one, in the order in
 * which they become visible: whoever read up to a position will never find a new event at or before it, whatever
 * transactions are still open. Every reader calls it before it reads; a chore keeps the rest small.
 *
 * @returns how many were numbered.
 */
export const numberEvents = async (database: Database, tenant: string): Promise<number> => {
  let total = 0;
  while (await isAnyUnnumbered(database, tenant)) {
    const numbered = await database.transaction(async (transaction) =>
      numberBatch(transaction, tenant, await lockCounter(transaction, tenant)),
    );
    total += numbered;
    if (numbered < BATCH) break;
  }
  return total;
};
