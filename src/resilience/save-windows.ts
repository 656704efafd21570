import type { PlatformId } from "../../contracts/adapter.ts";
import type { PlatformWindow } from "../../contracts/services/platforms.ts";
import type { Executor } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** Replaces a platform's maintenance windows; an empty list also puts those of the setting out of force. */
export const saveWindows = async (
  executor: Executor,
  tenant: string,
  platform: PlatformId,
  windows: readonly PlatformWindow[],
): Promise<void> => {
  await executor.execute(
    sql`insert into platform_states (tenant, platform, windows)
        values (${tenant}, ${platform}, ${JSON.stringify(windows)}::text::jsonb)
        on conflict (tenant, platform) do update set windows = excluded.windows`,
  );
};
