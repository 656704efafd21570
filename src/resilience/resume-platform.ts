import type { PlatformId } from "../../contracts/adapter.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** Lets a paused platform's entries go. @returns false when it was not paused. */
export const resumePlatform = async (executor: Executor, tenant: string, platform: PlatformId): Promise<boolean> => {
  const resumed = await rows(
    executor,
    sql`update platform_states set paused_at = null, resumed_at = clock_timestamp()
        where tenant = ${tenant} and platform = ${platform} and paused_at is not null
        returning 1`,
  );
  return resumed.length > 0;
};
