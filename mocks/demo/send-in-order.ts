import type { SampleCall } from "./sample-month.ts";

interface Queue {
  readonly calls: readonly SampleCall[];
  next: number;
  busy: boolean;
}

/** The idle queue whose next call is the earliest. */
const earliest = (queues: readonly Queue[]): Queue | undefined => {
  let found: Queue | undefined;
  let foundAt = Number.POSITIVE_INFINITY;
  for (const queue of queues) {
    const call = queue.calls[queue.next];
    if (queue.busy || call === undefined) continue;
    const at = Date.parse(call.at);
    if (at < foundAt) [found, foundAt] = [queue, at];
  }
  return found;
};

/**
 * Sends the calls of many dossiers: those of one dossier strictly one after the other, `atOnce` dossiers at a time,
 * and always the call that the one-stop software made earliest.
 *
 * @param dossiers the calls of each dossier, in order.
 * @param send sends one call; `false`: the dossier's later calls are left out, as they build on this one.
 */
export const sendInOrder = async (
  dossiers: readonly (readonly SampleCall[])[],
  atOnce: number,
  send: (call: SampleCall) => Promise<boolean>,
): Promise<void> => {
  const queues: Queue[] = dossiers.map((calls) => ({ calls, next: 0, busy: false }));
  const work = async (): Promise<void> => {
    for (let queue = earliest(queues); queue !== undefined; queue = earliest(queues)) {
      const call = queue.calls[queue.next];
      if (call === undefined) return;
      queue.busy = true;
      queue.next = (await send(call)) ? queue.next + 1 : queue.calls.length;
      queue.busy = false;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
};
