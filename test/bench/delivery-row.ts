import type { Bar } from "./bars.ts";
import type { BenchServer } from "./bench-server.ts";
import { startProcess } from "./commands.ts";
import { type DeliveryPeer, type RunningPeers, startBoss, startDbos, startGraphile } from "./delivery-peers.ts";
import type { Prepared } from "./figures.ts";
import type { BareLoopCommands } from "./processes/bare-loop.ts";
import type { DispatchingGatewayCommands } from "./processes/dispatching-gateway.ts";
import type { PortalCommands } from "./processes/portal.ts";

/** How much is delivered, and how. */
export interface DeliverySizes {
  readonly entries: number;
  /** Dossiers; fewer than entries: the steps of each must stay in order. */
  readonly streams: number;
  /** Calls in flight, for everyone. */
  readonly concurrency: number;
  /** Delivered once before the rounds, by everyone, so that no round pays for compiling. */
  readonly warmUpEntries: number;
  /** Jobs of the peers that are too slow for as many entries as ours. */
  readonly jobs: {
    readonly graphileDefault: number;
    readonly fetch: number;
    readonly work: number;
    readonly dbos: number;
  };
}

/** How long the portal takes for each answer. */
export const PORTAL_MS = 20;

const BARE_LOOP = "bare loop";

const BARS: readonly Bar[] = [
  { peer: BARE_LOOP, atLeast: 0.8 },
  { peer: "graphile-worker, batched", atLeast: 1 },
  { peer: "pg-boss, fetch", atLeast: 4 },
  { peer: "pg-boss, work()", atLeast: 12 },
];
const BARS_IN_ORDER: readonly Bar[] = [{ peer: "graphile-worker, named queues", atLeast: 1.1 }];

/** One after the other: each brings a process and a schema. */
const startPeers = async (
  server: BenchServer,
  portalUrl: string,
  { entries, streams, concurrency, jobs }: DeliverySizes,
): Promise<readonly RunningPeers[]> => {
  const surroundings = { server, portalUrl, concurrency, streams };
  if (streams < entries) {
    return [await startGraphile(surroundings, { jobs: entries, isBatched: true, isOrdered: true })];
  }
  return [
    await startGraphile(surroundings, { jobs: entries, isBatched: true, isOrdered: false }),
    await startGraphile(surroundings, { jobs: jobs.graphileDefault, isBatched: false, isOrdered: false }),
    await startBoss(surroundings, { fetchJobs: jobs.fetch, workJobs: jobs.work }),
    await startDbos(surroundings, { jobs: jobs.dbos }),
  ];
};

/** Delivery to a portal that answers in 20 ms, beside a bare loop that makes the same calls, and beside queue libraries. */
export const prepareDelivery = async (server: BenchServer, sizes: DeliverySizes): Promise<Prepared> => {
  const { entries, streams, concurrency, warmUpEntries } = sizes;
  const portal = startProcess<PortalCommands>("portal");
  const gateway = startProcess<DispatchingGatewayCommands>("dispatching-gateway");
  const loop = startProcess<BareLoopCommands>("bare-loop");
  const { url: portalUrl } = await portal.call("open", { delayMs: PORTAL_MS });
  const databaseUrl = await server.migrated(`bench_delivery_${streams}`);
  await gateway.call("open", { databaseUrl, portalUrl, concurrency });
  const running = await startPeers(server, portalUrl, sizes);

  /** Messages per second, when the portal took as many as were sent. */
  const rateOf = async (count: number, drain: (count: number) => Promise<number>): Promise<number> => {
    const seconds = await drain(count);
    const taken = await portal.call("taken");
    if (taken !== count) throw new Error(`the portal took ${taken} messages, not ${count}`);
    return count / seconds;
  };
  const ours = async (count: number): Promise<number> => {
    await gateway.call("enqueue", { count, streams });
    await server.analyze(databaseUrl);
    await server.checkpoint();
    return (await gateway.call("drain")).seconds;
  };
  const bareLoop: DeliveryPeer = {
    name: BARE_LOOP,
    how: "the same calls over the same transport: no ledger, no order, no evidence",
    jobs: entries,
    drain: async (count) => (await loop.call("run", { portalUrl, count, streams, concurrency })).seconds,
  };
  const peers = [bareLoop, ...running.flatMap((one) => one.peers)];
  await rateOf(warmUpEntries, ours);
  for (const { jobs, drain } of peers) await rateOf(Math.min(jobs, warmUpEntries), drain);

  const comparison = {
    name: `Delivery of ${entries} steps of ${streams} dossiers`,
    unit: "entries/s",
    ours: { name: "ours", measure: () => rateOf(entries, ours) },
    peers: peers.map(({ name, jobs, drain }) => ({ name, measure: () => rateOf(jobs, drain) })),
    bars: streams < entries ? BARS_IN_ORDER : BARS,
    notes: () => [
      `the portal answers after ${PORTAL_MS} ms, ${concurrency} calls in flight; ours ends with the last settle's commit`,
      ...peers.map(({ name, how, jobs }) => `${name}: ${how}; ${jobs} messages a round`),
    ],
  };
  return {
    comparisons: [comparison],
    stop: async () => {
      await Promise.all([portal.stop(), gateway.stop(), loop.stop(), ...running.map((one) => one.stop())]);
    },
  };
};
