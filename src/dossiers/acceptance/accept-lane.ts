import { GatewayError } from "../../../contracts/errors.ts";

/** How calls are gathered. */
export interface LaneSettings {
  /** Calls in one group at most. */
  readonly groupSize: number;
  /** Groups in flight at once. */
  readonly groups: number;
  /** Calls waiting at most; beyond it, and for whoever waited longer than `longestWaitMs`, the lane is overloaded. */
  readonly waiting: number;
  readonly longestWaitMs: number;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
}

/** The settings of the product: 1,000 waiting or 2 s. */
export const LANE_DEFAULTS = { groupSize: 64, groups: 2, waiting: 1000, longestWaitMs: 2000 } as const;

/** Gathers calls into groups that share a commit. */
export interface AcceptLane<T, R> {
  /** @throws GatewayError `overloaded`, or what the call itself fails with. */
  accept(item: T): Promise<R>;
}

interface Waiting<T, R> {
  readonly item: T;
  readonly since: number;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

const overloaded = (): GatewayError => new GatewayError("overloaded", { retryAfterSeconds: 1 });

/**
 * A lane: while `groups` groups are being committed, further calls gather; as soon as one is done, the next takes all that
 * wait, up to `groupSize`. So a lone call never waits for company, and a burst shares its commits. A group holds each subject once,
 * and a call about a subject in flight is left for later: two groups never wait for one row.
 *
 * @param subjectsOf what a call is about: no two calls of one group share any of it.
 * @param run commits a group; its results stand in the order of the items. When it throws, every item is tried
 *   again alone, unless `isShared` says that the failure is everybody's.
 */
export const createAcceptLane = <T, R>(
  subjectsOf: (item: T) => readonly string[],
  run: (items: readonly T[]) => Promise<readonly R[]>,
  isShared: (error: unknown) => boolean,
  settings: LaneSettings,
): AcceptLane<T, R> => {
  const queue: Waiting<T, R>[] = [];
  const busy = new Set<string>();
  let running = 0;
  let scheduled = false;
  let watched = false;

  const expire = (): void => {
    const oldest = settings.elapsed() - settings.longestWaitMs;
    while (queue[0] !== undefined && queue[0].since < oldest) queue.shift()?.reject(overloaded());
  };

  // A database that hangs ends no group: without this, whoever waits would wait as long as it.
  const watchOver = (): void => {
    if (watched) return;
    watched = true;
    setTimeout(() => {
      watched = false;
      expire();
      if (queue.length > 0) watchOver();
    }, settings.longestWaitMs / 4);
  };

  const takeGroup = (): Waiting<T, R>[] => {
    const group: Waiting<T, R>[] = [];
    const left: Waiting<T, R>[] = [];
    // What a call that is left is about: whoever comes behind it must not overtake it.
    const spokenFor = new Set<string>();
    for (const call of queue.splice(0)) {
      const subjects = subjectsOf(call.item);
      const free = group.length < settings.groupSize && !subjects.some((s) => busy.has(s) || spokenFor.has(s));
      for (const subject of subjects) (free ? busy : spokenFor).add(subject);
      (free ? group : left).push(call);
    }
    queue.push(...left);
    return group;
  };

  const runAlone = async (call: Waiting<T, R>): Promise<void> => {
    try {
      const [result] = await run([call.item]);
      call.resolve(result as R);
    } catch (error) {
      call.reject(error);
    }
  };

  const afterFailure = async (group: readonly Waiting<T, R>[], error: unknown): Promise<void> => {
    const alone = group.length > 1 && !isShared(error);
    for (const call of group) {
      if (alone) await runAlone(call);
      else call.reject(error);
    }
  };

  const runGroup = async (group: readonly Waiting<T, R>[]): Promise<void> => {
    try {
      const results = await run(group.map(({ item }) => item));
      for (const [i, call] of group.entries()) call.resolve(results[i] as R);
    } catch (error) {
      await afterFailure(group, error);
    }
  };

  const pump = (): void => {
    scheduled = false;
    expire();
    while (running < settings.groups) {
      const group = takeGroup();
      if (group.length === 0) return;
      running++;
      void runGroup(group).finally(() => {
        for (const subject of group.flatMap(({ item }) => subjectsOf(item))) busy.delete(subject);
        running--;
        pump();
      });
    }
  };

  return {
    accept: (item) =>
      new Promise<R>((resolve, reject) => {
        expire();
        if (queue.length >= settings.waiting) {
          reject(overloaded());
          return;
        }
        queue.push({ item, since: settings.elapsed(), resolve, reject });
        watchOver();
        if (scheduled) return;
        scheduled = true;
        // The end of this turn: calls whose requests arrived in the same turn share a group.
        setImmediate(pump);
      }),
  };
};
