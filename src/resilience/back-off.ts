/** How long to wait between tries, in milliseconds (`<P>_RETRY_BASE_MS`, `<P>_RETRY_MAX_MS`). */
export interface BackOff {
  readonly baseMs: number;
  readonly maxMs: number;
}

/** A platform may ask us to wait, but not for longer than a day: its answer could be a mistake. */
export const LONGEST_RETRY_AFTER_MS = 24 * 3600 * 1000;

/**
 * Exponential with full jitter: a uniform draw between 0 and `base * 2^tries`, capped. What the platform asked for
 * by Retry-After is waited out in any case (design section 6, "Retry").
 *
 * @param random a number in [0, 1).
 */
export const backOffDelay = (
  { baseMs, maxMs }: BackOff,
  tries: number,
  random: number,
  retryAfterSeconds = 0,
): number =>
  Math.max(
    random * Math.min(maxMs, baseMs * 2 ** Math.min(tries, 30)),
    Math.min(retryAfterSeconds * 1000, LONGEST_RETRY_AFTER_MS),
  );
