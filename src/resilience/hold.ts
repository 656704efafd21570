import type { Hold } from "../../contracts/services/platforms.ts";
import { breakerStateAt } from "./breaker-state.ts";
import type { GuardSettings } from "./guard-settings.ts";
import type { PlatformFacts } from "./read-platform-facts.ts";
import { windowAt } from "./windows.ts";

/** The part of the settings that decides about holding. */
export type HoldSettings = Pick<GuardSettings, "budget" | "breakerResetMs" | "windows">;

/**
 * Pure: why a platform's entries are not sent, or null. A half-open breaker still holds all but the one entry that tries
 * it. The rate is no hold: it passes within a second.
 *
 * @param now milliseconds, by the database's clock.
 */
export const holdOf = (facts: PlatformFacts, settings: HoldSettings, now = facts.now): Hold | null => {
  if (facts.pausedAt !== null) return "paused";
  if (windowAt(facts.windows ?? settings.windows, now) !== null) return "window";
  const { dailyQuota } = settings.budget;
  if (dailyQuota !== undefined && facts.usedToday >= dailyQuota) return "quota";
  return breakerStateAt(facts.openedAt, settings.breakerResetMs, now) === "closed" ? null : "breaker";
};
