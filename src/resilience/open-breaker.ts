import type { PlatformId } from "../../contracts/adapter.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/**
 * Opens the breaker for all processes, by the database's clock. One that is open already stays as it is: its time to
 * try again must not move with every process that notices.
 *
 * @returns whether this call opened it.
 */
export const openBreaker = async (executor: Executor, tenant: string, platform: PlatformId): Promise<boolean> => {
  const opened = await rows(
    executor,
    sql`insert into platform_states as s (tenant, platform, opened_at, breaker_since)
        values (${tenant}, ${platform}, clock_timestamp(), clock_timestamp())
        on conflict (tenant, platform) do update
        set opened_at = clock_timestamp(), breaker_since = clock_timestamp(), try_until = null
        where s.opened_at is null
        returning 1`,
  );
  return opened.length > 0;
};
