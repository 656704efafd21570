/** Lines of one transaction: their dossiers are locked, and the process is busy, as long as it takes; desks wait for neither for long. */
export const MOST_AT_ONCE = 20;
/** A pace is kept by pieces of so many seconds, where the rate allows for more than one line in them. */
const PIECE_SECONDS = 0.1;

/** How an import stands. */
export interface PaceFacts {
  readonly ratePerSecond: number;
  /** Since its rate was used up. */
  readonly creditSeconds: number;
  readonly left: number;
}

/** Lines to work off now, and the seconds of credit that remain then; or how long to rest. */
export type Pace = { readonly lines: number; readonly creditSeconds: number } | { readonly restSeconds: number };

/**
 * Pure: the next lines of an import at its rate. No more than a second's worth (or one line) is saved up, so that an import that was held
 * goes on at its rate and makes nothing good.
 */
export const decidePace = ({ ratePerSecond, creditSeconds, left }: PaceFacts): Pace => {
  const saved = Math.min(creditSeconds, Math.max(1, 1 / ratePerSecond));
  const allowed = Math.floor(ratePerSecond * saved + 1e-9);
  const piece = Math.max(1, Math.min(MOST_AT_ONCE, left, Math.floor(ratePerSecond * PIECE_SECONDS)));
  if (allowed < piece) return { restSeconds: piece / ratePerSecond - saved };
  const lines = Math.min(allowed, left, MOST_AT_ONCE);
  return { lines, creditSeconds: saved - lines / ratePerSecond };
};
