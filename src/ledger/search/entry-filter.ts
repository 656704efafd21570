import type { Boundary } from "../../../contracts/ledger.ts";
import { textArray } from "../../database/database.ts";
import { type SQL, sql } from "../../database/sql.ts";
import { within } from "../../database/within-boundary.ts";

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

/** One page that is looked for: the first `rows` entries within the boundary that the filter finds, newest first. */
export interface EntrySearch {
  readonly tenant: string;
  readonly boundary: Boundary;
  readonly filter: EntryFilter;
  readonly rows: number;
  readonly after?: EntryPosition | undefined;
}

/** A column is one of these values; no values: whatever it is. */
export const anyOf = (column: SQL, values: readonly string[] | undefined): SQL =>
  values === undefined ? sql`true` : sql`${column} = any(${textArray(values)}::text[])`;

/** Joins conditions, all of which hold. */
export const allOf = (...conditions: readonly SQL[]): SQL => sql.join([...conditions], sql` and `);

/** Newest first, as every list of entries is. */
export const newestFirst: SQL = sql`order by accepted_at desc, id desc`;

/** The range of time and where the page begins, as a condition on columns `accepted_at` and `id` of `table`. */
export const inRange = (table: SQL, { filter: { from, to }, after }: EntrySearch): SQL =>
  allOf(
    from === undefined ? sql`true` : sql`${table}.accepted_at >= ${from}::timestamptz`,
    to === undefined ? sql`true` : sql`${table}.accepted_at < ${to}::timestamptz`,
    after === undefined
      ? sql`true`
      : sql`(${table}.accepted_at, ${table}.id) < (${after.acceptedAt}::timestamptz, ${after.id}::bigint)`,
  );

/** What an entry `e` itself says, but for its time. */
export const marked = ({ boundary, filter }: EntrySearch): SQL =>
  allOf(
    within(sql`e.agency`, boundary),
    anyOf(sql`e.platform`, filter.platform),
    anyOf(sql`e.operation`, filter.operation),
    anyOf(sql`e.subject`, filter.subject),
    anyOf(sql`e.dossier_code`, filter.dossierCode),
    anyOf(sql`e.direction`, filter.direction),
  );

/**
 * What became of an entry `e`. Looked up for one entry at a time, and after all that is cheaper: how an entry ended may stand in any
 * month since.
 */
export const inState = ({ filter: { state, errorCode } }: EntrySearch): SQL =>
  allOf(
    errorCode === undefined
      ? sql`true`
      : sql`(select p.error_code from pending p where p.tenant = e.tenant and p.id = e.id) = any(${textArray(errorCode)}::text[])`,
    state === undefined
      ? sql`true`
      : sql`coalesce((select p.state from pending p where p.tenant = e.tenant and p.id = e.id),
                     (select s.state from settled s where s.tenant = e.tenant and s.id = e.id limit 1)) = any(${textArray(state)}::text[])`,
  );
