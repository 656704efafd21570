import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/**
 * Makes an entry due now: a failed one is queued again with its back-off forgotten, a waiting one is due at once, a queued one stays as
 * it is (api section 4). An entry in any other state is not touched.
 *
 * @returns whether the entry was in one of these states.
 */
export const retryEntry = async (executor: Executor, tenant: string, id: string): Promise<boolean> => {
  const reopened = await rows<{ id: string }>(
    executor,
    sql`update pending set state = case state when 'failed' then 'queued' else state end,
               tries = case state when 'failed' then 0 else tries end,
               tried_since = case state when 'failed' then null else tried_since end,
               next_at = case state when 'queued' then next_at else now() end
        where tenant = ${tenant} and id = ${id}::bigint and state in ('failed', 'waiting', 'queued')
        returning id`,
  );
  return reopened.length > 0;
};
