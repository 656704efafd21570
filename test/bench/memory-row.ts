import { execFile } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { startGateway, tokenOf } from "../processes/gateway-child.ts";
import type { BenchServer } from "./bench-server.ts";
import { startProcess } from "./commands.ts";
import { PORTAL_MS } from "./delivery-row.ts";
import type { Prepared } from "./figures.ts";
import { gatewaySettings } from "./gateway-settings.ts";
import type { AcceptGatewayCommands } from "./processes/accept-gateway.ts";
import type { LoadGeneratorCommands } from "./processes/load-generator.ts";
import type { PortalCommands } from "./processes/portal.ts";

/** The load that is kept up, over both gateways together. */
export interface MemorySizes {
  readonly seconds: number;
  /** Steps accepted in a second. */
  readonly rate: number;
  readonly dossiers: number;
}

const SAMPLE_MS = 500;
/** Calls to the portal in flight, by default. */
const CONCURRENCY = 8;
const GATEWAYS = 2;

/** Resident megabytes (10^6 bytes) of a process. */
const residentMegabytes = async (pid: number): Promise<number> => {
  const { stdout } = await promisify(execFile)("ps", ["-o", "rss=", "-p", String(pid)]);
  return (Number(stdout) * 1024) / 1e6;
};

/** Samples a process while something runs; what it held at most in the second half, when everything is warm. */
const largestWhile = async (pid: number, running: Promise<unknown>): Promise<number> => {
  const samples: number[] = [];
  let over = false;
  const ended = running.finally(() => {
    over = true;
  });
  while (!over) {
    samples.push(await residentMegabytes(pid));
    await delay(SAMPLE_MS);
  }
  await ended;
  samples.push(await residentMegabytes(pid));
  return Math.max(...samples.slice(Math.floor(samples.length / 2)));
};

/** What two gateways on one database hold while both accept and deliver. */
export const prepareMemory = async (
  server: BenchServer,
  { seconds, rate, dossiers }: MemorySizes,
): Promise<Prepared> => {
  const portal = startProcess<PortalCommands>("portal");
  const putter = startProcess<AcceptGatewayCommands>("accept-gateway");
  const generators = Array.from({ length: GATEWAYS }, () => startProcess<LoadGeneratorCommands>("load-generator"));
  const { url: portalUrl } = await portal.call("open", { delayMs: PORTAL_MS });
  const databaseUrl = await server.migrated("bench_memory");
  await putter.call("open", { databaseUrl, portalUrl });
  await putter.call("putDossiers", { count: dossiers });
  await putter.call("close");
  await server.analyze(databaseUrl);
  const rounds: string[] = [];

  const measure = async (round: number): Promise<number> => {
    const settings = gatewaySettings({ databaseUrl, portalUrl, concurrency: CONCURRENCY });
    const gateways = await Promise.all(generators.map(() => startGateway(settings)));
    try {
      await portal.call("taken");
      const loads = await Promise.all(
        gateways.map(async ({ url, pid }, i) => {
          const load = { url, token: await tokenOf(url), dossiers, seconds, rate: rate / GATEWAYS };
          const running = generators[i]?.call("steady", { ...load, label: `memory-${round}-${i}` });
          const largest = await largestWhile(pid, running ?? Promise.resolve());
          return { largest, load: await running };
        }),
      );
      const refused = loads.reduce((sum, { load }) => sum + (load?.refused ?? 0), 0);
      const delivered = await portal.call("taken");
      const each = loads.map(({ largest, load }) => `${largest.toFixed(0)} MB, p99 ${load?.p99.toFixed(1)} ms`);
      rounds.push(
        `round ${round}: ${each.join("; ")}; ${delivered} messages delivered meanwhile, ${refused} steps refused`,
      );
      return Math.max(...loads.map(({ largest }) => largest));
    } finally {
      await Promise.all(gateways.map((gateway) => gateway.stop()));
    }
  };
  return {
    comparisons: [
      {
        name: "Memory of a gateway at steady load",
        unit: "MB",
        ours: { name: "ours", measure },
        peers: [],
        bars: [{ below: 200 }],
        mostRounds: 2,
        notes: () => [
          `RSS of the larger of ${GATEWAYS} processes, at most, in the second half of ${seconds} s of ${rate} steps/s accepted and delivered`,
          ...rounds,
        ],
      },
    ],
    stop: async () => {
      await Promise.all([portal, putter, ...generators].map((process) => process.stop()));
    },
  };
};
