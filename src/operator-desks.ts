import type { Adapter, Operation, PlatformId } from "../contracts/adapter.ts";
import { type AlarmChanges, evaluateAlarms } from "./alarms/evaluate-alarms.ts";
import type { Config } from "./config.ts";
import type { Database } from "./database/database.ts";
import { createGroupDesk, type GroupDesk } from "./ledger/groups/group-desk.ts";
import { evidenceContext } from "./ledger/ledger-desk.ts";
import { type CorrectionDesk, createCorrectionDesk } from "./replays/corrections/correction-desk.ts";
import { createReplayDesk, type ReplayDesk } from "./replays/replay-desk.ts";
import { stepReplay } from "./replays/step-replay.ts";
import { createPlatformDesk } from "./resilience/platform-desk.ts";
import type { Sealer } from "./security/sealing.ts";

/** What operators do with many entries, and with the content of one. */
export interface OperatorDesks {
  readonly groups: GroupDesk;
  readonly replays: ReplayDesk;
  readonly corrections: CorrectionDesk;
}

/** Work that no request waits for. Any process may call it at any time; tables and row locks keep it once. */
export interface Chores {
  /** One bounded piece of the replay that is due first; false: there is nothing to do for now. */
  stepReplay(): Promise<boolean>;
  /** What changed, or null when the alarms were evaluated a moment ago. */
  evaluateAlarms(): Promise<AlarmChanges | null>;
}

/** What both are made of. */
export interface OperatorParts {
  readonly config: Config;
  readonly tenant: string;
  readonly sealer: Sealer;
  readonly adapters: ReadonlyMap<PlatformId, Adapter>;
  readonly now: () => Date;
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
  { tenant, sealer, adapters }: Pick<OperatorParts, "tenant" | "sealer" | "adapters">,
): OperatorDesks => {
  const adapterOf = (platform: PlatformId) => adapters.get(platform);
  const openEvidence = (sealed: Uint8Array) => sealer.open(sealed, evidenceContext(tenant));
  const repeating = repeatingOf(adapters);
  return {
    groups: createGroupDesk({ database, tenant, open: openEvidence }),
    replays: createReplayDesk({ database, tenant, sealer, adapterOf, openEvidence, repeating }),
    corrections: createCorrectionDesk({ database, tenant, sealer, adapterOf }),
  };
};

/** The chores over one database. */
export const openChores = (
  database: Database,
  wake: (platform: PlatformId) => void,
  { config, tenant, sealer, adapters, now }: OperatorParts,
): Chores => {
  const repeating = repeatingOf(adapters);
  const desk = createPlatformDesk({
    tenant,
    settings: config.guards,
    isConfigured: (platform) => adapters.has(platform),
  });
  const quotaOf = (platform: PlatformId) => config.guards(platform).budget.dailyQuota;
  return {
    stepReplay: () => stepReplay({ database, tenant, sealer, repeating, wake }),
    evaluateAlarms: () => evaluateAlarms({ database, tenant, now, platforms: desk.list, quotaOf }),
  };
};
