import type { PlatformId } from "../../contracts/adapter.ts";
import type { DispatchLedger, Lease } from "../../contracts/ledger.ts";
import type { Database } from "../database/database.ts";
import { claimEntries } from "./claim-entries.ts";
import type { CauseKey } from "./groups/cause-key.ts";
import { renewLeases } from "./renew-leases.ts";
import { type SealText, settleEntries } from "./settle-entries.ts";
import { takeOverExpired } from "./take-over-expired.ts";

/** The dispatcher's port over one database, for one platform and one lease. */
export const createDispatchLedger = (
  database: Database,
  tenant: string,
  platform: PlatformId,
  lease: Lease,
  seal: SealText,
  causeKey?: CauseKey,
): DispatchLedger => ({
  claim: (limit) => claimEntries(database, tenant, lease, platform, limit),
  settle: (settlements) => settleEntries(database, tenant, lease.owner, platform, settlements, seal, causeKey),
  renew: (ids) => renewLeases(database, tenant, lease, ids),
  takeOver: () => takeOverExpired(database, tenant),
});
