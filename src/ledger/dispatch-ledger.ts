import type { PlatformId } from "../../contracts/adapter.ts";
import type { DispatchLedger, Lease, Settlement } from "../../contracts/ledger.ts";
import type { Database, Executor } from "../database/database.ts";
import { claimEntries } from "./claim-entries.ts";
import type { ClaimMarks } from "./claim-marks.ts";
import type { CauseKey } from "./groups/cause-key.ts";
import { inPacket } from "./packet.ts";
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

/** An entry of a packet was lost while others of it were still ours: none of them is settled. */
class TornPackets extends Error {
  readonly heads: ReadonlySet<string>;
  constructor(heads: readonly string[]) {
    super("an entry of a packet was lost");
    this.heads = new Set(heads);
  }
}

const tornIn = (settlements: readonly Settlement[], ours: ReadonlySet<string>): string[] =>
  settlements.flatMap((head) => {
    const kept = inPacket(head).filter(({ entry }) => ours.has(entry.id)).length;
    return kept === 0 || kept === 1 + (head.followers?.length ?? 0) ? [] : [head.entry.id];
  });

/**
 * The dispatcher's port over one database, for one platform and one lease.
 *
 * @param marks where this process left off with its claims; told what its settles free.
 * @param most entries that may go in one call.
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
  most = 1,
): DispatchLedger => {
  const settleAll = async (heads: readonly Settlement[]): Promise<ReadonlySet<string>> => {
    const settlements = heads.flatMap(inPacket);
    const settle = (executor: Executor) =>
      settleEntries(executor, tenant, lease.owner, platform, settlements, seal, causeKey);
    const beside = (await companion?.(settlements)) ?? null;
    const packed = settlements.length > heads.length;
    const { ours, freed } = await (beside === null && !packed
      ? settle(database)
      : database.transaction(async (transaction) => {
          const settled = await settle(transaction);
          const torn = packed ? tornIn(heads, settled.ours) : [];
          if (torn.length > 0) throw new TornPackets(torn);
          await beside?.(transaction, settled.ours);
          return settled;
        }));
    marks?.free(freed);
    return ours;
  };
  return {
    claim: (limit) => claimEntries(database, tenant, lease, platform, limit, marks, most),
    settle: async (heads) => {
      try {
        return await settleAll(heads);
      } catch (error) {
        if (!(error instanceof TornPackets)) throw error;
        // What is left of a torn packet stays under its lease until that ends: it is then taken over like the rest.
        return settleAll(heads.filter(({ entry }) => !error.heads.has(entry.id)));
      }
    },
    renew: (ids) => renewLeases(database, tenant, lease, ids),
    takeOver: () => takeOverExpired(database, tenant),
  };
};
