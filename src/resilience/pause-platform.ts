import type { PlatformId } from "../../contracts/adapter.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** Holds a platform's entries until it is resumed. @returns false when it was paused already. */
export const pausePlatform = async (executor: Executor, tenant: string, platform: PlatformId): Promise<boolean> => {
  const paused = await rows(
    executor,
    sql`insert into platform_states as s (tenant, platform, paused_at) values (${tenant}, ${platform}, clock_timestamp())
        on conflict (tenant, platform) do update set paused_at = clock_timestamp() where s.paused_at is null
        returning 1`,
  );
  return paused.length > 0;
};
