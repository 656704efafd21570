import type { Adapter, Transport } from "../contracts/adapter.ts";
import type { Lease } from "../contracts/ledger.ts";
import type { Config } from "./config.ts";
import type { Database, Executor } from "./database/database.ts";
import type { Files } from "./files/open-files.ts";
import type { Inbox } from "./inbox/open-inbox.ts";
import { claimEntries } from "./ledger/claim-entries.ts";
import { createClaimMarks } from "./ledger/claim-marks.ts";
import { createDispatchLedger } from "./ledger/dispatch-ledger.ts";
import { createCauseKey } from "./ledger/groups/cause-key.ts";
import { evidenceContext } from "./ledger/ledger-desk.ts";
import type { createOpenMessage } from "./ledger/open-message.ts";
import { createPlatformCache } from "./ledger/platform-cache.ts";
import { tryEntry } from "./ledger/try-entry.ts";
import { deferring } from "./look-ups/deferred/perform-deferred.ts";
import { settlingDeferred } from "./look-ups/deferred/settle-deferred.ts";
import type { PlatformDispatch } from "./platform-dispatch.ts";
import type { PortalInbound } from "./portal-inbound/open-portal-inbound.ts";
import type { openProcedures } from "./procedures/open-procedures.ts";
import type { BreakerObserver } from "./resilience/claim-guard.ts";
import { createPlatformCalls } from "./resilience/platform-calls.ts";
import { createPlatformGuards } from "./resilience/platform-guards.ts";
import { createPlatformQuestions } from "./resilience/platform-questions.ts";
import { overXRoad } from "./runtime/x-road-transport.ts";
import type { Fingerprints } from "./security/fingerprints.ts";
import type { Sealer } from "./security/sealing.ts";

/** What every platform's dispatch is made of. */
export interface DispatchParts {
  readonly config: Config;
  readonly tenant: string;
  readonly sealer: Sealer;
  readonly fingerprints: Fingerprints;
  readonly openMessage: ReturnType<typeof createOpenMessage>;
  readonly inbox: Inbox;
  readonly files: Files;
  readonly procedures: ReturnType<typeof openProcedures>;
  readonly portalInbound: PortalInbound;
  readonly now: () => Date;
  readonly random: () => number;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
}

/** Opens what drains one platform's entries, within its guards. */
export type OpenDispatch = (
  database: Database,
  adapter: Adapter,
  transport: Transport,
  lease: Lease,
  /** Told once in the deployment when the platform's breaker opens or closes. */
  onBreaker?: BreakerObserver,
  /** Whether a claim goes on from where the last one ended; if not (default), each looks at everything that is due. */
  keepsMarks?: boolean,
) => PlatformDispatch;

/** More than all calls can fail. */
const NEVER_OPENS = 101;

/** Puts together what drains a platform. */
export const createOpenDispatch = (parts: DispatchParts): OpenDispatch => {
  const { config, tenant, sealer, fingerprints, openMessage, inbox, files, procedures, now, random, elapsed } = parts;
  const sealEvidence = (plain: string) => sealer.seal(plain, evidenceContext(tenant));
  return (database, adapter, transport, lease, onBreaker = () => undefined, keepsMarks = false) => {
    const { platform } = adapter;
    const marks = keepsMarks ? createClaimMarks(elapsed) : undefined;
    const settings = config.guards(platform);
    const { backOff } = settings;
    // What is told the province is claimed endpoint by endpoint, and its endpoints are held one by one: no breaker for all.
    const toProvince = platform === "province" ? inbox.deliveries(database, lease, settings) : null;
    const most = adapter.packets?.most ?? 1;
    const claim =
      toProvince?.claim ??
      ((executor: Executor, limit: number) => claimEntries(executor, tenant, lease, platform, limit, marks, most));
    const told = toProvince?.companion ?? inbox.teller(database, platform);
    const companion = settlingDeferred(told, { tenant, now, openMessage, record: inbox.record });
    const guarding = toProvince === null ? settings : { ...settings, breakerErrorPercent: NEVER_OPENS };
    const guards = createPlatformGuards({
      database,
      tenant,
      platform,
      settings: guarding,
      elapsed,
      onBreaker,
      claim,
    });
    const xRoad = config.xRoad(platform);
    const routed = xRoad === null ? transport : overXRoad(transport, xRoad, () => crypto.randomUUID());
    const causeKey = createCauseKey(fingerprints, platform);
    const cache = createPlatformCache(database, tenant, platform, elapsed);
    const asking = deferring(adapter, database, { tenant, sealer });
    const relayed = procedures.acknowledging(files.relay(guards.adapter(asking), database), database);
    const guarded = { adapter: relayed, transport: guards.transport(routed) };
    const endpoint = toProvince === null ? {} : { endpoint: toProvince.endpoint };
    const needs = { ...guarded, cache, openMessage, now, random, backOff, ...endpoint };
    const questions = createPlatformQuestions({ ...guarded, database, tenant, platform, settings, guards, cache, now });
    return {
      ledger: guards.ledger(
        createDispatchLedger(database, tenant, platform, lease, sealEvidence, causeKey, companion, marks),
      ),
      perform: guards.perform((entry, signal) => tryEntry(entry, needs, signal)),
      mirror: procedures.mirror({ ...guarded, database, settings, attempts: guards.attempts }),
      calls: createPlatformCalls({ ...guarded, database, tenant, platform, settings, guards, cache, now }),
      questions,
      fetch: parts.portalInbound.fetcher({ ...guarded, database, attempts: guards.attempts, questions, backOff }),
    };
  };
};
