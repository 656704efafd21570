import type { BenchServer } from "./bench-server.ts";
import { type BenchProcess, type Commands, startProcess } from "./commands.ts";
import type { BossQueueCommands } from "./processes/boss-queue.ts";
import type { DbosQueueCommands } from "./processes/dbos-queue.ts";
import type { GraphileQueueCommands } from "./processes/graphile-queue.ts";

/** What all peers of a row share. */
export interface PeerSurroundings {
  readonly server: BenchServer;
  readonly portalUrl: string;
  readonly concurrency: number;
  /** Dossiers that the jobs are spread over. */
  readonly streams: number;
}

/** A queue library that delivers the same messages to the same portal. */
export interface DeliveryPeer {
  readonly name: string;
  /** How it is run, for the notes. */
  readonly how: string;
  /** Jobs in a round: fewer than ours where it is slow, for it is the rate that counts. */
  readonly jobs: number;
  /** Enqueues `count` jobs and works them off; seconds. */
  drain(count: number): Promise<number>;
}

/** A peer with the process it runs in. */
export interface RunningPeers {
  readonly peers: readonly DeliveryPeer[];
  stop(): Promise<void>;
}

const stopOf = (process: BenchProcess<Commands>) => ({ stop: () => process.stop() });

/** graphile-worker, in batches or as it comes; `isOrdered`: one named queue per dossier. */
export const startGraphile = async (
  { server, portalUrl, concurrency, streams }: PeerSurroundings,
  { jobs, isBatched, isOrdered }: { readonly jobs: number; readonly isBatched: boolean; readonly isOrdered: boolean },
): Promise<RunningPeers> => {
  const process = startProcess<GraphileQueueCommands>("graphile-queue");
  const databaseUrl = await server.empty(`bench_graphile_${isBatched ? "batched" : "default"}_${streams}`);
  await process.call("open", { databaseUrl, portalUrl, concurrency, isBatched });
  const settings = isBatched
    ? "localQueue.size 500, completeJobBatchDelay 0, failJobBatchDelay 0"
    : "no setting but the concurrency";
  const peer: DeliveryPeer = {
    name: `graphile-worker, ${isOrdered ? "named queues" : isBatched ? "batched" : "default"}`,
    how: `${settings}; keeps no attempts, decrypts nothing; its clock runs from its first call to its last answer`,
    jobs,
    drain: async (count) => {
      await process.call("enqueue", { count, streams, isOrdered });
      await server.analyze(databaseUrl);
      await server.checkpoint();
      return (await process.call("drain", { count })).seconds;
    },
  };
  return { peers: [peer], ...stopOf(process) };
};

/** pg-boss in both of its ways. */
export const startBoss = async (
  { server, portalUrl, concurrency, streams }: PeerSurroundings,
  { fetchJobs, workJobs }: { readonly fetchJobs: number; readonly workJobs: number },
): Promise<RunningPeers> => {
  const process = startProcess<BossQueueCommands>("boss-queue");
  const databaseUrl = await server.empty(`bench_boss_${streams}`);
  await process.call("open", { databaseUrl, portalUrl, concurrency });
  const drainBy = (way: "drainByFetch" | "drainByWork") => async (count: number) => {
    await process.call("enqueue", { count, streams });
    await server.analyze(databaseUrl);
    await server.checkpoint();
    return (await process.call(way, { count })).seconds;
  };
  const fetching = `4 loops of fetch (batches of ${concurrency / 4}), the calls at once, complete`;
  const working = `work() with batchSize ${concurrency}, pollingIntervalSeconds 0.5`;
  return {
    peers: [
      { name: "pg-boss, fetch", how: fetching, jobs: fetchJobs, drain: drainBy("drainByFetch") },
      { name: "pg-boss, work()", how: working, jobs: workJobs, drain: drainBy("drainByWork") },
    ],
    ...stopOf(process),
  };
};

/** DBOS: one workflow of one step for each message. */
export const startDbos = async (
  { server, portalUrl, concurrency, streams }: PeerSurroundings,
  { jobs }: { readonly jobs: number },
): Promise<RunningPeers> => {
  const process = startProcess<DbosQueueCommands>("dbos-queue");
  const databaseUrl = await server.empty(`bench_dbos_${streams}`);
  await process.call("open", { databaseUrl, portalUrl, concurrency });
  const peer: DeliveryPeer = {
    name: "DBOS, queue",
    how: `workerConcurrency ${concurrency}, minPollingIntervalMs 10, a workflow of one step; clock as for graphile-worker`,
    jobs,
    drain: async (count) => {
      await process.call("enqueue", { count, streams });
      await server.analyze(databaseUrl);
      await server.checkpoint();
      return (await process.call("drain", { count })).seconds;
    },
  };
  return { peers: [peer], ...stopOf(process) };
};
