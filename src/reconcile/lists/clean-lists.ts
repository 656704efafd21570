import { type Database, type Executor, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";

/** Lines deleted in one transaction. */
const MOST_ROWS = 5000;
/** How long an upload that fell silent, and a list that no run used, are kept. */
const KEPT = { receivingHours: 1, readyDays: 7 } as const;

const expire = async (executor: Executor, tenant: string): Promise<void> => {
  await executor.execute(
    sql`update reconciliation_lists l set state = 'deleted'
        where tenant = ${tenant}
          and (state = 'receiving' and heard_at < now() - make_interval(hours => ${KEPT.receivingHours})
               or state = 'ready' and heard_at < now() - make_interval(days => ${KEPT.readyDays})
               or state = 'used' and not exists (select 1 from reconciliations r where r.tenant = l.tenant
                                                   and r.list_id = l.id and r.state = 'running'))`,
  );
};

/** Removes a bounded piece of lists that nobody needs any more: what they led to stands in the discrepancies. @returns whether there was any */
export const cleanLists = async (database: Database, tenant: string): Promise<boolean> => {
  await expire(database, tenant);
  return database.transaction(async (executor) => {
    const [list] = await rows<{ id: string }>(
      executor,
      sql`select id from reconciliation_lists where tenant = ${tenant} and state = 'deleted' order by id limit 1
          for update skip locked`,
    );
    if (list === undefined) return false;
    const removed = await rows(
      executor,
      sql`delete from reconciliation_rows where ctid = any(array(
            select ctid from reconciliation_rows where tenant = ${tenant} and list_id = ${list.id}::bigint limit ${MOST_ROWS}))
          returning 1`,
    );
    if (removed.length === 0) {
      await executor.execute(
        sql`delete from reconciliation_lists where tenant = ${tenant} and id = ${list.id}::bigint`,
      );
    }
    return true;
  });
};
