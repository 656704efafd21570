import type { PlatformId } from "../../contracts/adapter.ts";
import type { PlatformWindow } from "../../contracts/services/platforms.ts";
import { type Executor, rows, textArray } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { usedToday } from "./spend-budget.ts";

/** What the database knows about a platform, with the time it says it is. Times in milliseconds. */
export interface PlatformFacts {
  readonly platform: PlatformId;
  readonly now: number;
  readonly pausedAt: number | null;
  readonly resumedAt: number | null;
  readonly openedAt: number | null;
  readonly breakerSince: number | null;
  /** Until when a half-open try has the way to itself. */
  readonly tryUntil: number | null;
  readonly lastGoodAt: number | null;
  /** Null: those of the setting. */
  readonly windows: readonly PlatformWindow[] | null;
  /** When the certificate ends that we show to the platform; null: we show none. */
  readonly certificateExpiresAt: number | null;
  /** Calls made this day in Vietnam. */
  readonly usedToday: number;
}

const ms = (column: string) => sql`(extract(epoch from ${sql.raw(column)}) * 1000)::float8`;

/** The facts of these platforms, in their order, also of those that nobody wrote about yet. */
export const readPlatformFacts = async (
  executor: Executor,
  tenant: string,
  platforms: readonly PlatformId[],
): Promise<PlatformFacts[]> =>
  rows<PlatformFacts & Record<string, unknown>>(
    executor,
    sql`select p.platform, ${ms("clock_timestamp()")} as "now", ${ms("s.paused_at")} as "pausedAt",
               ${ms("s.resumed_at")} as "resumedAt", ${ms("s.opened_at")} as "openedAt",
               ${ms("s.breaker_since")} as "breakerSince", ${ms("s.try_until")} as "tryUntil",
               ${ms("s.last_good_at")} as "lastGoodAt", ${ms("s.certificate_expires_at")} as "certificateExpiresAt",
               s.windows, coalesce(${usedToday}, 0) as "usedToday"
        from unnest(${textArray(platforms)}::text[]) with ordinality as p(platform, n)
        left join platform_states s on s.tenant = ${tenant} and s.platform = p.platform
        left join platform_budgets b on b.tenant = ${tenant} and b.platform = p.platform
        order by p.n`,
  );
