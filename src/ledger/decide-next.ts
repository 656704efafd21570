import type { Outcome } from "../../contracts/adapter.ts";
import type { ClaimedEntry, Settlement } from "../../contracts/ledger.ts";
import { type BackOff, backOffDelay } from "../resilience/back-off.ts";

/** Transient faults are retried until an entry is this old; never ended by a count (design section 6, "Retry"). */
export const AGE_LIMIT_SECONDS = 15 * 24 * 3600;

/** Pure: what becomes of an entry after one try. A refusal is final at once; anything else waits until the age limit. */
export const decideNext = (
  entry: ClaimedEntry,
  outcome: Outcome,
  backOff: BackOff,
  random: number,
): Settlement["next"] => {
  if (outcome.delivered) return { state: "delivered" };
  const { fault } = outcome;
  if (fault.outcome === "refused" || entry.ageSeconds >= AGE_LIMIT_SECONDS) return { state: "failed", fault };
  return { state: "waiting", fault, delayMs: backOffDelay(backOff, entry.tries, random, fault.retryAfterSeconds) };
};
