import type { BenchServer } from "./bench-server.ts";
import { startProcess } from "./commands.ts";
import type { Comparison, Prepared } from "./figures.ts";
import type { LookUpGatewayCommands } from "./processes/look-up-gateway.ts";
import type { LookUpLoadCommands } from "./processes/look-up-load.ts";
import type { LookUpProxyCommands } from "./processes/look-up-proxy.ts";
import type { RegistryCommands } from "./processes/registry.ts";
import { dossierCode } from "./workload.ts";

/** How long and how large. */
export interface LookUpSizes {
  readonly connections: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
}

const PROXY = "http-proxy 1.18.1";

const LOOKUP = JSON.stringify({
  dossierCode: dossierCode(0),
  procedureCode: "2.000591",
  purpose: "processing-verification",
  personalId: "099205000001",
  fullName: "Nguyễn Văn Mẫu",
  birthDate: "2005-01-31",
});

/**
 * Citizen look-up (token, guard, durable access record, upstream of 0 ms) beside a proxy that passes the same bytes on to the
 * same upstream and records nothing.
 */
export const prepareLookUp = async (server: BenchServer, sizes: LookUpSizes): Promise<Prepared> => {
  const { connections, seconds, warmUpSeconds } = sizes;
  const registry = startProcess<RegistryCommands>("registry");
  const gateway = startProcess<LookUpGatewayCommands>("look-up-gateway");
  const proxy = startProcess<LookUpProxyCommands>("look-up-proxy");
  const load = startProcess<LookUpLoadCommands>("look-up-load");
  const { url: registryUrl } = await registry.call("open");
  const databaseUrl = await server.migrated("bench_look_up");
  const ours = { ...(await gateway.call("open", { databaseUrl, registryUrl })), path: "/v1/citizens/lookup" };
  const { url } = await proxy.call("open", { target: new URL(registryUrl).origin });
  const passed = { url, tokens: ours.tokens.slice(0, 1), path: "/c06" };
  const direct = { ...passed, url: new URL(registryUrl).origin };
  const run = async (target: typeof passed, at: number, forSeconds = seconds) => {
    await server.checkpoint();
    return load.call("run", { ...target, body: LOOKUP, connections: at, seconds: forSeconds });
  };
  for (const target of [ours, passed]) await run(target, connections, warmUpSeconds);

  const latencies: string[] = [];
  const throughput: Comparison = {
    name: "Citizen look-up, upstream of 0 ms",
    unit: "requests/s",
    ours: {
      name: "ours",
      measure: async () => {
        const { perSecond, p50, p99 } = await run(ours, connections);
        latencies.push(`${p50.toFixed(1)}/${p99.toFixed(1)}`);
        return perSecond;
      },
    },
    peers: [{ name: PROXY, measure: async () => (await run(passed, connections)).perSecond }],
    bars: [{ peer: PROXY, atLeast: 0.9 }],
    notes: () => [
      `${connections} connections, ${seconds} s a round, 64 officers; both records of an access on the disk before the answer`,
      `${PROXY}: one process with a keep-alive agent; passes the same body on, checks and records nothing`,
      `p50/p99 at full load, ms, by round: ${latencies.join(", ")}`,
    ],
  };
  const rounds: string[] = [];
  const added: Comparison = {
    name: "Citizen look-up at one connection: p50 added to the upstream's own",
    unit: "ms",
    ours: {
      name: "ours",
      measure: async () => {
        const alone = await run(direct, 1);
        const whole = await run(ours, 1);
        rounds.push(`${whole.p50.toFixed(2)} − ${alone.p50.toFixed(2)}`);
        return whole.p50 - alone.p50;
      },
    },
    peers: [],
    bars: [{ below: 0.6 }],
    notes: () => [`p50 through the gateway less p50 of the upstream alone, by round: ${rounds.join(", ")}`],
  };
  return {
    comparisons: [throughput, added],
    stop: async () => {
      await Promise.all([registry.stop(), gateway.stop(), proxy.stop(), load.stop()]);
    },
  };
};
