import { type SQL, sql } from "drizzle-orm";
import type { Boundary } from "../../contracts/ledger.ts";
import { type Executor, rows, textArray } from "../database/database.ts";
import { within } from "../database/within-boundary.ts";
import type { EntryRow } from "./entry-view.ts";

/** What entries can be filtered by; a list means "or". Times are inclusive `from`, exclusive `to`. */
export interface EntryFilter {
  readonly state?: readonly string[] | undefined;
  readonly platform?: readonly string[] | undefined;
  readonly operation?: readonly string[] | undefined;
  readonly subject?: readonly string[] | undefined;
  readonly dossierCode?: readonly string[] | undefined;
  readonly errorCode?: readonly string[] | undefined;
  readonly direction?: readonly string[] | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Where a page begins: after this entry. `acceptedAt` is the database's own text, to the microsecond. */
export interface EntryPosition {
  readonly acceptedAt: string;
  readonly id: string;
}

/** The entry query: one row per entry with its present or final state. Conditions may use `e`, `p`, `s` and `state`. */
export const entryQuery = (conditions: SQL): SQL => sql`
  select e.id, e.direction, e.platform, e.operation, e.subject, e.dossier_code, e.client, coalesce(p.priority, e.priority) as priority, e.correlation_id,
         e.accepted_at, coalesce(s.state, p.state) as state, coalesce(s.attempts, p.attempts) as attempts,
         case when p.state in ('queued', 'waiting') then p.next_at end as next_at, s.settled_at, s.superseded_by, e.replay_of,
         p.error_code, p.platform_code, p.error_message,
         case when p.state in ('queued', 'waiting') then
           (select b.id from pending b where b.tenant = p.tenant and b.stream = p.stream and b.position < p.position
              and b.state = 'failed' order by b.position limit 1) end as blocked_by
  from entries e
  left join pending p on p.tenant = e.tenant and p.id = e.id
  left join settled s on s.tenant = e.tenant and s.id = e.id
  where ${conditions}`;

const anyOf = (column: SQL, values: readonly string[] | undefined): SQL =>
  values === undefined ? sql`true` : sql`${column} = any(${textArray(values)}::text[])`;

/** Entries within the boundary, newest first; one more than `limit` is read, so that the caller knows whether there is a next page. */
export const listEntries = async (
  executor: Executor,
  tenant: string,
  boundary: Boundary,
  filter: EntryFilter,
  limit: number,
  after?: EntryPosition,
): Promise<EntryRow[]> => {
  const conditions = [
    sql`e.tenant = ${tenant}`,
    within(sql`e.agency`, boundary),
    anyOf(sql`coalesce(s.state, p.state)`, filter.state),
    anyOf(sql`e.platform`, filter.platform),
    anyOf(sql`e.operation`, filter.operation),
    anyOf(sql`e.subject`, filter.subject),
    anyOf(sql`e.dossier_code`, filter.dossierCode),
    anyOf(sql`p.error_code`, filter.errorCode),
    anyOf(sql`e.direction`, filter.direction),
    filter.from === undefined ? sql`true` : sql`e.accepted_at >= ${filter.from}::timestamptz`,
    filter.to === undefined ? sql`true` : sql`e.accepted_at < ${filter.to}::timestamptz`,
    after === undefined
      ? sql`true`
      : sql`(e.accepted_at, e.id) < (${after.acceptedAt}::timestamptz, ${after.id}::bigint)`,
  ];
  return rows<EntryRow>(
    executor,
    sql`${entryQuery(sql.join(conditions, sql` and `))} order by e.accepted_at desc, e.id desc limit ${limit + 1}`,
  );
};
