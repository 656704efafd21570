import type { Lease } from "../../contracts/ledger.ts";
import type { Executor } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/**
 * Extends the lease on entries that are still being sent by this owner. One that is being settled at this moment is passed over:
 * were it waited for, a renewal and a settlement that lock the same rows in another order could wait for each other.
 */
export const renewLeases = async (
  executor: Executor,
  tenant: string,
  lease: Lease,
  ids: readonly string[],
): Promise<void> => {
  if (ids.length === 0) return;
  await executor.execute(
    sql`with ours as (
          select id from pending
          where tenant = ${tenant} and id = any(${`{${ids.join(",")}}`}::bigint[]) and owner = ${lease.owner} and state = 'sending'
          for update skip locked
        )
        update pending p set lease_until = now() + make_interval(secs => ${lease.seconds})
        from ours where p.tenant = ${tenant} and p.id = ours.id`,
  );
};
