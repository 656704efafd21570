import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/**
 * Settles an entry as cancelled, if it is queued, waiting or failed (api section 4). The next of its stream is free.
 *
 * @param reason sealed words of the person who cancels.
 * @returns whether the entry was in one of these states.
 */
export const cancelEntry = async (
  executor: Executor,
  tenant: string,
  id: string,
  reason: Uint8Array,
): Promise<boolean> => {
  const cancelled = await rows<{ id: string }>(
    executor,
    sql`with gone as (
          delete from pending where tenant = ${tenant} and id = ${id}::bigint and state in ('queued', 'waiting', 'failed')
          returning id, attempts, state as was, direction, platform, agency
        )
        insert into settled (tenant, id, was, state, attempts, reason, direction, platform, agency)
        select ${tenant}, id, was, 'cancelled', attempts, ${reason}, direction, platform, agency from gone
        returning id`,
  );
  return cancelled.length > 0;
};
