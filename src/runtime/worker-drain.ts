import type { Adapter, PlatformId, Transport } from "../../contracts/adapter.ts";
import type { ClaimedEntry, DispatchLedger, Settlement } from "../../contracts/ledger.ts";
import type { Config } from "../config.ts";
import type { Database } from "../database/database.ts";
import { drain } from "../ledger/drain.ts";
import { purgeKeys } from "../ledger/idempotency.ts";
import { inPacket } from "../ledger/packet.ts";
import { faultFields, type Log } from "../log.ts";
import { emptyDeferred } from "../look-ups/deferred/deferred-desk.ts";
import type { CallsOf } from "../look-ups/open-look-ups.ts";
import type { Metrics } from "../metrics.ts";
import type { Chores } from "../operator-desks.ts";
import type { MirrorStep } from "../procedures/open-procedures.ts";
import type { QuestionsOf } from "../reconcile/open-reconciliation.ts";
import type { PlatformQuestions } from "../resilience/platform-questions.ts";
import { purgeAssertions } from "../security/use-assertion-once.ts";
import type { Deployment } from "../wiring.ts";

/** No batch is begun later than this: a drain then seldom meets the next one, a minute after it. */
const BUDGET_MS = 40_000;
/** How long one event goes on with replays, and how long with retention. */
const CHORES_MS = 5000;
/** How long one event goes on with the catalogue, and the pause between two pieces of it. */
const MIRROR_MS = 10_000;
const MIRROR_PAUSE_MS = 1100;
/** An exchange is cut off after this long, so that its record is written while the lease still stands. */
const BATCH_MS = 40_000;
/** Longer than one batch by the time that recording it may take; taken over within two cron periods (design section 6). */
const LEASE_SECONDS = 55;
/**
 * Calls in flight at once, whatever `<P>_CONCURRENCY` allows: workerd opens six connections to the outside at a time
 * for one event, and one of them is the database's.
 */
const CALLS_IN_FLIGHT = 5;

/** What one cron event is served with. */
export interface CronParts {
  readonly config: Config;
  readonly deployment: Deployment;
  readonly database: Database;
  /**
   * Made for this event: an adapter's sessions and shared questions are promises, and a promise made by one event
   * never settles for another once the first is over.
   */
  readonly adapters: ReadonlyMap<PlatformId, Adapter>;
  readonly transport: Transport;
  readonly log: Log;
  readonly metrics: Metrics;
}

type Perform = (entry: ClaimedEntry, signal: AbortSignal) => Promise<Settlement>;

/** Tells log and metrics what became of the entries. */
const observed = (ledger: DispatchLedger, platform: PlatformId, { log, metrics }: CronParts): DispatchLedger => ({
  ...ledger,
  settle: async (settlements) => {
    const ours = await ledger.settle(settlements);
    const told = settlements.flatMap(inPacket);
    const settled = told.filter(({ entry }) => ours.has(entry.id));
    metrics.settled(platform, settled);
    for (const { entry, next } of settled) {
      if (next.state === "delivered") continue;
      const { code, platformCode } = next.fault;
      const fields = { platform, entry: entry.id, state: next.state, correlationId: entry.correlationId };
      log.warn({ ...fields, code, platformCode }, "not delivered");
    }
    const lost = told.filter(({ entry }) => !ours.has(entry.id)).map(({ entry }) => entry.id);
    if (lost.length > 0) log.warn({ platform, entries: lost }, "lease lost, result refused");
    return ours;
  },
  takeOver: async () => {
    const count = await ledger.takeOver();
    if (count > 0) {
      metrics.tookOver(platform, count);
      log.warn({ platform, count }, "took over entries of a dead process");
    }
    return count;
  },
});

const limited =
  (perform: Perform): Perform =>
  (entry, signal) =>
    perform(entry, AbortSignal.any([signal, AbortSignal.timeout(BATCH_MS)]));

/** Goes on with the catalogue, or with what is to be fetched, for a while; its pace is kept by pauses. */
const mirrorFor = async (mirror: MirrorStep, ms: number): Promise<void> => {
  const signal = AbortSignal.timeout(ms);
  while (!signal.aborted && (await mirror(signal)))
    await new Promise((resolve) => setTimeout(resolve, MIRROR_PAUSE_MS));
};

