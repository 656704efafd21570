import type { PlatformId } from "../../contracts/adapter.ts";
import type { AccessKind, LookupPurposeName } from "../../contracts/services/access-records.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** An access about to be made: who, to whom, what for. */
export interface NewAccess {
  /** 32 hexadecimal digits, new for each asking. */
  readonly id: string;
  readonly platform: PlatformId;
  readonly kind: AccessKind;
  readonly client: string;
  /** Canonical code of the officer's agency, or the client's. */
  readonly agency: string;
  readonly officer?: { readonly code: string; readonly name: Uint8Array };
  /** Keyed hash of whom it is about. */
  readonly subject: string;
  readonly subjectMasked: string;
  readonly correlationId: string;
  /** Absent: there is no dossier behind it. */
  readonly dossier?: {
    readonly code: string;
    /** As the caller wrote it; the stored dossier's own takes its place in the record. */
    readonly procedureCode: string;
    /** Under which canonical codes the procedure may stand, the nearest first. */
    readonly candidates: readonly string[];
    /** What the client reaches (api section 1, Ownership). */
    readonly boundary: string;
    readonly purpose: LookupPurposeName;
  };
  /** How many an officer may begin in an hour; absent: it is not counted. */
  readonly perHour?: number;
}

/** What the database knew when it was begun. */
export interface AccessFacts {
  /** `missing`: nobody put such a dossier; `foreign`: it belongs to others. */
  readonly dossier: "own" | "foreign" | "missing";
  /** Of the stored dossier, when it is the caller's own. */
  readonly procedureCode: string | null;
  /** The mirrored catalogue holds the procedure. */
  readonly isInCatalogue: boolean;
  /** What the policy of the nearest procedure releases. */
  readonly fields: readonly string[];
  /** Null: the officer may go on; else seconds until another hour begins. */
  readonly limitedFor: number | null;
}

interface Row {
  n: number;
  dossier: AccessFacts["dossier"];
  procedure_code: string | null;
  is_in_catalogue: boolean;
  fields: string[] | null;
  limited_for: number | null;
}

const paramOf = ({ officer, dossier, perHour, ...access }: NewAccess, n: number) => ({
  n,
  ...access,
  officer: officer?.code,
  officerName: officer && Buffer.from(officer.name).toString("base64"),
  dossierCode: dossier?.code,
  procedureCode: dossier?.procedureCode,
  candidates: dossier?.candidates.join(","),
  boundary: dossier?.boundary,
  purpose: dossier?.purpose,
  perHour,
});

/**
 * Begins accesses in one statement, all or none: counts each against its officer's hour, reads what decides about it, and
 * records it whatever the decision will be. The facts stand in the order of the accesses.
 */
export const beginAccesses = async (
  executor: Executor,
  tenant: string,
  accesses: readonly NewAccess[],
): Promise<AccessFacts[]> => {
  const found = await rows<Row>(
    executor,
    sql`with asked as materialized (
          select * from jsonb_to_recordset(${JSON.stringify(accesses.map(paramOf))}::text::jsonb) as a(
            n int, id text, platform text, kind text, client text, agency text, officer text, "officerName" text,
            subject text, "subjectMasked" text, "correlationId" text, "dossierCode" text, "procedureCode" text,
            candidates text, boundary text, purpose text, "perHour" int)
        ),
        counted as (
          select n, client, officer, "perHour", row_number() over (partition by client, officer order by n) as place
          from asked where officer is not null and "perHour" is not null
        ),
        hours as (
          insert into officer_look_ups as h (tenant, client, officer, since, used, granted)
          select ${tenant}, client, officer, clock_timestamp(), least(count(*), max("perHour")), least(count(*), max("perHour"))
          from counted group by client, officer order by client, officer
          on conflict (tenant, client, officer) do update
          set since = case when h.since <= excluded.since - interval '1 hour' then excluded.since else h.since end,
              granted = case when h.since <= excluded.since - interval '1 hour' then excluded.used
                             else greatest(0, least(excluded.used, (select max("perHour") from counted) - h.used)) end,
              used = case when h.since <= excluded.since - interval '1 hour' then excluded.used
                          else h.used + greatest(0, least(excluded.used, (select max("perHour") from counted) - h.used)) end
          returning client, officer, since, granted
        ),
        known as materialized (
          select a.*, d.code is null as is_missing, coalesce(d.is_own, false) as is_own,
                 case when d.is_own then d.procedure_code end as stored_procedure,
                 exists (select 1 from procedures p where p.tenant = ${tenant}
                         and p.code = any(string_to_array(a.candidates, ','))) as is_in_catalogue,
                 (select to_jsonb(o.fields) from unnest(string_to_array(a.candidates, ',')) with ordinality as k(code, place)
                  join look_up_policies o on o.tenant = ${tenant} and o.code = k.code
                  order by k.place, o.id desc limit 1) as fields
          from asked a
          left join lateral (
            select x.code, x.procedure_code, x.agency = a.boundary or starts_with(x.agency, a.boundary || '.') as is_own
            from (select code, procedure_code, agency from dossiers where tenant = ${tenant} and code = a."dossierCode"
                  union all
                  select code, procedure_code, agency from dossiers where tenant = ${tenant} and portal_code = a."dossierCode") x
            limit 1) d on true
        ),
        begun as (
          insert into access_records (tenant, id, platform, kind, client, agency, officer, officer_name, dossier_code,
                                      procedure_code, purpose, is_dossier_missing, subject, subject_masked, correlation_id)
          select ${tenant}, id, platform, kind, client, agency, officer, decode("officerName", 'base64'), "dossierCode",
                 coalesce(stored_procedure, "procedureCode"), purpose, is_missing and "dossierCode" is not null, subject,
                 "subjectMasked", "correlationId"
          from known
        )
        select k.n, case when k.is_missing then 'missing' when k.is_own then 'own' else 'foreign' end as dossier,
               k.stored_procedure as procedure_code, k.is_in_catalogue, k.fields,
               case when c.place > h.granted
                    then greatest(1, extract(epoch from h.since + interval '1 hour' - clock_timestamp()))::float8 end as limited_for
        from known k
        left join counted c on c.n = k.n
        left join hours h on h.client = c.client and h.officer = c.officer
        order by k.n`,
  );
  return found.map((row) => ({
    dossier: row.dossier,
    procedureCode: row.procedure_code,
    isInCatalogue: row.is_in_catalogue,
    fields: row.fields ?? [],
    limitedFor: row.limited_for,
  }));
};
