import type { PlatformId } from "../../../contracts/adapter.ts";
import { PRIORITIES } from "../../../contracts/ledger.ts";
import { type Executor, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";

/**
 * Entries of back-loads that wait for a platform at most, some more by the steps of the last lines. They are what a platform takes in seconds
 * to minutes: enough that it never runs dry, too few to make the ledger's table of unsettled entries a large one.
 */
export const MOST_WAITING = 2000;

/** Whether so much bulk work waits for the platform that no more is accepted for now. Those that failed do not wait. */
export const hasBacklog = async (executor: Executor, tenant: string, platform: PlatformId): Promise<boolean> => {
  const [row] = await rows<{ waiting: number }>(
    executor,
    sql`select count(*)::int as waiting from (
          select 1 from pending
          where tenant = ${tenant} and platform = ${platform} and priority = ${PRIORITIES.bulk}::smallint
            and state in ('queued', 'waiting') limit ${MOST_WAITING}
        ) w`,
  );
  return (row?.waiting ?? 0) >= MOST_WAITING;
};
