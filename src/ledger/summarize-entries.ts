import { sql } from "drizzle-orm";
import type { Boundary } from "../../contracts/ledger.ts";
import type { LedgerSummary } from "../../contracts/services/ledger.ts";
import { type Executor, rows } from "../database/database.ts";
import { within } from "../database/within-boundary.ts";

/**
 * The sums of the ledger per direction and platform, in one snapshot, so that they balance:
 * `accepted = delivered + failed + cancelled + superseded + pending`.
 */
export const summarizeEntries = async (
  executor: Executor,
  tenant: string,
  boundary: Boundary,
): Promise<LedgerSummary> => ({
  items: await rows<LedgerSummary["items"][number]>(
    executor,
    sql`select e.direction, e.platform, count(*)::int as accepted,
               count(*) filter (where s.state = 'delivered')::int as delivered,
               count(*) filter (where p.state = 'failed')::int as failed,
               count(*) filter (where s.state = 'cancelled')::int as cancelled,
               count(*) filter (where s.state = 'superseded')::int as superseded,
               count(*) filter (where p.state in ('queued', 'sending', 'waiting'))::int as pending
        from entries e
        left join pending p on p.tenant = e.tenant and p.id = e.id
        left join settled s on s.tenant = e.tenant and s.id = e.id
        where e.tenant = ${tenant} and ${within(sql`e.agency`, boundary)}
        group by e.direction, e.platform order by e.direction, e.platform`,
  ),
});
