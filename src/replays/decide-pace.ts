/** How far a replay has come. */
export interface Progress {
  readonly canary: number;
  readonly canaryPassed: boolean;
  readonly ratePerSecond: number;
  readonly stopAtFailureShare: number;
  /** Sent so far. */
  readonly released: number;
  /** Sent and not at rest. */
  readonly outstanding: number;
  readonly delivered: number;
  readonly failed: number;
  /** Entries are left to send. */
  readonly left: boolean;
  /** Since entries were last released; null: none were. */
  readonly secondsSinceRelease: number | null;
}

/** What a replay does next. */
export type Pace =
  | { readonly stop: "canary" | "failure-share" }
  | { readonly stop?: never; readonly release: number; readonly canaryPassed: boolean };

/** Sent and not at rest at once: what a platform that breaks down now can still harm. */
const MOST_OUTSTANDING = 500;
/** Released in one transaction. */
const MOST_AT_ONCE = 100;
/** One failure among the first few is no share yet. */
const SMALLEST_SAMPLE = 5;

const throttled = ({ ratePerSecond, outstanding, secondsSinceRelease }: Progress): number => {
  // No more than a second's worth (or one entry) is saved up while nothing could be released.
  const saved = Math.max(1, 1 / ratePerSecond);
  const allowance = Math.floor(ratePerSecond * Math.min(secondsSinceRelease ?? saved, saved) + 1e-9);
  return Math.max(0, Math.min(allowance, MOST_OUTSTANDING - outstanding, MOST_AT_ONCE));
};

/**
 * Pure: the canary first, all of it at once, and nothing more until every one of it is at rest; any failure among it stops
 * the replay. Then at the given rate, until more than the given share of what came to rest failed anew.
 */
export const decidePace = (progress: Progress): Pace => {
  const { canary, released, outstanding, delivered, failed, left, stopAtFailureShare } = progress;
  let { canaryPassed } = progress;
  if (!canaryPassed) {
    if (failed > 0) return { stop: "canary" };
    if (released < canary && left) return { release: Math.min(canary - released, MOST_AT_ONCE), canaryPassed };
    if (outstanding > 0) return { release: 0, canaryPassed };
    canaryPassed = true;
  }
  if (failed > stopAtFailureShare * Math.max(delivered + failed, SMALLEST_SAMPLE)) return { stop: "failure-share" };
  return { release: left ? throttled(progress) : 0, canaryPassed };
};
