import type { Adapter, Operation, PlatformId } from "../contracts/adapter.ts";
import type { SendMail } from "./alarms/alarm-mail.ts";
import { type AlarmChanges, evaluateAlarms } from "./alarms/evaluate-alarms.ts";
import { type MailRound, mailAlarms } from "./alarms/mail-alarms.ts";
import type { Config } from "./config.ts";
import type { Database } from "./database/database.ts";
import type { Files } from "./files/open-files.ts";
import type { Imports } from "./imports/open-imports.ts";
import { readDisabled } from "./inbox/find-endpoint.ts";
import type { Inbox } from "./inbox/open-inbox.ts";
import { createGroupDesk, type GroupDesk } from "./ledger/groups/group-desk.ts";
import { evidenceContext } from "./ledger/ledger-desk.ts";
import type { Payments } from "./payments/open-payments.ts";
import { readPaymentAlarms } from "./payments/read-payment-alarms.ts";
import type { PortalInbound } from "./portal-inbound/open-portal-inbound.ts";
import type { DiscrepancyDesk } from "./reconcile/discrepancies/discrepancy-desk.ts";
import { noteUnreachableFiles } from "./reconcile/discrepancies/note-unreachable-files.ts";
import type { QuestionsOf, Reconciliation } from "./reconcile/open-reconciliation.ts";
import type { ReconcileDesk } from "./reconcile/reconcile-desk.ts";
import { type CorrectionDesk, createCorrectionDesk } from "./replays/corrections/correction-desk.ts";
import { createReplayDesk, type ReplayDesk } from "./replays/replay-desk.ts";
import { stepReplay } from "./replays/step-replay.ts";
import { createPlatformDesk } from "./resilience/platform-desk.ts";
import { createHistoryChores, type HistoryChores } from "./retention/history-chores.ts";
import type { Sealer } from "./security/sealing.ts";

/** What operators do with many entries, and with the content of one. */
export interface OperatorDesks {
  readonly groups: GroupDesk;
  readonly replays: ReplayDesk;
  readonly corrections: CorrectionDesk;
  readonly reconciliations: ReconcileDesk;
  readonly discrepancies: DiscrepancyDesk;
}

/** Work that no request waits for. Any process may call it at any time; tables and row locks keep it once. */
export interface Chores {
  /** One bounded piece of the replay that is due first; false: there is nothing to do for now. */
  stepReplay(): Promise<boolean>;
  /** What changed, or null when the alarms were evaluated a moment ago. */
  evaluateAlarms(): Promise<AlarmChanges | null>;
  /** One bounded piece of the import that is due first; false: there is nothing to do for now. */
  stepImport(): Promise<boolean>;
  /** Removes a bounded piece of what is left of imports; false: nothing is. */
  cleanImports(): Promise<boolean>;
  /** One bounded piece of reconciliation: a run gone on with, repairs made; false: there is nothing to do for now. */
  stepReconciliation(): Promise<boolean>;
  /** Asks about payments that are undecided, and fetches receipts; false: there is nothing to do for now. */
  stepPayments(): Promise<boolean>;
  /** Removes a bounded piece of lists that runs need no more; false: there is none. */
  cleanReconciliations(): Promise<boolean>;
  /** Gives positions to events that no reader has numbered yet; how many. */
  numberEvents(): Promise<number>;
  /** Mails what was raised and cleared, where it is configured; null where it is not. */
  mailAlarms(send: SendMail): Promise<MailRound | null>;
  /** Looks whether files that were just sent can be had; whether there were any. */
  checkFiles(): Promise<boolean>;
  /** Erases bodies of messages that retention has done with; how many. */
  eraseInbound(): Promise<number>;
  /** Months, sums and retention. */
  readonly history: HistoryChores;
}

/** What both are made of. */
export interface OperatorParts {
  readonly config: Config;
  readonly tenant: string;
  readonly sealer: Sealer;
  readonly adapters: ReadonlyMap<PlatformId, Adapter>;
  readonly now: () => Date;
  readonly inbox: Inbox;
  readonly imports: Imports;
  readonly files: Files;
  readonly portalInbound: PortalInbound;
  readonly payments: Payments;
  readonly reconciliation: Reconciliation;
}

/** Operations that a platform neither recognises as repeated nor can be asked about: sent twice, they show twice. */
const repeatingOf = (adapters: OperatorParts["adapters"]): Operation[] =>
  [...adapters.values()].flatMap(({ operations }) =>
    (Object.keys(operations) as Operation[]).filter((name) => {
      const capability = operations[name];
      return capability !== undefined && !capability.idempotent && !capability.probe;
    }),
  );

/** The desks over one database. */
export const openOperatorDesks = (
  database: Database,
  { tenant, sealer, adapters, files, reconciliation }: Omit<OperatorParts, "config">,
): OperatorDesks => {
  const adapterOf = (platform: PlatformId) => {
    const adapter = adapters.get(platform);
    return adapter && files.relay(adapter, database);
  };
  const openEvidence = (sealed: Uint8Array) => sealer.open(sealed, evidenceContext(tenant));
  const repeating = repeatingOf(adapters);
  return {
    groups: createGroupDesk({ database, tenant, open: openEvidence }),
    replays: createReplayDesk({ database, tenant, sealer, adapterOf, openEvidence, repeating }),
    corrections: createCorrectionDesk({ database, tenant, sealer, adapterOf }),
    ...reconciliation.desks(database),
  };
};

/** The chores over one database. */
export const openChores = (
  database: Database,
  wake: (platform: PlatformId) => void,
  {
    config,
    tenant,
    sealer,
    adapters,
    now,
    inbox,
    files,
    imports,
    portalInbound,
    payments,
    reconciliation,
  }: OperatorParts,
  questionsOf: QuestionsOf,
): Chores => {
  const repeating = repeatingOf(adapters);
  const desk = createPlatformDesk({
    tenant,
    settings: config.guards,
    isConfigured: (platform) => adapters.has(platform),
  });
  const { publicUrl } = config;
  const quotaOf = (platform: PlatformId) => config.guards(platform).budget.dailyQuota;
  return {
    stepReplay: () => stepReplay({ database, tenant, sealer, repeating, wake }),
    mailAlarms: async (send) =>
      config.alarmMail === undefined
        ? null
        : mailAlarms({ database, tenant, provinceCode: tenant, publicUrl, settings: config.alarmMail }, send),
    numberEvents: () => inbox.number(database),
    stepImport: () => imports.step(database, wake),
    cleanImports: () => imports.clean(database),
    stepReconciliation: () => reconciliation.step(database, wake, questionsOf),
    stepPayments: () => payments.step(database, wake, questionsOf),
    cleanReconciliations: () => reconciliation.clean(database),
    checkFiles: async () => {
      const checked = await files.check(database);
      if (checked) await noteUnreachableFiles(database, tenant, files.platform);
      return checked;
    },
    eraseInbound: () => portalInbound.erase(database),
    history: createHistoryChores({ database, tenant, policy: config.retention }),
    evaluateAlarms: () =>
      evaluateAlarms({
        database,
        tenant,
        now,
        platforms: desk.list,
        quotaOf,
        disabledWebhooks: (executor) => readDisabled(executor, tenant),
        payments: (executor) => readPaymentAlarms(executor, tenant),
        tell: async (executor, changes) => {
          await inbox.recordAlarms(executor, changes);
        },
      }),
  };
};
