import type { PlatformId } from "../../contracts/adapter.ts";
import type { Executor } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** Notes that the platform answered well just now. Callers write it once in a few seconds at most. */
export const noteGoodCall = async (executor: Executor, tenant: string, platform: PlatformId): Promise<void> => {
  await executor.execute(
    sql`insert into platform_states (tenant, platform, last_good_at) values (${tenant}, ${platform}, clock_timestamp())
        on conflict (tenant, platform) do update set last_good_at = clock_timestamp()`,
  );
};
