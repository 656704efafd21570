import type { Fault, Reading } from "../../contracts/adapter.ts";
import { createTripDetector } from "./trip-detector.ts";

/** What one call says about its platform: it answers, it does not, or nothing. */
export type Verdict = "good" | "bad" | "neither";

/**
 * Pure: only transient faults count against a platform. A refusal is an answer; a session that ended is everyday; a fault
 * of our own says nothing (design section 6, "Guards").
 */
export const verdictOfFault = ({ outcome, code, sessionDied }: Fault): Verdict => {
  if (outcome === "refused") return "good";
  return sessionDied === true || code === "internal" ? "neither" : "bad";
};

/** Pure: the same for what an attempt read. */
export const verdictOf = (reading: Reading<unknown>): Verdict => (reading.ok ? "good" : verdictOfFault(reading.fault));

/** Minimum of calls and length of the window that decide (design section 8, `_BREAKER_ERROR_PERCENT`). */
export const TRIP_WINDOW = { minimumCalls: 20, windowMs: 10_000 } as const;

/** What this process saw of one platform since the breaker closed. */
export interface BreakerWatch {
  /** A call begins; hand the answer to `ended`. */
  begun(): number;
  ended(begun: number, verdict: Verdict): Promise<void>;
  /** The breaker has to open; true until `forget`. */
  readonly tripped: boolean;
  /** Some call ended well since `takeGood` was asked last. */
  takeGood(): boolean;
  /** The breaker opened or closed: calls that began before no longer count, however they end. */
  forget(): void;
}

/** A watch with an empty window. @param elapsed monotonic milliseconds. */
export const createBreakerWatch = (errorPercent: number, elapsed: () => number): BreakerWatch => {
  const detector = createTripDetector({ errorPercent, ...TRIP_WINDOW }, elapsed);
  let epoch = 0;
  let tripped = false;
  let good = false;
  return {
    begun: () => epoch,
    ended: async (begun, verdict) => {
      if (verdict === "neither") return;
      good ||= verdict === "good";
      if (begun !== epoch) return;
      const trips = await detector.record(verdict === "good");
      tripped ||= trips && begun === epoch;
    },
    get tripped() {
      return tripped;
    },
    takeGood: () => {
      const was = good;
      good = false;
      return was;
    },
    forget: () => {
      epoch += 1;
      tripped = false;
      detector.forget();
    },
  };
};
