import type { BenchServer } from "./bench-server.ts";
import { startProcess } from "./commands.ts";
import type { Comparison, Subject } from "./figures.ts";
import { findPgbench, ONE_STATEMENT, pgbenchVersion, runPgbench, TRANSACTION } from "./pgbench.ts";
import type { AcceptGatewayCommands } from "./processes/accept-gateway.ts";
import type { LoadGeneratorCommands } from "./processes/load-generator.ts";

/** How long and how large. */
export interface AcceptSizes {
  readonly connections: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly dossiers: number;
}

/** A comparison with what it started. */
export interface Prepared {
  readonly comparison: Comparison;
  stop(): Promise<void>;
}

/** Nobody listens there, and nobody calls: this row dispatches nothing. */
const NO_PORTAL = "http://127.0.0.1:9";

const pgbenchPeers = async (server: BenchServer, { connections, seconds, dossiers }: AcceptSizes) => {
  const pgbench = await findPgbench();
  if (pgbench === null) return { peers: [], note: "pgbench was not found on this machine, so there is no peer" };
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
    await peer("pgbench, begin … commit", "bench_transaction", TRANSACTION),
  ];
  const version = await pgbenchVersion(pgbench);
  return {
    peers,
    note: `${version}, \`-M prepared -c ${connections} -j 1\`, writes the same rows of the same sizes`,
  };
};

/** Durable accept over HTTP of `POST /v1/dossiers/{code}/events`, beside pgbench on the same server. */
export const prepareAccept = async (server: BenchServer, sizes: AcceptSizes): Promise<Prepared> => {
  const gateway = startProcess<AcceptGatewayCommands>("accept-gateway");
  const generator = startProcess<LoadGeneratorCommands>("load-generator");
  const { connections, seconds, dossiers } = sizes;

  const seedUrl = await server.migrated("bench_dossiers");
  await gateway.call("open", { databaseUrl: seedUrl, portalUrl: NO_PORTAL });
  await gateway.call("putDossiers", { count: dossiers });
  await gateway.call("close");
  await server.analyze(seedUrl);
  const { peers, note } = await pgbenchPeers(server, sizes);
  const databaseUrl = await server.copy("bench_dossiers", "bench_accept");
  const { url, token } = await gateway.call("open", { databaseUrl, portalUrl: NO_PORTAL });
  const load = { url, token, connections, dossiers };
  await generator.call("run", { ...load, seconds: sizes.warmUpSeconds, label: "warm-up" });

  const latencies: string[] = [];
  return {
    comparison: {
      name: "Durable accept of a progress step",
      unit: "requests/s",
      ours: {
        name: "ours",
        measure: async (round) => {
          await server.checkpoint();
          const { perSecond, p50, p99 } = await generator.call("run", { ...load, seconds, label: `round-${round}` });
          latencies.push(`${p50.toFixed(1)}/${p99.toFixed(1)}`);
          return perSecond;
        },
      },
      peers,
      notes: () => [
        `${connections} connections, ${seconds} s a round, ${dossiers} dossiers; one Node process, dispatchers not running`,
        note,
        `p50/p99 at full load, ms, by round: ${latencies.join(", ")}`,
      ],
    },
    stop: async () => {
      await Promise.all([gateway.stop(), generator.stop()]);
    },
  };
};
