import { type HttpRequest, type Transport, TransportError } from "../../contracts/adapter.ts";

/** A transport of which at most so many calls truly run. */
export interface Bulkhead {
  readonly transport: Transport;
  /** Calls that run now, also those whose caller gave up on them. */
  readonly running: number;
}

/**
 * Lets at most `limit` calls run at once. A slot is free when its call has ended, not when its caller stopped waiting
 * (design section 6, "Guards"). Others wait in the order they came; whoever gives up while waiting gets a
 * `TransportError` with nothing sent, and `refused` is told: that says nothing about the platform.
 */
export const createBulkhead = (
  inner: Transport,
  limit: number,
  refused: (request: HttpRequest) => void = () => undefined,
): Bulkhead => {
  let running = 0;
  const waiting = new Set<() => void>();

  const slot = (request: HttpRequest, signal: AbortSignal): Promise<void> => {
    if (running < limit) {
      running += 1;
      return Promise.resolve();
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // The slot is handed on as it is, so `running` stays: nobody who comes later can slip in between.
    const enter = (): void => {
      signal.removeEventListener("abort", leave);
      resolve();
    };
    const leave = (): void => {
      waiting.delete(enter);
      refused(request);
      reject(new TransportError("cancelled", false, signal.reason));
    };
    if (signal.aborted) {
      leave();
      return promise;
    }
    signal.addEventListener("abort", leave, { once: true });
    waiting.add(enter);
    return promise;
  };

  const release = (): void => {
    const [next] = waiting;
    if (next === undefined) {
      running -= 1;
      return;
    }
    waiting.delete(next);
    next();
  };

  return {
    transport: async (request, options) => {
      await slot(request, options.signal);
      try {
        return await inner(request, options);
      } finally {
        release();
      }
    },
    get running() {
      return running;
    },
  };
};
