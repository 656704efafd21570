import type { PlatformId } from "../../contracts/adapter.ts";
import { type Executor, rows } from "../database/database.ts";
import { type SQL, sql } from "../database/sql.ts";

/**
 * Takes the one try of a half-open breaker, for `leaseMs`: as long as it runs no other process gets one, and a process
 * that dies with it holds it no longer than that.
 *
 * @returns the try's number, or null when the breaker is not half-open or somebody else tries.
 */
export const takeHalfOpenTry = async (
  executor: Executor,
  tenant: string,
  platform: PlatformId,
  { resetMs, leaseMs }: { readonly resetMs: number; readonly leaseMs: number },
): Promise<number | null> => {
  const [taken] = await rows<{ fence: number }>(
    executor,
    sql`update platform_states
        set try_fence = try_fence + 1, try_until = clock_timestamp() + make_interval(secs => ${leaseMs / 1000})
        where tenant = ${tenant} and platform = ${platform}
          and opened_at + make_interval(secs => ${resetMs / 1000}) <= clock_timestamp()
          and (try_until is null or try_until <= clock_timestamp())
        returning try_fence as fence`,
  );
  return taken?.fence ?? null;
};

/** How a half-open try ended: the platform answered, it failed again, or the try says nothing about it. */
export type TryEnding = "good" | "bad" | "neither";

const CHANGES: Readonly<Record<TryEnding, SQL>> = {
  good: sql`opened_at = null, breaker_since = clock_timestamp(), try_until = null`,
  bad: sql`opened_at = clock_timestamp(), try_until = null`,
  neither: sql`try_until = null`,
};

/**
 * Ends a half-open try: closes the breaker for all, opens it anew, or leaves it to the next try. A try whose number was
 * passed by a later one changes nothing.
 *
 * @returns whether this try was still the last one.
 */
export const endHalfOpenTry = async (
  executor: Executor,
  tenant: string,
  platform: PlatformId,
  fence: number,
  ending: TryEnding,
): Promise<boolean> => {
  const ended = await rows(
    executor,
    sql`update platform_states set ${CHANGES[ending]}
        where tenant = ${tenant} and platform = ${platform} and try_fence = ${fence} and opened_at is not null
        returning 1`,
  );
  return ended.length > 0;
};
