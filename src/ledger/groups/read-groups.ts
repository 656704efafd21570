import type { PlatformId } from "../../../contracts/adapter.ts";
import type { ErrorCode } from "../../../contracts/errors.ts";
import type { Boundary } from "../../../contracts/ledger.ts";
import { type Executor, rows } from "../../database/database.ts";
import { type SQL, sql } from "../../database/sql.ts";
import { within } from "../../database/within-boundary.ts";

/** One group of failures as the database gathers it. */
export interface GroupRow {
  id: string;
  platform: PlatformId;
  error_code: ErrorCode;
  platform_code: string | null;
  /** The sealed message of the newest failure of the group. */
  message: Uint8Array | null;
  count: number;
  dossiers: number;
  waiting_behind: number;
  first_seen: string;
  last_seen: string;
}

/** Where a page begins: after this group. */
export interface GroupPosition {
  readonly count: number;
  readonly id: string;
}

/** The group of a row `p` of the unsettled entries. A failure recorded without a shape is grouped by its code alone. */
export const groupOf: SQL = sql`coalesce(p.shape, p.platform || '.' || p.error_code)`;

/**
 * Failures gathered by cause within the boundary, the largest group first; one more than `limit` is read. A failed
 * entry's `next_at` is the moment it failed. Behind a failure wait the entries of its stream that come after it; their
 * state is looked at behind the index of streams, for with it in the condition another index looks better to a planner
 * without statistics, and takes a thousand times longer.
 */
export const readGroups = async (
  executor: Executor,
  tenant: string,
  boundary: Boundary,
  limit: number,
  after?: GroupPosition,
): Promise<GroupRow[]> =>
  rows<GroupRow>(
    executor,
    sql`with failures as materialized (
          select p.id, ${groupOf} as cause, p.platform, p.error_code, p.platform_code, p.error_message, p.next_at, e.subject,
                 (select count(*) filter (where b.state in ('queued', 'waiting')) from pending b
                  where b.tenant = p.tenant and b.stream = p.stream and b.position > p.position)::int as behind
          from pending p join entries e on e.tenant = p.tenant and e.id = p.id
          where p.tenant = ${tenant} and p.state = 'failed' and ${within(sql`e.agency`, boundary)}
        ),
        gathered as (
          select cause as id, count(*)::int as count, count(distinct subject)::int as dossiers,
                 sum(behind)::int as waiting_behind, min(next_at) as first_seen, max(next_at) as last_seen,
                 max(id) as newest
          from failures group by cause
        )
        select g.id, f.platform, f.error_code, f.platform_code, f.error_message as message, g.count, g.dossiers,
               g.waiting_behind, g.first_seen, g.last_seen
        from gathered g join failures f on f.id = g.newest
        where ${after === undefined ? sql`true` : sql`(g.count, g.id) < (${after.count}::int, ${after.id}::text)`}
        order by g.count desc, g.id desc limit ${limit + 1}`,
  );
