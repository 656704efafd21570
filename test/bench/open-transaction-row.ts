import { setTimeout as delay } from "node:timers/promises";
import { connect } from "../../src/runtime/database-connection.ts";
import type { BenchServer } from "./bench-server.ts";
import { startProcess } from "./commands.ts";
import { PORTAL_MS } from "./delivery-row.ts";
import { oncePerRound, type Prepared } from "./figures.ts";
import type { DispatchingGatewayCommands } from "./processes/dispatching-gateway.ts";
import type { PortalCommands } from "./processes/portal.ts";

/** How long, and the windows at both ends that are compared. */
export interface OpenTransactionSizes {
  readonly seconds: number;
  readonly windowSeconds: number;
  readonly concurrency: number;
  /** Entries that are due at any moment. */
  readonly backlog: number;
}

const REFILL_MS = 100;

/** Holds a snapshot in the database, as a report or a backup does, until told to let go. */
const holdSnapshot = async (url: string): Promise<() => Promise<void>> => {
  const sql = connect(url, { max: 1, applicationName: "bench-snapshot" });
  const taken = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const held = sql.begin("isolation level repeatable read", async (transaction) => {
    await transaction`select count(*) from pending`;
    taken.resolve();
    await release.promise;
  });
  await Promise.race([taken.promise, held]);
  return async () => {
    release.resolve();
    await held.finally(() => sql.end());
  };
};

/** What a claim costs while an open transaction keeps vacuum from everything that was settled since it began. */
export const prepareOpenTransaction = async (server: BenchServer, sizes: OpenTransactionSizes): Promise<Prepared> => {
  const { seconds, windowSeconds, concurrency, backlog } = sizes;
  const portal = startProcess<PortalCommands>("portal");
  const gateway = startProcess<DispatchingGatewayCommands>("dispatching-gateway");
  const feeder = startProcess<DispatchingGatewayCommands>("dispatching-gateway");
  const { url: portalUrl } = await portal.call("open", { delayMs: PORTAL_MS });
  const databaseUrl = await server.migrated("bench_open_transaction");
  await gateway.call("open", { databaseUrl, portalUrl, concurrency });
  await feeder.call("open", { databaseUrl, portalUrl, concurrency });
  await feeder.call("enqueue", { count: backlog, streams: backlog });
  await gateway.call("drain");
  await portal.call("taken");

  const rounds: string[] = [];
  const measure = oncePerRound(async (round) => {
    await feeder.call("enqueue", { count: backlog, streams: backlog });
    await server.analyze(databaseUrl);
    await server.checkpoint();
    const letGo = await holdSnapshot(databaseUrl);
    let running = true;
    let fed = backlog;
    const draining = gateway.call("drainFor", { seconds, windowSeconds }).finally(() => {
      running = false;
    });
    // As much as was delivered is made due again: the dispatcher always finds work, and never more than it did at first.
    const feeding = (async () => {
      for (; running; await delay(REFILL_MS)) {
        const count = await portal.call("taken");
        await feeder.call("enqueue", { from: fed, count, streams: backlog });
        fed += count;
      }
    })();
    const [drained] = await Promise.all([draining, feeding]).finally(letGo);
    const { first, last, settled, empty } = drained;
    rounds.push(
      `round ${round}: ${first.toFixed(1)} ms, then ${last.toFixed(1)} ms; ${settled} settled, ${(settled / seconds).toFixed(0)}/s; ${empty} claims found nothing`,
    );
    await gateway.call("drain");
    await portal.call("taken");
    return drained;
  });
  const FIRST = `first ${windowSeconds} s`;
  return {
    comparisons: [
      {
        name: `Mean claim in the last ${windowSeconds} s of ${seconds} s beside an open transaction`,
        unit: "ms",
        ours: { name: "ours", measure: async (round) => (await measure(round)).last },
        peers: [{ name: FIRST, measure: async (round) => (await measure(round)).first }],
        bars: [{ peer: FIRST, atMost: 1.2 }],
        mostRounds: 2,
        notes: () => [
          `a repeatable read snapshot held in the same database; ${backlog} entries due at any moment, fed by another process, ${concurrency} calls in flight`,
          ...rounds,
        ],
      },
    ],
    stop: async () => {
      await Promise.all([portal.stop(), gateway.stop(), feeder.stop()]);
    },
  };
};
