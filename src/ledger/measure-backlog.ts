import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** How many unsettled entries each platform has by state, and the age of the oldest in seconds. */
export const measureBacklog = async (executor: Executor, tenant: string) =>
  rows<{ platform: string; state: string; count: number; oldestSeconds: number }>(
    executor,
    sql`select p.platform, p.state, count(*)::int as count,
               extract(epoch from now() - min(e.accepted_at))::float8 as "oldestSeconds"
        from pending p join entries e on e.tenant = p.tenant and e.id = p.id
        where p.tenant = ${tenant} group by p.platform, p.state`,
  );
