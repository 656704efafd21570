import type { PlatformWindow } from "../../contracts/services/platforms.ts";

/** What a platform lets us send, over all processes (`<P>_RATE_PER_S`, `<P>_DAILY_QUOTA`). Absent: no limit. */
export interface BudgetLimits {
  /** Calls per second. */
  readonly ratePerS?: number;
  /** Calls per calendar day in Vietnam. */
  readonly dailyQuota?: number;
}

/** The guards of one platform (design section 8). */
export interface GuardSettings {
  /** Deadline of one call in milliseconds (`<P>_TIMEOUT_MS`). */
  readonly timeoutMs: number;
  /** Calls in flight at once in this process (`<P>_CONCURRENCY`). */
  readonly concurrency: number;
  readonly budget: BudgetLimits;
  /** Share of failed calls that opens the breaker, in percent (`<P>_BREAKER_ERROR_PERCENT`). */
  readonly breakerErrorPercent: number;
  /** How long it stays open before one call is tried (`<P>_BREAKER_RESET_MS`). */
  readonly breakerResetMs: number;
  /** Maintenance windows while none were put by the API (`<P>_WINDOWS`). */
  readonly windows: readonly PlatformWindow[];
}
