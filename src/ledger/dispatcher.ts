import type { ClaimedEntry, DispatchLedger, Settlement } from "../../contracts/ledger.ts";
import { isDatabaseAway } from "../database/database-away.ts";
import { inPacket } from "./packet.ts";

/** How a dispatcher behaves. Times in milliseconds. */
export interface DispatcherSettings {
  /** Exchanges in flight at once (`<P>_CONCURRENCY`). */
  readonly concurrency: number;
  readonly leaseSeconds: number;
  /** How often to look for work when nothing woke us. */
  readonly pollMs: number;
  /** Finished exchanges are gathered this long, or until `settleBatch` of them, before they are settled together. */
  readonly settleLingerMs: number;
  readonly settleBatch: number;
}

/** What a dispatcher tells the log and the metrics. */
export interface DispatcherObserver {
  settled(settlements: readonly Settlement[]): void;
  lost(entries: readonly ClaimedEntry[]): void;
  tookOver(count: number): void;
  /** The store failed; it is tried again by itself. */
  storeFailed(error: unknown): void;
}

/** Drains one platform's entries until stopped. */
export interface Dispatcher {
  /** New work may be there: look now. */
  wake(): void;
  /** Claims no more, waits for what is in flight, settles it. What is not over after `graceMs` is aborted. */
  stop(graceMs: number): Promise<void>;
}

/** After the last call was aborted, how long its record may still take to be written. */
const SETTLE_GRACE_MS = 3000;

/** Waits until woken or until the time is over. */
const createBell = () => {
  let ring: (() => void) | undefined;
  let rung = false;
  return {
    ring: () => {
      rung = true;
      ring?.();
    },
    wait: async (ms: number) => {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          ring = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      ring = undefined;
      rung = false;
    },
  };
};

/**
 * Starts draining. One loop claims and hands out, one settles in batches, one keeps leases and takes over what dead
 * processes held. A failure of the store is reported and tried again; it never ends the loops, and no attempt is spent on it.
 */
export const startDispatcher = (
  ledger: DispatchLedger,
  perform: (entry: ClaimedEntry, signal: AbortSignal) => Promise<Settlement>,
  settings: DispatcherSettings,
  observer: DispatcherObserver,
): Dispatcher => {
  const work = createBell();
  const results = createBell();
  const abort = new AbortController();
  // Calls, each under the id of its entry, or of the first of those that share it.
  const inFlight = new Map<string, ClaimedEntry>();
  const finished: Settlement[] = [];
  let stopping = false;
  let settling = true;

  let calling = 0;
  let batchSize = settings.settleBatch;
  let storeRefuses = false;

  const run = async (entry: ClaimedEntry): Promise<void> => {
    calling++;
    const settlement = await perform(entry, abort.signal);
    calling--;
    finished.push(settlement);
    results.ring();
    // A call that ended frees its slot before it is settled; a few are gathered, so that claims stay worth their trip.
    if (settings.concurrency - calling >= settings.concurrency / 4) work.ring();
  };

  const guarded = async (step: () => Promise<void>, pauseMs: number): Promise<void> => {
    try {
      await step();
    } catch (error) {
      observer.storeFailed(error);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  };

  const claimOnce = async (): Promise<void> => {
    // What repeats after a kill is bounded by the calls in flight plus one unsettled batch (design section 6, "Leases").
    // While the store is away no more is sent than is in flight at once: after a kill all of it would repeat.
    const room = settings.concurrency + (storeRefuses ? 0 : settings.settleBatch) - inFlight.size;
    const free = Math.min(settings.concurrency - calling, room);
    const claimed = free > 0 ? await ledger.claim(free) : [];
    for (const entry of claimed) {
      inFlight.set(entry.id, entry);
      void run(entry);
    }
    // A settle rings this bell too: it may free the next entry of a stream.
    if (claimed.length === 0) await work.wait(settings.pollMs);
  };

  /**
   * A batch that the store refuses is tried in halves, and what is refused alone goes to the end: one result that cannot be
   * written must not hold up the others.
   */
  const settleOrShrink = async (batch: readonly Settlement[]): Promise<ReadonlySet<string>> => {
    try {
      const ours = await ledger.settle(batch);
      storeRefuses = false;
      return ours;
    } catch (error) {
      storeRefuses = isDatabaseAway(error);
      if (batch.length === 1) finished.push(...finished.splice(0, 1));
      batchSize = Math.max(1, Math.floor(batch.length / 2));
      throw error;
    }
  };

  const settleOnce = async (): Promise<void> => {
    if (finished.length === 0) await results.wait(settings.pollMs);
    if (finished.length === 0) return;
    if (finished.length < settings.settleBatch && inFlight.size > finished.length) {
      await new Promise((resolve) => setTimeout(resolve, settings.settleLingerMs));
    }
    const batch = finished.slice(0, batchSize);
    const ours = await settleOrShrink(batch);
    finished.splice(0, batch.length);
    batchSize = settings.settleBatch;
    for (const { entry } of batch) {
      // One that was lost may have been claimed again by ourselves: that claim's lease has still to be kept.
      if (inFlight.get(entry.id) === entry) inFlight.delete(entry.id);
    }
    const told = batch.flatMap(inPacket);
    observer.settled(told.filter(({ entry }) => ours.has(entry.id)));
    if (ours.size < told.length) observer.lost(told.map(({ entry }) => entry).filter(({ id }) => !ours.has(id)));
    work.ring();
  };

  const keepOnce = async (): Promise<void> => {
    await ledger.renew([...inFlight.values()].flatMap((head) => inPacket(head).map(({ id }) => id)));
    const taken = stopping ? 0 : await ledger.takeOver();
    if (taken > 0) {
      observer.tookOver(taken);
      work.ring();
    }
  };

  const loop = async (running: () => boolean, step: () => Promise<void>): Promise<void> => {
    while (running()) await guarded(step, settings.pollMs);
  };

  const claiming = loop(() => !stopping, claimOnce);
  const settlingDone = loop(() => settling, settleOnce);
  let keeping: Promise<void> | undefined;
  const keeper = setInterval(
    () => {
      keeping ??= guarded(keepOnce, 0).finally(() => {
        keeping = undefined;
      });
    },
    Math.min(1000, (settings.leaseSeconds * 1000) / 4),
  );

  return {
    wake: work.ring,
    stop: async (graceMs) => {
      stopping = true;
      work.ring();
      await claiming;
      const timers = [
        setTimeout(() => abort.abort(), graceMs),
        // The store is away: leave the entries to their leases. Another process takes them over.
        setTimeout(() => inFlight.clear(), graceMs + SETTLE_GRACE_MS),
      ];
      while (inFlight.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
      for (const timer of timers) clearTimeout(timer);
      settling = false;
      results.ring();
      await settlingDone;
      clearInterval(keeper);
      await keeping;
    },
  };
};
