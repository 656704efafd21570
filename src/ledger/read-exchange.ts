import { sql } from "drizzle-orm";
import type { Exchange } from "../../contracts/services/ledger.ts";
import { type Executor, rows } from "./database.ts";

/** An exchange as the call that made it named it, with its state now. */
export const readExchange = async (executor: Executor, tenant: string, id: string): Promise<Exchange | null> => {
  const [row] = await rows<Exchange>(
    executor,
    sql`select e.id, e.platform, e.operation, coalesce(s.state, p.state) as state
        from entries e
        left join pending p on p.tenant = e.tenant and p.id = e.id
        left join settled s on s.tenant = e.tenant and s.id = e.id
        where e.tenant = ${tenant} and e.id = ${id}::bigint`,
  );
  return row === undefined ? null : { ...row };
};
