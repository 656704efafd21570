import type { PlatformId } from "../../contracts/adapter.ts";
import type { ErrorCode } from "../../contracts/errors.ts";
import type { AccessKind, AccessOutcome, AccessRecordView } from "../../contracts/services/access-records.ts";
import { type Executor, isoMoment, rows, textArray } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { within } from "../database/within-boundary.ts";

/** Which accesses are listed; a list means "or". */
export interface AccessFilter {
  /** Keyed hashes of one whole identity value, one for each ledger key. */
  readonly subjects?: readonly string[] | undefined;
  readonly officer?: readonly string[] | undefined;
  readonly dossierCode?: readonly string[] | undefined;
  readonly platform?: readonly PlatformId[] | undefined;
  readonly kind?: readonly AccessKind[] | undefined;
  readonly outcome?: readonly AccessOutcome[] | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Only those whose dossier was not put when they began, has not appeared since, and that began before this (milliseconds). */
  readonly missingBefore?: number | undefined;
}

/** Where a page ends: moment as the database prints it, and id. */
export interface AccessPosition {
  readonly at: string;
  readonly id: string;
}

/** A page, and whose officers' names are read how. */
export interface AccessPage {
  readonly limit: number;
  readonly after?: AccessPosition | undefined;
  /** Canonical code of the reader's agency. */
  readonly boundary: string;
  /** An officer's name, or undefined when its key is gone. */
  readonly openName: (sealed: Uint8Array, id: string) => string | undefined;
}

interface Row {
  id: string;
  begun_at: string;
  platform: PlatformId;
  kind: AccessKind;
  client: string;
  agency: string;
  officer: string | null;
  officer_name: Uint8Array | null;
  dossier_code: string | null;
  procedure_code: string | null;
  purpose: AccessRecordView["purpose"] | null;
  is_dossier_missing: boolean;
  subject_masked: string;
  correlation_id: string;
  ended_at: string | null;
  outcome: AccessOutcome;
  error_code: ErrorCode | null;
  fields: string[];
  latency_ms: number;
  upstream_ids: string[];
}

const endOf = (row: Row): AccessRecordView["end"] =>
  row.ended_at === null
    ? undefined
    : {
        at: isoMoment(row.ended_at),
        outcome: row.outcome,
        ...(row.error_code !== null && { errorCode: row.error_code }),
        fields: row.fields,
        latencyMs: row.latency_ms,
        upstreamIds: row.upstream_ids,
      };

const viewOf = (row: Row, openName: AccessPage["openName"]): AccessRecordView => {
  const { officer, officer_name: sealed } = row;
  const name = sealed === null ? undefined : openName(sealed, row.id);
  const end = endOf(row);
  return {
    id: row.id,
    begunAt: isoMoment(row.begun_at),
    platform: row.platform,
    kind: row.kind,
    client: row.client,
    agency: row.agency,
    ...(officer !== null && { officer: { code: officer, ...(name !== undefined && { name }) } }),
    ...(row.dossier_code !== null && { dossierCode: row.dossier_code }),
    dossierMissing: row.is_dossier_missing,
    ...(row.procedure_code !== null && { procedureCode: row.procedure_code }),
    ...(row.purpose !== null && { purpose: row.purpose }),
    subject: row.subject_masked,
    correlationId: row.correlation_id,
    ...(end && { end }),
  };
};

const isOneOf = (column: string, values: readonly string[] | undefined) =>
  values === undefined ? sql`true` : sql`${sql.raw(column)} = any(${textArray(values)}::text[])`;

const isStillMissing = (tenant: string, before: number | undefined) =>
  before === undefined
    ? sql`true`
    : sql`a.is_dossier_missing and a.begun_at < to_timestamp(${before / 1000}::float8)
          and not exists (select 1 from dossiers d where d.tenant = ${tenant}
                          and (d.code = a.dossier_code or d.portal_code = a.dossier_code))`;

/** Accesses of the reader's agency and those below it, newest first, with the position of the next page. */
export const listAccesses = async (
  executor: Executor,
  tenant: string,
  { subjects, officer, dossierCode, platform, kind, outcome, from, to, missingBefore }: AccessFilter,
  { limit, after, boundary, openName }: AccessPage,
): Promise<{ items: AccessRecordView[]; next: AccessPosition | null }> => {
  const conditions = [
    sql`a.tenant = ${tenant}`,
    within(sql`a.agency`, boundary),
    isOneOf("a.subject", subjects),
    isOneOf("a.officer", officer),
    isOneOf("a.dossier_code", dossierCode),
    isOneOf("a.platform", platform),
    isOneOf("a.kind", kind),
    isOneOf("e.outcome", outcome),
    from === undefined ? sql`true` : sql`a.begun_at >= ${from}::timestamptz`,
    to === undefined ? sql`true` : sql`a.begun_at < ${to}::timestamptz`,
    isStillMissing(tenant, missingBefore),
    after === undefined ? sql`true` : sql`(a.begun_at, a.id) < (${after.at}::timestamptz, ${after.id})`,
  ];
  const found = await rows<Row>(
    executor,
    sql`select a.*, e.ended_at, e.outcome, e.error_code, to_jsonb(e.fields) as fields,
               e.latency_ms, to_jsonb(e.upstream_ids) as upstream_ids
        from access_records a left join access_record_ends e on e.tenant = a.tenant and e.id = a.id
        where ${sql.join(conditions, sql` and `)} order by a.begun_at desc, a.id desc limit ${limit + 1}`,
  );
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const next = found.length > limit && last ? { at: last.begun_at, id: last.id } : null;
  return { items: page.map((row) => viewOf(row, openName)), next };
};
