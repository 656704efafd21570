import { randomUUID } from "node:crypto";
import type { Adapter, PlatformId } from "../../contracts/adapter.ts";
import type { Config } from "../config.ts";
import { createDatabase } from "../database/create-database.ts";
import { renewedPool } from "../database/renewed-pool.ts";
import { type Dispatcher, type DispatcherObserver, startDispatcher } from "../ledger/dispatcher.ts";
import { purgeKeys } from "../ledger/idempotency.ts";
import { faultFields, type Log } from "../log.ts";
import { emptyDeferred } from "../look-ups/deferred/deferred-desk.ts";
import type { Metrics } from "../metrics.ts";
import type { BreakerObserver } from "../resilience/claim-guard.ts";
import type { PlatformCalls } from "../resilience/platform-calls.ts";
import type { PlatformQuestions } from "../resilience/platform-questions.ts";
import { purgeAssertions } from "../security/use-assertion-once.ts";
import type { Deployment } from "../wiring.ts";
import { connect } from "./database-connection.ts";
import { type NodeChores, startAsking, startChores } from "./node-chores.ts";
import { publicLookup, type ResolveName } from "./node-lookup.ts";
import { createNodeMailer } from "./node-mailer.ts";
import { openPlatformTransport } from "./node-platform-transport.ts";

/** Connections of one process to the database: enough for bursts of accepts beside the dispatchers. */
const DATABASE_CONNECTIONS = 20;
const LEASE_SECONDS = 8;
const HOUSEKEEPING_MS = 3_600_000;

/** What one process of the gateway is built from. */
export interface NodeGatewayParts {
  readonly config: Config;
  readonly deployment: Deployment;
  readonly database: ReturnType<typeof openDatabase>;
  readonly log: Log;
  readonly metrics: Metrics;
  /** In the place of the system's look-up of names. */
  readonly resolveName?: ResolveName | undefined;
}

/** A pool with the query builder over it. */
export const openDatabase = (url: string, max = DATABASE_CONNECTIONS) => {
  const { database, end } = renewedPool(() => {
    const sql = connect(url, { max });
    return { database: createDatabase(sql), end: () => sql.end({ timeout: 5 }) };
  });
  return { database, close: end };
};

const observer = (platform: PlatformId, log: Log, metrics: Metrics): DispatcherObserver => ({
  settled: (settlements) => {
    metrics.settled(platform, settlements);
    for (const { entry, next } of settlements) {
      const fields = { platform, entry: entry.id, state: next.state, correlationId: entry.correlationId };
      if (next.state === "delivered") log.debug(fields, "settled");
      else log.warn({ ...fields, code: next.fault.code, platformCode: next.fault.platformCode }, "not delivered");
    }
  },
  lost: (entries) => log.warn({ platform, entries: entries.map(({ id }) => id) }, "lease lost, result refused"),
  tookOver: (count) => {
    metrics.tookOver(platform, count);
    log.warn({ platform, count }, "took over entries of a dead process");
  },
  storeFailed: (error) => log.error({ platform, ...faultFields(error) }, "the database failed the dispatcher"),
});

/** The dispatchers of this process, with what wakes and stops them. */
export interface NodeDispatch {
  readonly wake: (platform: PlatformId) => void;
  /** Calls that somebody waits for, to one platform; undefined: it is not configured. */
  readonly calls: (platform: PlatformId) => PlatformCalls | undefined;
  stop(graceMs: number): Promise<void>;
}

/** How often to look for work that nobody woke us for; for a platform that is only asked, there is hardly ever any. */
const POLL_MS = 250;
const SELDOM_MS = 10_000;

/** Whether entries go to this platform: exchanges, or deferred look-ups. */
const isSentTo = ({ operations, citizens }: Adapter): boolean =>
  Object.keys(operations).length > 0 || citizens !== undefined;

/** Starts one dispatcher for each configured platform, and the chores, and the hourly housekeeping. */
export const startDispatch = ({
  config,
  deployment,
  database,
  log,
  metrics,
  resolveName,
}: NodeGatewayParts): NodeDispatch => {
  const owner = randomUUID();
  const running = new Map<PlatformId, Dispatcher>();
  const transports: { close(): Promise<void> }[] = [];
  const mirrors: NodeChores[] = [];
  const asked = new Map<PlatformId, PlatformQuestions>();
  const called = new Map<PlatformId, PlatformCalls>();
  const start = (adapter: Adapter): void => {
    const { platform } = adapter;
    const { concurrency } = config.guards(platform);
    // Other platforms' addresses are settings; those of webhooks are what callers write.
    const guarded = platform === "province" && !config.webhookAllowPrivate;
    const lookup = guarded ? publicLookup(resolveName) : undefined;
    const parts = { config, database: database.database, log, lookup };
    const { transport, close } = openPlatformTransport(platform, parts);
    transports.push({ close });
    const lease = { owner, seconds: LEASE_SECONDS };
    const onBreaker: BreakerObserver = (change) =>
      log[change === "opened" ? "warn" : "info"]({ platform }, `breaker ${change}`);
    const dispatch = deployment.dispatch(database.database, adapter, transport, lease, onBreaker, true);
    const { ledger, perform, mirror, fetch, questions, calls } = dispatch;
    asked.set(platform, questions);
    called.set(platform, calls);
    if (mirror !== undefined) mirrors.push(startAsking("catalogue", mirror, log));
    if (fetch !== undefined) mirrors.push(startAsking("fetching", fetch, log));
    const pollMs = isSentTo(adapter) ? POLL_MS : SELDOM_MS;
    const settings = { concurrency, leaseSeconds: LEASE_SECONDS, pollMs, settleLingerMs: 2, settleBatch: 500 };
    running.set(platform, startDispatcher(ledger, perform, settings, observer(platform, log, metrics)));
  };
  for (const adapter of deployment.adapters.values()) start(adapter);
  const wake = (platform: PlatformId): void => running.get(platform)?.wake();
  const send = config.alarmMail && createNodeMailer(config.alarmMail.smtpUrl);
  const chores = startChores(
    deployment.chores(database.database, wake, (platform) => asked.get(platform)),
    log,
    send,
  );

  const housekeeping = setInterval(() => {
    const { database: store } = database;
    Promise.all([purgeKeys(store), purgeAssertions(store), emptyDeferred(store)]).catch((error: unknown) =>
      log.error(faultFields(error), "housekeeping failed"),
    );
  }, HOUSEKEEPING_MS);

  return {
    wake,
    calls: (platform) => called.get(platform),
    stop: async (graceMs) => {
      clearInterval(housekeeping);
      const done = Promise.all([chores, ...mirrors].map((each) => each.stop()));
      await Promise.race([done, new Promise((resolve) => setTimeout(resolve, graceMs))]);
      await Promise.all([...running.values()].map((dispatcher) => dispatcher.stop(graceMs)));
      await Promise.all(transports.map(({ close }) => close()));
    },
  };
};
