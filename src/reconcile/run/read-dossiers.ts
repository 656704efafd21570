import type { DossierStatus } from "../../../contracts/services/dossier.ts";
import { type Executor, rows, textArray } from "../../database/database.ts";
import { type SQL, sql } from "../../database/sql.ts";
import { within } from "../../database/within-boundary.ts";
import type { RunRow } from "./run-row.ts";

/** A dossier to be compared. */
export interface LocalDossier {
  code: string;
  portal_code: string | null;
  agency: string;
  status: DossierStatus;
  /** Its last exchange with the platform: another one later means that what was asked meanwhile is stale. */
  last_exchange: string | null;
  /** Exchanges of it are not settled, or came after the list was made. */
  in_flight: boolean;
  expected: boolean;
  /** Listed, by its own code or the platform's; for look-ups always false. */
  listed: boolean;
  listed_status: string | null;
}

const anyOf = (column: SQL, values: readonly string[] | undefined): SQL =>
  values === undefined ? sql`true` : sql`${column} = any(${textArray(values)}::text[])`;

/** The dossiers `d` that a run looks at. */
export const scopeOf = (tenant: string, { agency, filter }: Pick<RunRow, "agency" | "filter">): SQL =>
  sql.join(
    [
      sql`d.tenant = ${tenant}`,
      within(sql`d.agency`, agency),
      anyOf(sql`d.code`, filter?.dossierCode),
      anyOf(sql`d.procedure_code`, filter?.procedureCode),
      anyOf(sql`d.status`, filter?.status),
      filter?.receivedFrom === undefined ? sql`true` : sql`d.received_at >= ${filter.receivedFrom}::timestamptz`,
      filter?.receivedTo === undefined ? sql`true` : sql`d.received_at < ${filter.receivedTo}::timestamptz`,
    ],
    sql` and `,
  );

/** The last exchange of dossier `d` with the platform, as an expression. */
export const lastExchange = (tenant: string, platform: string): SQL =>
  sql`(select e.id from entries e where e.tenant = ${tenant} and e.subject = d.code and e.platform = ${platform}
         and e.direction = 'out' order by e.id desc limit 1)`;

/** Whether exchanges of dossier `d` with the platform are not settled, failed ones among them. */
export const isInFlight = (tenant: string, platform: string): SQL =>
  sql`exists (select 1 from pending p where p.tenant = ${tenant} and p.stream = ${`${platform}:dossier:`} || d.code)`;

/** What the platform was given and did not lose knowingly: delivered or recorded as known, or known to be missing and not mended. */
const isExpected = (tenant: string, platform: string): SQL =>
  sql`(exists (select 1 from holdings h where h.tenant = ${tenant} and h.platform = ${platform} and h.dossier_code = d.code)
       or exists (select 1 from discrepancies x where x.tenant = ${tenant} and x.platform = ${platform}
                    and x.dossier_code = d.code and x.kind = 'missing-at-portal'
                    and x.state in ('open', 'repairing', 'dismissed')))`;

/** A list says nothing of what was accepted or settled after it was made. */
const isYounger = (tenant: string): SQL =>
  sql`(d.updated_at >= l.as_of
       or exists (select 1 from settled s where s.tenant = ${tenant} and s.id = d.last_exchange and s.settled_at >= l.as_of))`;

/** The next dossiers of a run in the order of their codes. */
export const readDossiers = (
  executor: Executor,
  tenant: string,
  run: RunRow,
  limit: number,
): Promise<LocalDossier[]> => {
  const { platform, cursor, list_id: listId } = run;
  const base = sql`select d.code, d.portal_code, d.agency, d.status, d.updated_at,
                          ${lastExchange(tenant, platform)} as last_exchange, ${isInFlight(tenant, platform)} as in_flight,
                          ${isExpected(tenant, platform)} as expected
                   from dossiers d where ${scopeOf(tenant, run)} and d.code > ${cursor} order by d.code limit ${limit}`;
  if (listId === null) {
    return rows<LocalDossier>(
      executor,
      sql`select d.*, false as listed, null as listed_status from (${base}) d order by d.code`,
    );
  }
  return rows<LocalDossier>(
    executor,
    sql`select d.code, d.portal_code, d.agency, d.status, d.last_exchange, d.expected,
               d.in_flight or ${isYounger(tenant)} as in_flight, r.code is not null as listed, r.status as listed_status
        from (${base}) d
        join reconciliation_lists l on l.tenant = ${tenant} and l.id = ${listId}::bigint
        left join lateral (
          select r.code, r.status from reconciliation_rows r
          where r.tenant = ${tenant} and r.list_id = l.id and r.code in (d.code, d.portal_code)
          order by r.code = d.code desc limit 1
        ) r on true
        order by d.code`,
  );
};
