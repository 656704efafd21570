import type { Boundary } from "../../contracts/ledger.ts";
import { textArray } from "../database/database.ts";
import { type SQL, sql } from "../database/sql.ts";
import { within } from "../database/within-boundary.ts";
import type { QueryTokens } from "../security/search-hashes.ts";
import { inSyncState } from "./sync-state.ts";

/** What dossiers can be filtered by; a list means "or". Times are inclusive `from`, exclusive `to`. */
export interface DossierFilter {
  readonly origin?: readonly string[] | undefined;
  readonly status?: readonly string[] | undefined;
  readonly procedureCode?: readonly string[] | undefined;
  readonly unit?: readonly string[] | undefined;
  readonly channel?: readonly string[] | undefined;
  readonly sync?: readonly string[] | undefined;
  readonly receivedFrom?: string | undefined;
  readonly receivedTo?: string | undefined;
  readonly q?: string | undefined;
}

/** Where the filter applies. */
export interface FindScope {
  readonly tenant: string;
  readonly boundary: Boundary;
  /** The platform whose sync state is meant. */
  readonly platform: string;
}

const list = (values: readonly string[]): SQL => sql`any(${textArray(values)}::text[])`;

const anyOf = (column: SQL, values: readonly string[] | undefined): SQL =>
  values === undefined ? sql`true` : sql`${column} = ${list(values)}`;

const tokens = (alternatives: readonly string[]): SQL => sql`${textArray(alternatives)}::text[]`;

/** A whole or leading dossier code, a receipt number, a whole identity value, or whole words of the applicant's name. */
const matches = (q: string, { words, whole }: QueryTokens): SQL => {
  const code = q.trim();
  const ways = [sql`starts_with(d.code, ${code})`, sql`d.portal_code = ${code}`, sql`d.search && ${tokens(whole)}`];
  if (words.length > 0) {
    ways.push(
      sql`(${sql.join(
        words.map((alternatives) => sql`d.search && ${tokens(alternatives)}`),
        sql` and `,
      )})`,
    );
  }
  return sql`(${sql.join(ways, sql` or `)})`;
};

/** The filter as a condition on dossiers `d`. */
export const dossierConditions = (
  { tenant, boundary, platform }: FindScope,
  filter: DossierFilter,
  queryTokens: (q: string) => QueryTokens,
): SQL => {
  const { unit, q } = filter;
  const conditions = [
    sql`d.tenant = ${tenant}`,
    within(sql`d.agency`, boundary),
    anyOf(sql`d.origin`, filter.origin),
    anyOf(sql`d.status`, filter.status),
    anyOf(sql`d.procedure_code`, filter.procedureCode),
    unit === undefined ? sql`true` : sql`(d.unit_code = ${list(unit)} or d.unit_name = ${list(unit)})`,
    anyOf(sql`d.channel`, filter.channel),
    filter.sync === undefined ? sql`true` : inSyncState(tenant, platform, filter.sync),
    filter.receivedFrom === undefined ? sql`true` : sql`d.received_at >= ${filter.receivedFrom}::timestamptz`,
    filter.receivedTo === undefined ? sql`true` : sql`d.received_at < ${filter.receivedTo}::timestamptz`,
    q === undefined ? sql`true` : matches(q, queryTokens(q)),
  ];
  return sql.join(conditions, sql` and `);
};
