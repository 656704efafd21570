import type { Adapter, PlatformId } from "../../contracts/adapter.ts";
import { normalizeAgencyCode } from "../../contracts/identifiers.ts";
import type { Database } from "../database/database.ts";
import type { PlatformQuestions } from "../resilience/platform-questions.ts";
import type { Fingerprints } from "../security/fingerprints.ts";
import type { Sealer } from "../security/sealing.ts";
import { createDiscrepancyDesk, type DiscrepancyDesk } from "./discrepancies/discrepancy-desk.ts";
import { stepRepairs } from "./discrepancies/step-repairs.ts";
import { cleanLists } from "./lists/clean-lists.ts";
import { createReconcileDesk, type ReconcileDesk } from "./reconcile-desk.ts";
import type { ReconcileSettings } from "./reconcile-settings.ts";
import type { RunnerParts } from "./run/runner-parts.ts";
import { startNight } from "./run/start-night.ts";
import { stepRun } from "./run/step-run.ts";

/** Questions to a platform from this process; undefined: it cannot ask. */
export type QuestionsOf = (platform: PlatformId) => PlatformQuestions | undefined;

/** What reconciliation is made of. */
export interface ReconciliationParts {
  readonly tenant: string;
  /** `AGENCY_CODE`. */
  readonly agencyCode: string;
  readonly sealer: Sealer;
  readonly fingerprints: Fingerprints;
  readonly settings: ReconcileSettings;
  readonly adapters: ReadonlyMap<PlatformId, Adapter>;
  readonly now: () => Date;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
}

/** Reconciliation of one deployment, over whatever database it is asked for. */
export interface Reconciliation {
  desks(database: Database): { readonly reconciliations: ReconcileDesk; readonly discrepancies: DiscrepancyDesk };
  /** One bounded piece of what is due: a night's run begun, a run gone on with, repairs made. False: there is nothing to do for now. */
  step(database: Database, wake: (platform: PlatformId) => void, questionsOf: QuestionsOf): Promise<boolean>;
  /** Removes a bounded piece of lists that nobody needs; false: there is no more. */
  clean(database: Database): Promise<boolean>;
}

/** How often to look whether a night begins. */
const NIGHT_MS = 20_000;

/** Puts reconciliation together. */
export const openReconciliation = (parts: ReconciliationParts): Reconciliation => {
  const { tenant, agencyCode, sealer, fingerprints, settings, adapters, now, elapsed } = parts;
  const province = normalizeAgencyCode(agencyCode);
  const adapterOf = (platform: PlatformId) => adapters.get(platform);
  let looked = Number.NEGATIVE_INFINITY;

  const startNights = async (database: Database): Promise<void> => {
    const { at } = settings;
    if (at === null || elapsed() - looked < NIGHT_MS) return;
    looked = elapsed();
    for (const adapter of adapters.values()) {
      await database.transaction((executor) => startNight(executor, tenant, { adapter, at, province }));
    }
  };

  return {
    desks: (database) => ({
      reconciliations: createReconcileDesk({ database, tenant, province, fingerprints, now, adapterOf }),
      discrepancies: createDiscrepancyDesk({ database, tenant, sealer }),
    }),
    step: async (database, wake, questionsOf) => {
      const comparerOf = (platform: PlatformId) => adapterOf(platform)?.compare;
      const runner: RunnerParts = {
        database,
        tenant,
        province,
        sealer,
        settings,
        comparerOf,
        questionsOf,
        elapsed,
        wake,
      };
      await startNights(database);
      const ran = await stepRun(runner);
      return (await stepRepairs(runner)) || ran;
    },
    clean: (database) => cleanLists(database, tenant),
  };
};
