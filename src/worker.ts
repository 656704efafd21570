import { Hono } from "hono";
import { GatewayError } from "../contracts/errors.ts";
import { createApp } from "./app.ts";
import { type Config, ConfigError, parseConfig } from "./config.ts";
import { correlation } from "./http/correlation.ts";
import type { AppContext, AppEnvironment } from "./http/environment.ts";
import { preferredLanguage } from "./http/language.ts";
import { answerProblem } from "./http/problem.ts";
import { createLog, type Log } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import { nodeOnlySettings } from "./node-only-settings.ts";
import { createAdapters, platformFaults, platformIds, secretSettings } from "./platform-adapters.ts";
import { createFetchTransport } from "./runtime/fetch-transport.ts";
import { untilWritten } from "./runtime/worker-answer.ts";
import { openRequestDatabase, REQUEST_CONNECTIONS, type RequestDatabase } from "./runtime/worker-database.ts";
import { doChores, drainPlatforms, keepHouse, openCalls, openQuestions } from "./runtime/worker-drain.ts";
import { openWorkerFiles } from "./runtime/worker-files.ts";
import { assemble } from "./wiring.ts";

/** The Worker's bindings (wrangler.toml): the database, and every setting as a variable or a secret. */
interface Bindings {
  /** Absent only where the binding was forgotten. */
  readonly HYPERDRIVE?: Hyperdrive;
  readonly [setting: string]: unknown;
}

/** What lives as long as the isolate. It keeps values alone: a promise of one request must not be awaited by another. */
interface Isolate {
  fetch(request: Request, databaseUrl: string, context: ExecutionContext): Promise<Response>;
  scheduled(time: Date, databaseUrl: string): Promise<void>;
}

/** The minute of each hour in which a cron event also keeps house. */
const HOUSEKEEPING_MINUTE = 0;

// biome-ignore lint/suspicious/noConsole: on Workers the console is the log, and this is an entry file.
const openLog = (level: string): Log => createLog(level, secretSettings, (line) => console.log(line));

/** Hyperdrive's own address: it may differ from one event to the next. */
const databaseUrlOf = (env: Bindings): string => env.HYPERDRIVE?.connectionString ?? "";

/** Production's rules, without demo settings. The address has no default here: a Worker does not know its own. */
const readConfig = async (env: Bindings): Promise<Config> => {
  const texts = Object.entries(env).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  const settings = { ...Object.fromEntries(texts), DATABASE_URL: databaseUrlOf(env) };
  const config = await parseConfig(settings, platformIds, null, platformFaults);
  if (!env["PUBLIC_URL"])
    throw new ConfigError(["PUBLIC_URL is missing: the address at which callers reach the gateway"]);
  return config;
};

/** A gateway whose settings are sound. */
const serving = (config: Config): Isolate => {
  const { ledgerKeys, signingKeys } = config;
  if (!ledgerKeys || !signingKeys) throw new ConfigError(["LEDGER_KEYS and SIGNING_KEYS are missing"]);
  const log = openLog(config.logLevel);
  const ineffective = nodeOnlySettings(config, platformIds);
  if (ineffective.length > 0) log.warn({ settings: ineffective }, "these settings have no effect on Workers");
  const metrics = createMetrics();
  const elapsed = () => performance.now();
  const keys = { ledger: ledgerKeys, signing: signingKeys };
  const files = openWorkerFiles(config.files);
  const surroundings = { now: () => new Date(), random: Math.random, elapsed, files };
  const deployment = assemble(config, keys, createAdapters(config.settings), surroundings);
  const app = createApp({
    // Nothing is woken: a request that delivered too would call platforms beside the cron, beyond their limits.
    open: (c: AppContext) => {
      const { database } = c.env as RequestDatabase;
      const transport = createFetchTransport((url, init) => fetch(url, init));
      const adaptersOf = () => createAdapters(config.settings);
      return deployment.open(database, () => undefined, openCalls({ deployment, database, adaptersOf, transport }));
    },
    log,
    metrics,
    elapsed,
    dossierCodePattern: config.dossierCodePattern,
    docs: null,
  });
  return {
    fetch: async (request, databaseUrl, context) => {
      const own = openRequestDatabase(databaseUrl, REQUEST_CONNECTIONS);
      let written = Promise.resolve();
      try {
        const served = untilWritten(await app.fetch(request, own));
        written = served.written;
        return served.answer;
      } finally {
        context.waitUntil(written.then(() => own.close()));
      }
    },
    scheduled: async (time, databaseUrl) => {
      // One connection: the others that workerd allows an event are for the platforms.
      const { database, close } = openRequestDatabase(databaseUrl, 1);
      const transport = createFetchTransport((url, init) => fetch(url, init));
      const adapters = createAdapters(config.settings);
      try {
        // First: what a replay releases is drained by this same event.
        const chores = deployment.chores(
          database,
          () => undefined,
          openQuestions({ deployment, database, adapters, transport }),
        );
        await doChores(chores, log);
        await drainPlatforms({ config, deployment, database, adapters, transport, log, metrics });
        if (time.getUTCMinutes() === HOUSEKEEPING_MINUTE) await keepHouse(database, chores, log);
      } finally {
        await close();
      }
    },
  };
};

/** Refuses everything. The log names the faults, once in each isolate; a fault never repeats a secret. */
const refusing = ({ faults }: ConfigError): Isolate => {
  openLog("info").error({ faults }, "the settings cannot be used");
  const unusable = new GatewayError("not_configured", {
    detail: {
      vi: "Thiết lập của hệ thống chưa dùng được; nhật ký nêu từng lỗi.",
      en: "The gateway's settings cannot be used; its log names every fault.",
    },
  });
  const app = new Hono<AppEnvironment>();
  app.use(correlation());
  app.all("*", (c) => {
    c.set("language", preferredLanguage(c.req.header("accept-language")));
    return answerProblem(c, unusable);
  });
  return { fetch: async (request) => app.fetch(request), scheduled: async () => undefined };
};

const prepare = async (env: Bindings): Promise<Isolate> => {
  try {
    return serving(await readConfig(env));
  } catch (error) {
    if (error instanceof ConfigError) return refusing(error);
    throw error;
  }
};

let prepared: Isolate | undefined;

/** Events that come first at the same moment each prepare; one of them stays. */
const isolateOf = async (env: Bindings): Promise<Isolate> => {
  if (prepared !== undefined) return prepared;
  const isolate = await prepare(env);
  prepared ??= isolate;
  return prepared;
};

/** The gateway on Cloudflare Workers: the application that Node serves too; a cron trigger delivers (design section 6). */
export default {
  fetch: async (request, env, context) => (await isolateOf(env)).fetch(request, databaseUrlOf(env), context),
  scheduled: async ({ scheduledTime }, env) =>
    (await isolateOf(env)).scheduled(new Date(scheduledTime), databaseUrlOf(env)),
} satisfies ExportedHandler<Bindings>;
