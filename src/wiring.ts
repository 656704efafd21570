import type { Adapter, PlatformId } from "../contracts/adapter.ts";
import type { Config } from "./config.ts";
import type { Database } from "./database/database.ts";
import { isDatabaseAway } from "./database/database-away.ts";
import { openServing } from "./database/serving-database.ts";
import { openOffice } from "./dossiers/open-office.ts";
import { type FileRuntime, NO_FILES, openFiles } from "./files/open-files.ts";
import type { Gateway } from "./gateway.ts";
import { openImports } from "./imports/open-imports.ts";
import { openInbox } from "./inbox/open-inbox.ts";
import type { LookUp } from "./inbox/webhook-desk.ts";
import { createLedgerDesk } from "./ledger/ledger-desk.ts";
import { createOpenMessage } from "./ledger/open-message.ts";
import { createRulebookShelf } from "./life-cycle/rulebook/rulebook-shelf.ts";
import { type CallsOf, openLookUps } from "./look-ups/open-look-ups.ts";
import { createOpenDispatch, type OpenDispatch } from "./open-dispatch.ts";
import { type Chores, openChores, openOperatorDesks } from "./operator-desks.ts";
import { openPayments } from "./payments/open-payments.ts";
import { inboundOf, paymentCallbacks } from "./platform-adapters.ts";
import { openPortalInbound } from "./portal-inbound/open-portal-inbound.ts";
import type { PaperMaker } from "./procedures/acknowledgement/paper-maker.ts";
import { openProcedures } from "./procedures/open-procedures.ts";
import { openReconciliation, type QuestionsOf } from "./reconcile/open-reconciliation.ts";
import { createPlatformDesk, readHolds } from "./resilience/platform-desk.ts";
import { createAccessTokens } from "./security/access-tokens.ts";
import { type AuthenticationRequest, authenticateClient } from "./security/client-authentication.ts";
import { createClientLimits } from "./security/client-limits.ts";
import type { DeploymentKeys } from "./security/deployment-keys.ts";
import { createFingerprints } from "./security/fingerprints.ts";
import { verifyOfficerGrant } from "./security/officer-grant.ts";
import { createSealer } from "./security/sealing.ts";
import { createSearchHashes } from "./security/search-hashes.ts";
import { createSecretVerifier } from "./security/secrets.ts";
import { useAssertionOnce } from "./security/use-assertion-once.ts";
import { createSubmissionDesk } from "./submissions/submission-desk.ts";

/** The platform that dossiers are synced to. */
const DOSSIER_PLATFORM: PlatformId = "national-portal";

/** What lives as long as the process (or the isolate): made once, shared by every request. */
export interface Deployment {
  readonly config: Config;
  readonly adapters: ReadonlyMap<PlatformId, Adapter>;
  /** The services over one database. */
  readonly open: (
    database: Database,
    wake: (platform: PlatformId) => void,
    /** Absent: nobody can be looked up. */
    callsOf?: CallsOf,
  ) => Gateway;
  /** What drains one platform's entries, within its guards. */
  readonly dispatch: OpenDispatch;
  /** The work that no request waits for, over one database. */
  readonly chores: (
    database: Database,
    wake: (platform: PlatformId) => void,
    /** Absent: this process asks no platform. */
    questionsOf?: QuestionsOf,
  ) => Chores;
}

/** Time and chance, handed in. */
export interface Surroundings {
  readonly now: () => Date;
  readonly random: () => number;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
  /** Absent where the runtime cannot look names up. */
  readonly lookUp?: LookUp;
  /** How file servers are asked, and where files are kept; absent: neither can be done. */
  readonly files?: FileRuntime;
  /** Absent or null where the runtime makes no papers. */
  readonly papers?: PaperMaker | null;
}

const TOKEN_LIFETIME_SECONDS = 30 * 60;

