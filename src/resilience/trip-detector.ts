import CircuitBreaker from "opossum";

/** When a breaker opens. */
export interface TripSettings {
  /** Share of failed calls in percent. */
  readonly errorPercent: number;
  /** Fewer calls than this in the window say nothing. */
  readonly minimumCalls: number;
  readonly windowMs: number;
}

/** Watches how calls end and says when the breaker has to open. */
export interface TripDetector {
  /** Counts one call that ended. Resolves to true when the share of failures in the window asks for opening. */
  record(good: boolean): Promise<boolean>;
  /** Begins anew: what happened before the breaker opened says nothing about the platform after it closed. */
  forget(): void;
}

const BUCKETS = 10;

type Rotation = NonNullable<CircuitBreaker.Options["rotateBucketController"]>;

/** Stands in for the emitter whose `rotate` event turns opossum's window: ours is turned by the clock, at each call. */
const createRotation = () => {
  let turn: () => void = () => undefined;
  const emitter = {
    on: (_event: string, listener: () => void) => {
      turn = listener;
      return emitter;
    },
    listenerCount: () => 0,
    removeListener: () => emitter,
  };
  // opossum 10 calls these three members of the emitter alone; a whole one of Node would tie us to its module.
  return { emitter: emitter as unknown as Rotation, turn: () => turn() };
};

/**
 * opossum's rolling window and its decision to trip, and nothing else of it: no call runs inside, so none of its timers,
 * slots, abort controllers or half-open states can go wrong. Outcomes are handed in when a call has ended. It starts no
 * timer that outlives a call: the window turns by `elapsed`, which also makes it fit for Workers.
 *
 * @param elapsed monotonic milliseconds.
 */
export const createTripDetector = (settings: TripSettings, elapsed: () => number): TripDetector => {
  const { emitter, turn } = createRotation();
  const bucketMs = settings.windowMs / BUCKETS;
  let turnedAt = elapsed();
  let tripped = false;
  const breaker = new CircuitBreaker<[boolean], void>(
    async (good) => {
      if (!good) throw new Error("the call failed");
    },
    {
      timeout: false,
      // opossum opens above the percentage, never at it: at 100 it would never open.
      errorThresholdPercentage: settings.errorPercent - 1e-6,
      volumeThreshold: settings.minimumCalls,
      rollingCountTimeout: settings.windowMs,
      rollingCountBuckets: BUCKETS,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
      rotateBucketController: emitter,
    },
  );
  const forget = (): void => {
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) turn();
    turnedAt = elapsed();
  };
  breaker.on("open", () => {
    tripped = true;
    // Closing stops the timer that opossum has just started; the open state is kept elsewhere, by the database's clock.
    breaker.close();
    forget();
  });
  return {
    record: async (good) => {
      const turns = Math.min(BUCKETS, Math.floor((elapsed() - turnedAt) / bucketMs));
      for (let turned = 0; turned < turns; turned += 1) turn();
      turnedAt = turns === BUCKETS ? elapsed() : turnedAt + turns * bucketMs;
      await breaker.fire(good).catch(() => undefined);
      const trips = tripped;
      tripped = false;
      return trips;
    },
    forget,
  };
};
