import type { PlatformId } from "../../contracts/adapter.ts";
import { type Executor, rows } from "../database/database.ts";
import { type SQL, sql } from "../database/sql.ts";
import type { BudgetLimits } from "./guard-settings.ts";

const today = sql`(clock_timestamp() at time zone 'Asia/Ho_Chi_Minh')::date`;

/** Calls made this day in Vietnam, of a row `b` of `platform_budgets`. */
export const usedToday: SQL = sql`(case when b.day = ${today} then b.used else 0 end)`;

/**
 * How many calls may come at once: a quarter of a second's worth, at least one. Small, so that hardly more than the rate
 * is sent in any one second; not smaller, because work is looked for every 250 ms.
 */
export const burstOf = (ratePerS: number): number => Math.max(1, ratePerS / 4);

/** The tokens of a row `b` as they have refilled by now. Without a rate the bucket is simply full. */
export const tokensNow = ({ ratePerS }: BudgetLimits): SQL => {
  const rate = sql`${ratePerS ?? 0}::float8`;
  const burst = sql`${ratePerS === undefined ? 0 : burstOf(ratePerS)}::float8`;
  return sql`least(${burst}, b.tokens + ${rate} * greatest(0, extract(epoch from clock_timestamp() - b.refilled_at)::float8))`;
};

/**
 * Takes `calls` from the budget, unless the day's quota does not hold as many. The bucket may go into debt, by the
 * logins and probes of exchanges that were begun: whoever comes next waits the longer, and the rate holds on average.
 *
 * @returns whether they may be made.
 */
export const spendBudget = async (
  executor: Executor,
  tenant: string,
  platform: PlatformId,
  limits: BudgetLimits,
  calls: number,
): Promise<boolean> => {
  const full = limits.ratePerS === undefined ? 0 : burstOf(limits.ratePerS);
  const quota = sql`${limits.dailyQuota ?? null}::int`;
  const spent = await rows(
    executor,
    sql`insert into platform_budgets as b (tenant, platform, tokens, refilled_at, day, used)
        select ${tenant}, ${platform}, ${full}::float8 - ${calls}::int, clock_timestamp(), ${today}, ${calls}::int
        where ${quota} is null or ${calls}::int <= ${quota}
        on conflict (tenant, platform) do update
        set tokens = ${tokensNow(limits)} - ${calls}::int, refilled_at = clock_timestamp(), day = ${today},
            used = ${usedToday} + ${calls}::int
        where ${quota} is null or ${usedToday} + ${calls}::int <= ${quota}
        returning 1`,
  );
  return spent.length > 0;
};
