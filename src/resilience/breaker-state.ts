/** The state of a breaker. */
export type BreakerState = "closed" | "open" | "half-open";

/**
 * Pure: the state follows from when the breaker opened and what time it is. No timer turns it, so it is the same for
 * every process and on every runtime (design section 6, "Guards").
 *
 * @param openedAt milliseconds, or null while it is closed.
 */
export const breakerStateAt = (openedAt: number | null, resetMs: number, now: number): BreakerState => {
  if (openedAt === null) return "closed";
  return now - openedAt >= resetMs ? "half-open" : "open";
};
