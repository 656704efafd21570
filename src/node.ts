import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import type { PlatformId } from "../contracts/adapter.ts";
import { createApp } from "./app.ts";
import { type Config, ConfigError, parseConfig } from "./config.ts";
import { demoSettings } from "./demo-settings.ts";
import { welcome } from "./demo-welcome.ts";
import type { DocsAssets } from "./http/routes/docs.ts";
import { createLog, faultFields } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import {
  createAdapters,
  platformFaults,
  platformIds,
  secretSettings,
  unconfiguredPlatforms,
} from "./platform-adapters.ts";
import { openMonths } from "./retention/open-months.ts";
import { startEmbeddedPostgres } from "./runtime/embedded-postgres.ts";
import { ensureDatabase } from "./runtime/ensure-database.ts";
import { openNodeFiles, sweepFiles } from "./runtime/node-files.ts";
import { openDatabase, startDispatch } from "./runtime/node-gateway.ts";
import { listen } from "./runtime/node-http-server.ts";
import { addressesOf } from "./runtime/node-lookup.ts";
import { migrateDatabase } from "./runtime/node-migrate.ts";
import { createNodePapers } from "./runtime/node-papers.ts";
import { tlsFaults } from "./runtime/node-tls-files.ts";
import { openWakeLine } from "./runtime/node-wake-line.ts";
import { deploymentKeys } from "./security/deployment-keys.ts";
import { assemble } from "./wiring.ts";

/** What was started, in order; stopped in the reverse order. */
type Stops = (() => Promise<void>)[];

const SIMULATOR_PORT = 8091;
const GRACE_MS = 10_000;
const SAME_SIGNAL_MS = 1000;
const DATABASE = "gateway";

/** The documentation page's files, from their package: served by us, loaded from nowhere else. */
const docsAssets = (): DocsAssets => {
  const folder = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  return { script: read("swagger-ui-bundle.js"), style: read("swagger-ui.css") };
};

/** The database: the one given, or one of our own in the data folder. */
const startDatabase = async ({ databaseUrl, dataDir }: Config, stops: Stops): Promise<string> => {
  if (databaseUrl !== undefined) return databaseUrl;
  const postgres = await startEmbeddedPostgres({
    dataDir: join(resolve(dataDir), "postgres"),
    onUnexpectedEnd: (error) => {
      console.error(error.message);
      process.exit(1);
    },
  });
  stops.push(() => postgres.stop());
  const url = postgres.url(DATABASE);
  await ensureDatabase(postgres.url("postgres"), DATABASE);
  return url;
};

/** Plays each platform without an address by a simulator, and gives the settings that reach it. */
const startSimulators = async (config: Config, stops: Stops) => {
  const started: { platform: string; url: string }[] = [];
  let settings = config.settings;
  if (!config.simulators) return { settings, started };
  const { startSimulator } = await import("../mocks/start-simulator.ts");
  mkdirSync(config.dataDir, { recursive: true });
  for (const platform of unconfiguredPlatforms(config.settings)) {
    const port = SIMULATOR_PORT + started.length;
    const { dataDir, agencyCode, publicUrl: gatewayUrl } = config;
    const place = { dataDir, port, agencyCode, gatewayUrl, settings: config.settings };
    const simulator = await startSimulator(platform, place);
    if (simulator === null) continue;
    stops.push(() => simulator.close());
    started.push(simulator);
    // The simulator's own credentials go with its address, whatever stray settings of the platform there are.
    settings = { ...settings, ...simulator.settings };
  }
  return { settings, started };
};

const stopAll = async (stops: Stops): Promise<void> => {
  for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) {
    // One that cannot be stopped must not keep the rest from being stopped.
    await stop().catch((error: unknown) => console.error("a part did not stop cleanly:", (error as Error)?.name));
  }
};

