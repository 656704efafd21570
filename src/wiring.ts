import { adapters } from "../adapters/index.ts";
import type { Adapter, AdapterDefinition, PlatformId, Settings, Transport } from "../contracts/adapter.ts";
import type { ClaimedEntry, DispatchLedger, Lease, Settlement } from "../contracts/ledger.ts";
import { type Config, ConfigError } from "./config.ts";
import type { Database, Executor } from "./database/database.ts";
import { isDatabaseAway } from "./database/database-away.ts";
import { isMigrated } from "./database/schema-version.ts";
import { openOffice } from "./dossiers/open-office.ts";
import type { Gateway } from "./gateway.ts";
import { claimEntries } from "./ledger/claim-entries.ts";
import { createDispatchLedger } from "./ledger/dispatch-ledger.ts";
import { createCauseKey } from "./ledger/groups/cause-key.ts";
import { createLedgerDesk, evidenceContext } from "./ledger/ledger-desk.ts";
import { createOpenMessage } from "./ledger/open-message.ts";
import { createPlatformCache } from "./ledger/platform-cache.ts";
import { tryEntry } from "./ledger/try-entry.ts";
import { type Chores, openChores, openOperatorDesks } from "./operator-desks.ts";
import type { BreakerObserver } from "./resilience/claim-guard.ts";
import { createPlatformDesk, readHolds } from "./resilience/platform-desk.ts";
import { createPlatformGuards } from "./resilience/platform-guards.ts";
import { createAccessTokens } from "./security/access-tokens.ts";
import { authenticateClient } from "./security/client-authentication.ts";
import type { DeploymentKeys } from "./security/deployment-keys.ts";
import { createFingerprints } from "./security/fingerprints.ts";
import { createSealer } from "./security/sealing.ts";
import { createSearchHashes } from "./security/search-hashes.ts";
import { createSecretVerifier } from "./security/secrets.ts";
import { useAssertionOnce } from "./security/use-assertion-once.ts";

/** The platform that dossiers are synced to. */
const DOSSIER_PLATFORM: PlatformId = "national-portal";

/** Every platform there is an adapter for. */
export const platformIds: readonly PlatformId[] = adapters.map(({ platform }) => platform);

/** The settings that hold secrets, for the log's redaction list. */
export const secretSettings: readonly string[] = adapters.flatMap((adapter) => adapter.secretSettings);

/** The platforms that no setting names an address for: `npm start` plays them by simulators. */
export const unconfiguredPlatforms = (settings: Settings): PlatformId[] =>
  adapters.filter(({ addressSetting }) => !settings[addressSetting]).map(({ platform }) => platform);

/** What the adapters find wrong with their settings, all of it at once. */
export const platformFaults = (settings: Settings): readonly string[] =>
  adapters.flatMap((definition) => {
    const reading = definition.readConfig(settings);
    return reading.kind === "faulty" ? reading.faults : [];
  });

const createAdapter = <C>(definition: AdapterDefinition<C>, settings: Settings): Adapter[] => {
  const reading = definition.readConfig(settings);
  if (reading.kind === "faulty") throw new ConfigError(reading.faults);
  return reading.kind === "configured" ? [definition.create(reading.config)] : [];
};

/** The adapters of the platforms that are configured. @throws ConfigError */
export const createAdapters = (settings: Settings): ReadonlyMap<PlatformId, Adapter> =>
  new Map(adapters.flatMap((definition) => createAdapter(definition, settings)).map((a) => [a.platform, a]));

/** What lives as long as the process (or the isolate): made once, shared by every request. */
export interface Deployment {
  readonly config: Config;
  readonly adapters: ReadonlyMap<PlatformId, Adapter>;
  /** The services over one database. */
  readonly open: (database: Database, wake: (platform: PlatformId) => void) => Gateway;
  /** What drains one platform's entries, within its guards. */
  readonly dispatch: (
    database: Database,
    adapter: Adapter,
    transport: Transport,
    lease: Lease,
    /** Told once in the deployment when the platform's breaker opens or closes. */
    onBreaker?: BreakerObserver,
  ) => PlatformDispatch;
  /** The work that no request waits for, over one database. */
  readonly chores: (database: Database, wake: (platform: PlatformId) => void) => Chores;
}

