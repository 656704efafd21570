import type { ClaimedEntry, DispatchLedger, Settlement } from "../../contracts/ledger.ts";

/** How far one drain goes. */
export interface DrainSettings {
  readonly concurrency: number;
  /** No new batch is begun once this much time is over, in milliseconds. */
  readonly budgetMs: number;
  readonly now: () => Date;
}

/**
 * Drains what is due in batches and returns: for runtimes that live only as long as their call (a cron trigger).
 * A lease covers one batch; whatever a batch leaves behind is taken over by the next drain.
 *
 * @returns how many entries were settled or put back to waiting.
 */
export const drain = async (
  ledger: DispatchLedger,
  perform: (entry: ClaimedEntry, signal: AbortSignal) => Promise<Settlement>,
  { concurrency, budgetMs, now }: DrainSettings,
): Promise<number> => {
  const end = now().getTime() + budgetMs;
  const signal = new AbortController().signal;
  await ledger.takeOver();
  let done = 0;
  while (now().getTime() < end) {
    const claimed = await ledger.claim(concurrency);
    if (claimed.length === 0) break;
    const settlements = await Promise.all(claimed.map((entry) => perform(entry, signal)));
    done += (await ledger.settle(settlements)).size;
  }
  return done;
};
