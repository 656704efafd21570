import type { Executor } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { partitionOf } from "./copy-window.ts";
import type { HistoryMonth } from "./history-month.ts";

/** Erases what was proposed in place of bodies that are erased: it is about the same people. */
export const eraseCorrections = async (executor: Executor, month: HistoryMonth): Promise<void> => {
  await executor.execute(
    sql`update corrections c set payload = null
        where c.payload is not null and c.entry_id >= ${month.first_id}::bigint and c.entry_id < ${month.end_id}::bigint
          and exists (select 1 from ${partitionOf("entries", month)} e
                      where e.tenant = c.tenant and e.id = c.entry_id and e.bodies_erased_at is not null)`,
  );
};