/** The two halves of draining one platform. */
export interface PlatformDispatch {
  readonly ledger: DispatchLedger;
  readonly perform: (entry: ClaimedEntry, signal: AbortSignal) => Promise<Settlement>;
}

/** Time and chance, handed in. */
export interface Surroundings {
  readonly now: () => Date;
  readonly random: () => number;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
}

const TOKEN_LIFETIME_SECONDS = 30 * 60;

/** Puts the deployment together. */
export const assemble = (
  config: Config,
  keys: DeploymentKeys,
  configured: ReadonlyMap<PlatformId, Adapter>,
  { now, random, elapsed }: Surroundings,
): Deployment => {
  const tenant = config.provinceCode;
  const sealer = createSealer(keys.ledger);
  const fingerprints = createFingerprints(keys.ledger);
  const hashes = createSearchHashes(keys.ledger);
  const tokens = createAccessTokens({ keys: keys.signing, now, tenant, lifetimeSeconds: TOKEN_LIFETIME_SECONDS });
  const verifySecret = createSecretVerifier();
  const openMessage = createOpenMessage(tenant, sealer.open);
  const sealEvidence = (plain: string) => sealer.seal(plain, evidenceContext(tenant));
  const none: ReadonlySet<string> = new Set();
  const publicFields = (platform: PlatformId) => configured.get(platform)?.publicFields ?? none;
  const operatorParts = { config, tenant, sealer, adapters: configured, now };
  return {
    config,
    adapters: configured,
    open: (database, wake) => ({
      database,
      tenant,
      provinceCode: config.provinceCode,
      now,
      dossiers: openOffice({
        database,
        tenant,
        now,
        sealer,
        fingerprints,
        hashes,
        portal: configured.get(DOSSIER_PLATFORM) ?? null,
        wake,
        provinceCode: config.provinceCode,
        elapsed,
        isDatabaseAway,
      }),
      ledger: createLedgerDesk({
        database,
        tenant,
        sealer,
        openMessage,
        publicFields,
        wake,
        holds: (executor) => readHolds(executor, tenant, config.guards),
      }),
      platforms: createPlatformDesk({
        tenant,
        settings: config.guards,
        isConfigured: (platform) => configured.has(platform),
      }),
      ...openOperatorDesks(database, operatorParts),
      dossierPlatform: DOSSIER_PLATFORM,
      clients: config.clients,
      operators: config.operators,
      tokens,
      signingKeys: keys.signing,
      fingerprints,
      sealer,
      verifySecret,
      authenticateClient: (request) =>
        authenticateClient(request, {
          findClient: config.clients.find,
          verifySecret,
          audiences: [`${config.publicUrl}/oauth/token`, config.publicUrl],
          now,
          useOnce: (id, expiresAt) => useAssertionOnce(database, tenant, id, expiresAt),
        }),
      secureCookies: config.publicUrl.startsWith("https:"),
      notReady: async () => ((await isMigrated(database)) ? null : "migrations"),
    }),
    dispatch: (database, adapter, transport, lease, onBreaker = () => undefined) => {
      const { platform } = adapter;
      const settings = config.guards(platform);
      const { timeoutMs, backOff } = settings;
      const claim = (executor: Executor, limit: number) => claimEntries(executor, tenant, lease, platform, limit);
      const guards = createPlatformGuards({ database, tenant, platform, settings, elapsed, onBreaker, claim });
      const causeKey = createCauseKey(fingerprints, platform);
      const cache = createPlatformCache(database, tenant, platform);
      const guarded = { adapter: guards.adapter(adapter), transport: guards.transport(transport) };
      const needs = { ...guarded, cache, openMessage, now, random, timeoutMs, backOff };
      return {
        ledger: guards.ledger(createDispatchLedger(database, tenant, platform, lease, sealEvidence, causeKey)),
        perform: guards.perform((entry, signal) => tryEntry(entry, needs, signal)),
      };
    },
    chores: (database, wake) => openChores(database, wake, operatorParts),
  };
};
