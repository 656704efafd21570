import type { PlatformLine } from "../../contracts/services/platforms.ts";
import { breakerStateAt } from "./breaker-state.ts";
import { type HoldSettings, holdOf } from "./hold.ts";
import type { PlatformFacts } from "./read-platform-facts.ts";
import { windowAfter, windowAt } from "./windows.ts";

/** What waits for a platform. */
export interface PlatformBacklog {
  readonly backlog: number;
  readonly oldestWaitingSeconds: number | null;
}

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

const stateOf = (facts: PlatformFacts, settings: HoldSettings, configured: boolean): PlatformLine["state"] => {
  const hold = holdOf(facts, settings);
  if (hold === "paused") return "paused";
  if (!configured) return "not-configured";
  if (hold === "window") return "window";
  const breaker = breakerStateAt(facts.openedAt, settings.breakerResetMs, facts.now);
  if (breaker === "open") return "down";
  return breaker === "half-open" || hold === "quota" ? "degraded" : "up";
};

const sinceOf = (facts: PlatformFacts, settings: HoldSettings, state: PlatformLine["state"]): number | null => {
  const { openedAt, breakerSince, resumedAt, pausedAt } = facts;
  switch (state) {
    case "paused":
      return pausedAt;
    case "window":
      return windowAt(facts.windows ?? settings.windows, facts.now)?.from ?? null;
    case "down":
      return breakerSince;
    case "degraded":
      return openedAt === null ? null : openedAt + settings.breakerResetMs;
    case "up":
      return Math.max(breakerSince ?? 0, resumedAt ?? 0) || null;
    default:
      return null;
  }
};

/** Pure: one platform as `GET /v1/platforms` shows it. */
export const platformLine = (
  facts: PlatformFacts,
  settings: HoldSettings,
  configured: boolean,
  { backlog, oldestWaitingSeconds }: PlatformBacklog,
): PlatformLine => {
  const state = stateOf(facts, settings, configured);
  const since = sinceOf(facts, settings, state);
  const windows = facts.windows ?? settings.windows;
  const window = windowAt(windows, facts.now) ?? windowAfter(windows, facts.now);
  const { dailyQuota } = settings.budget;
  return {
    id: facts.platform,
    state,
    breaker: breakerStateAt(facts.openedAt, settings.breakerResetMs, facts.now),
    ...(since !== null && { since: iso(since) }),
    ...(facts.lastGoodAt !== null && { lastGoodCallAt: iso(facts.lastGoodAt) }),
    ...(dailyQuota !== undefined && { quotaLeft: Math.max(0, dailyQuota - facts.usedToday) }),
    backlog,
    ...(oldestWaitingSeconds !== null && { oldestWaitingSeconds: Math.max(0, Math.floor(oldestWaitingSeconds)) }),
    ...(configured && facts.certificateExpiresAt !== null && { certificateExpiresAt: iso(facts.certificateExpiresAt) }),
    ...(window !== null && { nextWindow: { from: iso(window.from), to: iso(window.to) } }),
  };
};