/** The questions of one cron event, which reconciliation asks within its chores. */
export const openQuestions = ({
  deployment,
  database,
  adapters,
  transport,
}: Pick<CronParts, "deployment" | "database" | "adapters" | "transport">): QuestionsOf => {
  const lease = { owner: crypto.randomUUID(), seconds: LEASE_SECONDS };
  const opened = new Map<PlatformId, PlatformQuestions>();
  return (platform) => {
    const adapter = adapters.get(platform);
    if (adapter === undefined) return undefined;
    const questions = opened.get(platform) ?? deployment.dispatch(database, adapter, transport, lease).questions;
    opened.set(platform, questions);
    return questions;
  };
};

/** The calls of one request, to whatever platform it asks. */
export const openCalls = ({
  deployment,
  database,
  adaptersOf,
  transport,
}: Pick<CronParts, "deployment" | "database" | "transport"> & {
  /** Made anew at the first call: an adapter's sessions are promises, which no other request may wait for. */
  readonly adaptersOf: () => CronParts["adapters"];
}): CallsOf => {
  const lease = { owner: crypto.randomUUID(), seconds: LEASE_SECONDS };
  let adapters: CronParts["adapters"] | undefined;
  return (platform) => {
    adapters ??= adaptersOf();
    const adapter = adapters.get(platform);
    return adapter && deployment.dispatch(database, adapter, transport, lease).calls;
  };
};

/** Drains what is due for every configured platform. One platform's failure is logged and does not hold up the others. */
export const drainPlatforms = async (parts: CronParts): Promise<void> => {
  const { config, deployment, database, adapters, transport, log } = parts;
  const lease = { owner: crypto.randomUUID(), seconds: LEASE_SECONDS };
  const share = Math.max(1, Math.floor(CALLS_IN_FLIGHT / adapters.size));
  const drainOne = async (adapter: Adapter): Promise<void> => {
    const { platform } = adapter;
    const { ledger, perform, mirror, fetch } = deployment.dispatch(database, adapter, transport, lease);
    const concurrency = Math.min(config.guards(platform).concurrency, share);
    const settings = { concurrency, budgetMs: BUDGET_MS, now: () => new Date() };
    try {
      const done = await drain(observed(ledger, platform, parts), limited(perform), settings);
      if (done > 0) log.info({ platform, done }, "drained");
      if (mirror !== undefined) await mirrorFor(mirror, MIRROR_MS);
      if (fetch !== undefined) await mirrorFor(fetch, MIRROR_MS);
    } catch (error) {
      log.error({ platform, ...faultFields(error) }, "the drain failed");
    }
  };
  await Promise.all([...adapters.values()].map(drainOne));
};

/** Forgets what is past its life, opens the months ahead, and goes on with retention for a while. */
export const keepHouse = async (database: Database, { history, eraseInbound }: Chores, log: Log): Promise<void> => {
  const end = Date.now() + CHORES_MS;
  try {
    await purgeKeys(database);
    await purgeAssertions(database);
    await emptyDeferred(database);
    await history.openMonths();
    await eraseInbound();
    while (Date.now() < end && (await history.step()));
  } catch (error) {
    log.error(faultFields(error), "housekeeping failed");
  }
};

/** The pace of an import is kept by pauses; they are worth waiting for only while there is one. */
const IMPORT_REST_MS = 100;

const stepImports = async (chores: Chores, end: number): Promise<void> => {
  for (let isBusy = await chores.stepImport(); isBusy && Date.now() < end; ) {
    if (!(await chores.stepImport())) await new Promise((resolve) => setTimeout(resolve, IMPORT_REST_MS));
    isBusy = Date.now() < end;
  }
  await chores.cleanImports();
};

/** Goes on with replays for a while and evaluates the alarms. A failure is logged; the next event goes on. */
export const doChores = async (chores: Chores, log: Log): Promise<void> => {
  const end = Date.now() + CHORES_MS;
  try {
    while (Date.now() < end && (await chores.stepReplay()));
    await chores.evaluateAlarms();
    for (const imbalance of await chores.history.balance()) log.error(imbalance, "the ledger's books do not balance");
    await chores.numberEvents();
    await stepImports(chores, end);
    while (Date.now() < end && (await chores.stepReconciliation()));
    await chores.cleanReconciliations();
    while (Date.now() < end && (await chores.stepPayments()));
    while (Date.now() < end && (await chores.checkFiles()));
  } catch (error) {
    log.error(faultFields(error), "the chores failed");
  }
};
