import type { Boundary } from "../../contracts/ledger.ts";
import type { LedgerSummary } from "../../contracts/services/ledger.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { within } from "../database/within-boundary.ts";

/** The sums of one direction and platform. */
export type LedgerSum = LedgerSummary["items"][number];

/**
 * The sums of the ledger per direction and platform, in one snapshot. What was accepted and settled comes from the ledger's book,
 * which retention leaves alone; what is unsettled is counted where it stands. That the two agree,
 * `accepted = delivered + failed + cancelled + superseded + pending`, is therefore a check (`imbalancesOf`).
 */
export const summarizeEntries = async (
  executor: Executor,
  tenant: string,
  boundary: Boundary,
): Promise<LedgerSummary> => ({
  items: await rows<LedgerSum>(
    executor,
    sql`with book as (
          select direction, platform, state, count from ledger_sums b where tenant = ${tenant} and ${within(sql`b.agency`, boundary)}
          union all
          select direction, platform, state, count from tallies b where tenant = ${tenant} and ${within(sql`b.agency`, boundary)}
          union all
          select u.direction, u.platform, v.state, v.count
          from (select direction, platform, count(*) as unsettled, count(*) filter (where state = 'failed') as failed from pending b
                where tenant = ${tenant} and ${within(sql`b.agency`, boundary)} group by direction, platform) u
          cross join lateral (values ('failed', u.failed), ('pending', u.unsettled - u.failed)) v(state, count)
        )
        select direction, platform,
               coalesce(sum(count) filter (where state = 'accepted'), 0)::float8 as accepted,
               coalesce(sum(count) filter (where state = 'delivered'), 0)::float8 as delivered,
               coalesce(sum(count) filter (where state = 'failed'), 0)::float8 as failed,
               coalesce(sum(count) filter (where state = 'cancelled'), 0)::float8 as cancelled,
               coalesce(sum(count) filter (where state = 'superseded'), 0)::float8 as superseded,
               coalesce(sum(count) filter (where state = 'pending'), 0)::float8 as pending
        from book group by direction, platform order by direction, platform`,
  ),
});

/** How far one direction and platform is out of balance; 0: the books agree. */
export interface Imbalance {
  readonly direction: string;
  readonly platform: string;
  /** Accepted, less what became of it. */
  readonly by: number;
}

/** Pure: the balance of each sum. */
export const imbalancesOf = ({ items }: LedgerSummary): Imbalance[] =>
  items.map(({ direction, platform, accepted, delivered, failed, cancelled, superseded, pending }) => ({
    direction,
    platform,
    by: accepted - delivered - failed - cancelled - superseded - pending,
  }));
