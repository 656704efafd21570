import type { PlatformId } from "../../contracts/adapter.ts";
import type { DispatchLedger, Lease, Settlement } from "../../contracts/ledger.ts";
import type { Database, Executor } from "../database/database.ts";
import { claimEntries } from "./claim-entries.ts";
import type { ClaimMarks } from "./claim-marks.ts";
import type { CauseKey } from "./groups/cause-key.ts";
import { renewLeases } from "./renew-leases.ts";
import { type SealText, settleEntries } from "./settle-entries.ts";
import { takeOverExpired } from "./take-over-expired.ts";

/**
 * What has to be written beside a settle, in its transaction and after it, for those entries that were still ours; null when
 * there is nothing.
 */
export type SettleCompanion = (
  settlements: readonly Settlement[],
) => Promise<((executor: Executor, ours: ReadonlySet<string>) => Promise<void>) | null>;

/**
 * The dispatcher's port over one database, for one platform and one lease.
 *
 * @param marks where this process left off with its claims; told what its settles free.
 */
export const createDispatchLedger = (
  database: Database,
  tenant: string,
  platform: PlatformId,
  lease: Lease,
  seal: SealText,
  causeKey?: CauseKey,
  companion?: SettleCompanion,
  marks?: ClaimMarks,
): DispatchLedger => ({
  claim: (limit) => claimEntries(database, tenant, lease, platform, limit, marks),
  settle: async (settlements) => {
    const settle = (executor: Executor) =>
      settleEntries(executor, tenant, lease.owner, platform, settlements, seal, causeKey);
    const beside = (await companion?.(settlements)) ?? null;
    const { ours, freed } = await (beside === null
      ? settle(database)
      : database.transaction(async (transaction) => {
          const settled = await settle(transaction);
          await beside(transaction, settled.ours);
          return settled;
        }));
    marks?.free(freed);
    return ours;
  },
  renew: (ids) => renewLeases(database, tenant, lease, ids),
  takeOver: () => takeOverExpired(database, tenant),
});
