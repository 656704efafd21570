import type { PlatformId } from "../../contracts/adapter.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import type { BudgetLimits } from "./guard-settings.ts";
import { burstOf, tokensNow, usedToday } from "./spend-budget.ts";

/**
 * How many calls the budget allows now. Until the caller's transaction ends no other process takes from it, so what is
 * claimed within the answer is certainly allowed.
 */
export const lockBudget = async (
  executor: Executor,
  tenant: string,
  platform: PlatformId,
  limits: BudgetLimits,
): Promise<number> => {
  const read = () =>
    rows<{ tokens: number; used: number }>(
      executor,
      sql`select ${tokensNow(limits)} as tokens, ${usedToday} as used from platform_budgets b
          where b.tenant = ${tenant} and b.platform = ${platform} for update`,
    );
  let [row] = await read();
  if (row === undefined) {
    const full = limits.ratePerS === undefined ? 0 : burstOf(limits.ratePerS);
    await executor.execute(
      sql`insert into platform_budgets (tenant, platform, tokens, refilled_at, day, used)
          values (${tenant}, ${platform}, ${full}::float8, clock_timestamp(), date '1970-01-01', 0) on conflict do nothing`,
    );
    [row] = await read();
  }
  const tokens = limits.ratePerS === undefined ? Number.POSITIVE_INFINITY : Math.floor(row?.tokens ?? 0);
  const left = (limits.dailyQuota ?? Number.POSITIVE_INFINITY) - (row?.used ?? 0);
  return Math.max(0, Math.min(tokens, left));
};
