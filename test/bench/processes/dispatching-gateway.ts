import { setTimeout as delay } from "node:timers/promises";
import type { Settlement } from "../../../contracts/ledger.ts";
import { rows } from "../../../src/database/database.ts";
import { sql } from "../../../src/database/sql.ts";
import { startDispatch } from "../../../src/runtime/node-gateway.ts";
import { type BenchGateway, type BenchGatewayOptions, openBenchGateway } from "../bench-gateway.ts";
import { answerCommands } from "../commands.ts";
import { countDown } from "../count-down.ts";
import { enqueueSteps, type Steps } from "../steps.ts";
import { meanClaim, type TimedClaim, withTimedClaims } from "../timed-claims.ts";

/** A continuous drain, and the parts of it at both ends that are compared. */
interface TimedDrain {
  readonly seconds: number;
  readonly windowSeconds: number;
}

let parts: BenchGateway | undefined;

const opened = (): BenchGateway => {
  if (parts === undefined) throw new Error("not open");
  return parts;
};

/** Failed entries are at rest: a row with history has some. */
const pendingCount = async ({ database }: BenchGateway): Promise<number> => {
  const [row] = await rows<{ count: number }>(
    database.database,
    sql`select count(*)::int as count from pending where state <> 'failed'`,
  );
  return row?.count ?? -1;
};

/** Dispatches, and tells what is settled; something that was not delivered goes to `lost`. */
const dispatchTelling = (
  gateway: BenchGateway,
  settled: (count: number) => void,
  lost: (error: Error) => void,
): ReturnType<typeof startDispatch> =>
  startDispatch({
    ...gateway,
    metrics: {
      ...gateway.metrics,
      settled: (platform: string, settlements: readonly Settlement[]) => {
        gateway.metrics.settled(platform, settlements);
        const undelivered = settlements.find(({ next }) => next.state !== "delivered");
        if (undelivered !== undefined) {
          lost(new Error(`entry ${undelivered.entry.id} is ${undelivered.next.state}`));
        }
        settled(settlements.length);
      },
    },
  });

const commands = {
  open: async (options: BenchGatewayOptions) => {
    parts = await openBenchGateway(options);
  },
  /** Makes steps due. */
  enqueue: (steps: Steps) => enqueueSteps(opened(), steps),
  /** Dispatches until all is settled. Seconds from the start of the dispatchers to the last settle's commit. */
  drain: async () => {
    const gateway = opened();
    const counted = countDown(await pendingCount(gateway));
    counted.begin();
    const dispatch = dispatchTelling(gateway, counted.tick, counted.fail);
    const seconds = await counted.seconds.finally(() => dispatch.stop(1000));
    const left = await pendingCount(gateway);
    if (left !== 0) throw new Error(`${left} entries are still unsettled`);
    return { seconds };
  },
  /** Dispatches what there is and what comes, for a time. Mean milliseconds of a claim in the first and in the last window. */
  drainFor: async ({ seconds, windowSeconds }: TimedDrain) => {
    const gateway = opened();
    const claims: TimedClaim[] = [];
    let settled = 0;
    let lost: Error | undefined;
    const timed = { ...gateway, deployment: withTimedClaims(gateway.deployment, performance.now(), claims) };
    const dispatch = dispatchTelling(
      timed,
      (count) => {
        settled += count;
      },
      (error) => {
        lost ??= error;
      },
    );
    await delay(seconds * 1000);
    await dispatch.stop(5000);
    if (lost !== undefined) throw lost;
    return {
      settled,
      first: meanClaim(claims, 0, windowSeconds * 1000),
      last: meanClaim(claims, (seconds - windowSeconds) * 1000, seconds * 1000),
      empty: claims.filter(({ entries }) => entries === 0).length,
    };
  },
};

/** What this process can be told. */
export type DispatchingGatewayCommands = typeof commands;

answerCommands(commands);