/** Stops everything once, at the first signal; a second one ends the process at once. */
const stopOnSignal = (stops: Stops, log: ReturnType<typeof createLog>): void => {
  let stoppingSince: number | undefined;
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    // A terminal's Ctrl-C comes twice under npm: from the terminal and handed on by npm. Only a later one is impatience.
    if (stoppingSince !== undefined && performance.now() - stoppingSince < SAME_SIGNAL_MS) return;
    if (stoppingSince !== undefined) process.exit(130);
    stoppingSince = performance.now();
    log.info({ signal }, "stopping");
    await stopAll(stops);
    log.info("stopped");
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void stop(signal));
};

const run = async (demo: boolean): Promise<void> => {
  const config = await parseConfig(
    process.env,
    platformIds,
    demo ? { settings: demoSettings(process.env["AGENCY_CODE"] || undefined) } : null,
    (settings) => [...platformFaults(settings), ...tlsFaults(settings, platformIds)],
  );
  const log = createLog(demo && process.env["LOG_LEVEL"] === undefined ? "warn" : config.logLevel, secretSettings);
  const stops: Stops = [];
  stopOnSignal(stops, log);
  try {
    const url = await startDatabase(config, stops);
    await migrateDatabase(url);
    const database = openDatabase(url);
    stops.push(database.close);
    // Before anything is accepted; without it nothing breaks, and it is tried again each hour.
    await openMonths(database.database).catch((error: unknown) => log.warn(faultFields(error), "no month was opened"));
    const { settings, started } = await startSimulators(config, stops);
    const keys = await deploymentKeys(database.database, config.provinceCode, config);
    const elapsed = () => performance.now();
    const files = openNodeFiles(config.files);
    stops.push(files.close);
    await sweepFiles(config.files).catch((error: unknown) =>
      log.warn(faultFields(error), "old uploads were not swept"),
    );
    const now = () => new Date();
    const papers = createNodePapers(now);
    const surroundings = { now, random: Math.random, elapsed, lookUp: addressesOf, files, papers };
    const deployment = assemble({ ...config, settings }, keys, createAdapters(settings), surroundings);
    const metrics = createMetrics();
    const dispatch = startDispatch({ config, deployment, database, log, metrics });
    stops.push(() => dispatch.stop(GRACE_MS));
    const line = openWakeLine(url, dispatch.wake, (error) => log.warn(faultFields(error), "the wake line failed"));
    stops.push(line.close);
    const wake = (platform: PlatformId): void => {
      dispatch.wake(platform);
      line.ring(platform);
    };
    const gateway = deployment.open(database.database, wake, dispatch.calls);
    const app = createApp({
      open: () => gateway,
      log,
      metrics,
      elapsed,
      dossierCodePattern: config.dossierCodePattern,
      docs: docsAssets(),
    });
    const server = await listen(app.fetch, config);
    stops.push(() => server.close(GRACE_MS));
    if (demo) {
      const inForce = {
        client: process.env["CLIENTS"] === undefined,
        operator: process.env["OPERATORS"] === undefined,
        portalKey: !process.env["NATIONAL_PORTAL_INBOUND_KEYS"],
      };
      console.log(welcome(server.url, started, inForce));
    }
    log.info({ url: server.url, platforms: [...deployment.adapters.keys()] }, "ready");
  } catch (error) {
    await stopAll(stops);
    throw error;
  }
};

const migrate = async (): Promise<void> => {
  const url = process.env["DATABASE_URL"];
  if (!url) throw new ConfigError(["DATABASE_URL is missing: the database to migrate"]);
  await migrateDatabase(url);
  console.log("the database has every migration");
};

const COMMANDS: Readonly<Record<string, () => Promise<void>>> = {
  start: () => run(true),
  serve: () => run(false),
  migrate,
};

try {
  const command = COMMANDS[process.argv[2] ?? "start"];
  if (command === undefined) throw new Error("usage: node src/node.ts start | serve | migrate");
  await command();
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exit(1);
}
