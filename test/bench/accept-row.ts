import type { BenchServer } from "./bench-server.ts";
import { startProcess } from "./commands.ts";
import type { Comparison, Prepared, Subject } from "./figures.ts";
import { findPgbench, ONE_STATEMENT, pgbenchVersion, runPgbench, TRANSACTION } from "./pgbench.ts";
import type { AcceptBossCommands } from "./processes/accept-boss.ts";
import type { AcceptGatewayCommands } from "./processes/accept-gateway.ts";
import type { LoadGeneratorCommands } from "./processes/load-generator.ts";

/** How long and how large. */
export interface AcceptSizes {
  readonly connections: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly dossiers: number;
}

/** Nobody listens there, and nobody calls: this row dispatches nothing. */
const NO_PORTAL = "http://127.0.0.1:9";
/** Of our maximum, in the row on latency. */
const STEADY_PART = 0.7;

const PGBENCH = "pgbench, begin … commit";
const BOSS = "pg-boss, send over HTTP";

const pgbenchPeers = async (server: BenchServer, { connections, seconds, dossiers }: AcceptSizes) => {
  const pgbench = await findPgbench();
  if (pgbench === null) return { peers: [], note: "pgbench was not found on this machine: its bar is not judged" };
  const peer = async (name: string, database: string, script: string): Promise<Subject> => {
    const databaseUrl = await server.copy("bench_dossiers", database);
    const usual = { pgbench, databaseUrl, script, clients: connections, dossiers };
    return {
      name,
      measure: async (round) => {
        await server.checkpoint();
        return runPgbench({ ...usual, seconds, seed: round });
      },
    };
  };
  const peers = [
    await peer("pgbench, one statement", "bench_statement", ONE_STATEMENT),
    await peer(PGBENCH, "bench_transaction", TRANSACTION),
  ];
  const version = await pgbenchVersion(pgbench);
  const note = `${version}, \`-M prepared -c ${connections} -j 1\`, writes the same rows of the same sizes`;
  return { peers, note };
};

/** Loads one server from one process of its own. */
const startLoad = (server: BenchServer, { connections, seconds, warmUpSeconds, dossiers }: AcceptSizes) => {
  const generator = startProcess<LoadGeneratorCommands>("load-generator");
  const on = (target: { readonly url: string; readonly token: string }) => {
    const load = { ...target, dossiers };
    return {
      warmUp: () => generator.call("run", { ...load, connections, seconds: warmUpSeconds, label: "warm-up" }),
      flood: async (label: string) => {
        await server.checkpoint();
        return generator.call("run", { ...load, connections, seconds, label });
      },
      steady: async (rate: number, label: string) => {
        await server.checkpoint();
        return generator.call("steady", { ...load, rate, seconds, label });
      },
    };
  };
  return { on, stop: () => generator.stop() };
};

type Target = ReturnType<ReturnType<typeof startLoad>["on"]>;

const latency = (ours: Target): Comparison => {
  const rounds: string[] = [];
  return {
    name: `Accept at ${STEADY_PART * 100} % of our maximum: p99`,
    unit: "ms",
    ours: {
      name: "ours",
      measure: async (round) => {
        const { perSecond } = await ours.flood(`steady-${round}-maximum`);
        const steady = await ours.steady(perSecond * STEADY_PART, `steady-${round}`);
        const { p50, p99, refused, connections } = steady;
        rounds.push(
          `${(perSecond * STEADY_PART).toFixed(0)}/s of ${perSecond.toFixed(0)}: p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)}, ${connections} connections, ${refused} refused`,
        );
        if (refused > 0) throw new Error(`${refused} steps were refused at ${STEADY_PART} of the maximum`);
        return p99;
      },
    },
    peers: [],
    bars: [{ below: 40 }],
    notes: () => [
      "open loop, timed from the moment each step was due; the round's own maximum right before",
      ...rounds,
    ],
  };
};

/** Durable accept over HTTP of `POST /v1/dossiers/{code}/events`, beside pgbench and pg-boss on the same server. */
export const prepareAccept = async (server: BenchServer, sizes: AcceptSizes): Promise<Prepared> => {
  const gateway = startProcess<AcceptGatewayCommands>("accept-gateway");
  const boss = startProcess<AcceptBossCommands>("accept-boss");
  const load = startLoad(server, sizes);
  const { connections, seconds, dossiers } = sizes;

  const seedUrl = await server.migrated("bench_dossiers");
  await gateway.call("open", { databaseUrl: seedUrl, portalUrl: NO_PORTAL });
  await gateway.call("putDossiers", { count: dossiers });
  await gateway.call("close");
  await server.analyze(seedUrl);
  const { peers, note } = await pgbenchPeers(server, sizes);
  const bossUrl = await server.copy("bench_dossiers", "bench_accept_boss");
  const databaseUrl = await server.copy("bench_dossiers", "bench_accept");
  const ours = load.on(await gateway.call("open", { databaseUrl, portalUrl: NO_PORTAL }));
  const bosses = load.on(await boss.call("open", { databaseUrl: bossUrl, portalUrl: NO_PORTAL }));
  await ours.warmUp();
  await bosses.warmUp();

  const latencies: string[] = [];
  const throughput: Comparison = {
    name: "Durable accept of a progress step",
    unit: "requests/s",
    ours: {
      name: "ours",
      measure: async (round) => {
        const { perSecond, p50, p99 } = await ours.flood(`round-${round}`);
        latencies.push(`${p50.toFixed(1)}/${p99.toFixed(1)}`);
        return perSecond;
      },
    },
    peers: [...peers, { name: BOSS, measure: async (round) => (await bosses.flood(`round-${round}`)).perSecond }],
    bars: [
      { peer: PGBENCH, atLeast: 0.7 },
      { peer: BOSS, atLeast: 4 },
    ],
    notes: () => [
      `${connections} connections, ${seconds} s a round, ${dossiers} dossiers; one Node process, dispatchers not running`,
      note,
      "pg-boss: one `send` for each request, behind the same HTTP server, token check, body reader and field checks; nothing sealed",
      `p50/p99 at full load, ms, by round: ${latencies.join(", ")}`,
    ],
  };
  return {
    comparisons: [throughput, latency(ours)],
    stop: async () => {
      await Promise.all([gateway.stop(), boss.stop(), load.stop()]);
    },
  };
};
