import type { Executor } from "../database/database.ts";
import type { Client } from "./client-registry.ts";
import { type ClientLimit, takeClientTokens } from "./take-client-tokens.ts";

/** Keeps clients within their own limits. */
export interface ClientLimits {
  /**
   * Counts one call of the client.
   *
   * @returns null when it may be made; else how many seconds to wait.
   */
  admit(executor: Executor, client: Client): Promise<number | null>;
}

/** What the limits are made of. */
export interface ClientLimitsParts {
  readonly tenant: string;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
}

/** A tenth of a second's worth of calls is fetched at a time: at most about ten trips a second, whatever the rate. */
const SLICE_SECONDS = 0.1;
/** What was fetched and not used is forgotten after this long, so that no process saves up calls. */
const SLICE_LIFE_MS = 1000;

/** What one process knows of one client's bucket. */
interface Slice {
  tokens: number;
  until: number;
  /** The bucket was empty: nobody asks again before this moment. */
  emptyUntil: number;
  /** Trips that are under way: only the first fetches more than it needs. */
  trips: number;
}

/** The limit of a client, if it has one. */
const limitOf = ({ ratePerSecond, burst }: Client): ClientLimit | null =>
  ratePerSecond === undefined ? null : { ratePerSecond, burst: burst ?? Math.max(1, Math.ceil(ratePerSecond)) };

/**
 * Limits by leased slices: each process fetches up to a tenth of a second's worth of calls from the bucket that all
 * processes share, and uses them up without asking again. Clients without a limit cost nothing.
 *
 * The bound: in any T seconds all processes together let through at most `burst + ratePerSecond * (T + 1)` calls, as
 * what is let through was taken from the one bucket at most a second before. A limit of ten a second or less is exact,
 * since slices are then of one call. An empty bucket is not asked again until it may hold a slice: a client that keeps
 * calling beyond its limit is refused from memory.
 *
 * Only plain values are kept, no promises: on Workers one request must not wait for another's.
 */
export const createClientLimits = ({ tenant, elapsed }: ClientLimitsParts): ClientLimits => {
  const slices = new Map<string, Slice>();
  const sliceOf = (client: string): Slice => {
    const known = slices.get(client);
    if (known !== undefined) return known;
    const fresh = { tokens: 0, until: 0, emptyUntil: 0, trips: 0 };
    slices.set(client, fresh);
    return fresh;
  };

  const fetchSlice = async (executor: Executor, client: string, limit: ClientLimit, slice: Slice) => {
    const whole = Math.max(1, Math.floor(limit.ratePerSecond * SLICE_SECONDS));
    const wanted = slice.trips === 0 ? whole : 1;
    slice.trips += 1;
    try {
      return { whole, ...(await takeClientTokens(executor, tenant, client, limit, wanted)) };
    } finally {
      slice.trips -= 1;
    }
  };

  const wait = ({ emptyUntil }: Slice, now: number): number => (emptyUntil - now) / 1000;

  return {
    admit: async (executor, client) => {
      const limit = limitOf(client);
      if (limit === null) return null;
      const slice = sliceOf(client.id);
      const asked = elapsed();
      if (slice.tokens > 0 && asked < slice.until) {
        slice.tokens -= 1;
        return null;
      }
      if (asked < slice.emptyUntil) return wait(slice, asked);
      const { granted, left, whole } = await fetchSlice(executor, client.id, limit, slice);
      const now = elapsed();
      if (granted === 0) {
        slice.emptyUntil = now + (Math.max(0, Math.min(whole, limit.burst) - left) / limit.ratePerSecond) * 1000;
        return Math.max(0, wait(slice, now));
      }
      slice.tokens = (now < slice.until ? slice.tokens : 0) + granted - 1;
      slice.until = now + SLICE_LIFE_MS;
      return null;
    },
  };
};