/** Puts the deployment together. */
export const assemble = (
  config: Config,
  keys: DeploymentKeys,
  configured: ReadonlyMap<PlatformId, Adapter>,
  { now, random, elapsed, lookUp, files: fileRuntime = NO_FILES, papers = null }: Surroundings,
): Deployment => {
  const tenant = config.provinceCode;
  const clientLimits = createClientLimits({ tenant, elapsed });
  const sealer = createSealer(keys.ledger);
  const fingerprints = createFingerprints(keys.ledger);
  const hashes = createSearchHashes(keys.ledger);
  const rulebooks = createRulebookShelf(tenant);
  const tokens = createAccessTokens({ keys: keys.signing, now, tenant, lifetimeSeconds: TOKEN_LIFETIME_SECONDS });
  const verifySecret = createSecretVerifier();
  const openMessage = createOpenMessage(tenant, sealer.open);
  const publicFields = (platform: PlatformId) => configured.get(platform)?.publicFields ?? new Set<string>();
  const files = openFiles({ config, sealer, fingerprints, keys: keys.ledger, runtime: fileRuntime });
  const { agencyCode, inboxEvents: always, webhookAllowPrivate: allowPrivate } = config;
  const inbox = openInbox({ tenant, agencyCode, sealer, now, elapsed, always, allowPrivate, lookUp });
  const imports = openImports({
    tenant,
    now,
    sealer,
    fingerprints,
    hashes,
    rulebooks,
    files,
    portal: configured.get(DOSSIER_PLATFORM) ?? null,
    provinceCode: config.provinceCode,
    dossierCodePattern: config.dossierCodePattern,
    keptDays: config.retention.bodiesDays,
  });
  const portalInbound = openPortalInbound({
    ...{ tenant, agencyCode, sealer, fingerprints, hashes, now, inbox, publicUrl: config.publicUrl },
    platform: DOSSIER_PLATFORM,
    dialect: inboundOf(DOSSIER_PLATFORM),
    settings: config.portalInbound,
    mostFileBytes: config.files.maxBytes,
    fetchesFiles: configured.get(DOSSIER_PLATFORM)?.fetching?.files !== undefined,
    keys: keys.ledger,
  });
  const procedures = openProcedures({ tenant, files, fingerprints, papers, now });
  const lookUps = openLookUps({ tenant, sealer, hashes, now, elapsed, settings: config.lookUps, files });
  const asking = { tenant, agencyCode, sealer, fingerprints, adapters: configured, now, elapsed };
  const reconciliation = openReconciliation({ ...asking, settings: config.reconcile });
  const callbacksOf = paymentCallbacks(config.settings);
  const payments = openPayments({ ...asking, config, keys: keys.ledger, inbox, random, callbacksOf });
  const parts = { config, tenant, sealer, adapters: configured, now, inbox, files, imports, portalInbound, payments };
  const operatorParts = { ...parts, reconciliation };
  return {
    config,
    adapters: configured,
    open: (pool, wake, callsOf = () => undefined) => {
      const { calling: database, accepting, notReady } = openServing(pool, elapsed);
      const signing = {
        findClient: config.clients.find,
        now,
        useOnce: (id: string, expiresAt: Date) => useAssertionOnce(database, tenant, id, expiresAt),
      };
      const authenticate = (request: AuthenticationRequest) =>
        authenticateClient(request, {
          ...signing,
          verifySecret,
          audiences: [`${config.publicUrl}/oauth/token`, config.publicUrl],
        });
      return {
        database,
        tenant,
        provinceCode: config.provinceCode,
        now,
        dossiers: openOffice({
          database: accepting,
          tenant,
          now,
          sealer,
          fingerprints,
          hashes,
          rulebooks,
          files,
          portal: configured.get(DOSSIER_PLATFORM) ?? null,
          wake,
          provinceCode: config.provinceCode,
          elapsed,
          isDatabaseAway,
        }),
        submissions: createSubmissionDesk({
          ...{ database: accepting, tenant, sealer, fingerprints, now, wake },
          portal: configured.get(DOSSIER_PLATFORM) ?? null,
        }),
        ledger: createLedgerDesk({
          database,
          tenant,
          sealer,
          openMessage,
          publicFields,
          wake,
          holds: (executor) => readHolds(executor, tenant, config.guards),
          fileWarnings: files.warnings,
          reread: portalInbound.reread,
        }),
        platforms: createPlatformDesk({
          tenant,
          settings: config.guards,
          isConfigured: (platform) => configured.has(platform),
        }),
        ...openOperatorDesks(database, operatorParts),
        ...inbox.desks(database),
        ...lookUps.desks(accepting, database, callsOf, wake),
        ...payments.desk(accepting, callsOf, wake),
        portal: portalInbound.desk(pool, () => wake("province")),
        imports: imports.desk(database),
        files: files.desk(database),
        procedures: {
          hasCatalogue: configured.get(DOSSIER_PLATFORM)?.catalogue !== undefined,
          makesPapers: papers !== null && fileRuntime.store !== null,
        },
        fetches: {
          hasAny: configured.get(DOSSIER_PLATFORM)?.fetching !== undefined,
          isScheduled: config.portalInbound.fetch.everyMs !== null,
        },
        dossierPlatform: DOSSIER_PLATFORM,
        clients: config.clients,
        clientLimits,
        operators: config.operators,
        tokens,
        signingKeys: keys.signing,
        fingerprints,
        sealer,
        verifySecret,
        authenticateClient: authenticate,
        authenticateOfficer: (request) =>
          verifyOfficerGrant(request, { ...signing, audience: `${config.publicUrl}/oauth/token`, authenticate }),
        secureCookies: config.publicUrl.startsWith("https:"),
        notReady,
      };
    },
    dispatch: createOpenDispatch({ ...asking, config, openMessage, inbox, files, procedures, portalInbound, random }),
    chores: (database, wake, questionsOf = () => undefined) => openChores(database, wake, operatorParts, questionsOf),
  };
};
