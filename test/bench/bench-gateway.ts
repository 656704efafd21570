import { parseConfig } from "../../src/config.ts";
import { demoSettings } from "../../src/demo-settings.ts";
import { createLog } from "../../src/log.ts";
import { createMetrics } from "../../src/metrics.ts";
import { createAdapters, platformIds } from "../../src/platform-adapters.ts";
import { openDatabase } from "../../src/runtime/node-gateway.ts";
import { deploymentKeys } from "../../src/security/deployment-keys.ts";
import { assemble } from "../../src/wiring.ts";

/** Where a gateway of the benchmark finds its surroundings. */
export interface BenchGatewayOptions {
  readonly databaseUrl: string;
  /** The national portal; in rows without dispatch nobody calls it. */
  readonly portalUrl: string;
  /** `NATIONAL_PORTAL_CONCURRENCY`. */
  readonly concurrency: number;
}

/** The parts of a gateway as src/node.ts puts them together, for the processes of the benchmark to run in part. */
export const openBenchGateway = async ({ databaseUrl, portalUrl, concurrency }: BenchGatewayOptions) => {
  const settings = {
    NATIONAL_PORTAL_URL: portalUrl,
    NATIONAL_PORTAL_USERNAME: "000.00.00.H04",
    NATIONAL_PORTAL_PASSWORD: "bench-portal-password",
    NATIONAL_PORTAL_CONCURRENCY: String(concurrency),
    NATIONAL_PORTAL_FETCH_MS: "off",
    LOG_LEVEL: "warn",
    PORT: "0",
  };
  const config = await parseConfig(settings, platformIds, { settings: demoSettings() });
  const database = openDatabase(databaseUrl);
  const keys = await deploymentKeys(database.database, config.provinceCode, config);
  const elapsed = () => performance.now();
  const surroundings = { now: () => new Date(), random: Math.random, elapsed };
  const deployment = assemble(config, keys, createAdapters(config.settings), surroundings);
  const log = createLog(config.logLevel, []);
  return { config, database, keys, deployment, elapsed, log, metrics: createMetrics() };
};

/** The parts of a gateway. */
export type BenchGateway = Awaited<ReturnType<typeof openBenchGateway>>;
