import { sql } from "drizzle-orm";
import type { Lease } from "../../contracts/ledger.ts";
import type { Executor } from "./database.ts";

/** Extends the lease on entries that are still being sent by this owner. */
export const renewLeases = async (
  executor: Executor,
  tenant: string,
  lease: Lease,
  ids: readonly string[],
): Promise<void> => {
  if (ids.length === 0) return;
  await executor.execute(
    sql`update pending set lease_until = now() + make_interval(secs => ${lease.seconds})
        where tenant = ${tenant} and id = any(${`{${ids.join(",")}}`}::bigint[]) and owner = ${lease.owner} and state = 'sending'`,
  );
};
