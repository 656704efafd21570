import type { Boundary } from "../../contracts/ledger.ts";
import { FILE_CAUSES, FILE_WARNINGS, type FileCause, type FileLinkView } from "../../contracts/services/files.ts";
import type { Language } from "../../contracts/text.ts";
import { type Executor, isoMoment, rows } from "../database/database.ts";
import { type SQL, sql } from "../database/sql.ts";
import { within } from "../database/within-boundary.ts";
import type { NamedSource } from "./link-codec.ts";

/** A link as it is stored. */
export interface LinkRow {
  readonly id: string;
  readonly dossier_code: string;
  readonly agency: string;
  readonly source: Uint8Array;
  readonly upload_id: string | null;
  readonly created_at: string;
  readonly revoked_at: string | null;
  readonly revoked_because: FileLinkView["revokedBecause"] | null;
  readonly checked_at: string | null;
  readonly reachable: boolean | null;
  readonly cause: FileCause | null;
  readonly type: string | null;
  readonly size: string | null;
  readonly misnamed: boolean;
}

const COLUMNS = sql`id, dossier_code, agency, source, upload_id, created_at, revoked_at, revoked_because, checked_at,
  reachable, cause, type, size, misnamed`;

/** The columns of `LinkRow`. */
export const LINK_COLUMNS: SQL = COLUMNS;

/** Where a page of links goes on. */
export interface LinkPosition {
  /** As the database printed it. */
  readonly createdAt: string;
  readonly id: string;
}

/** Which links are listed. */
export interface LinkFilter {
  readonly reachable?: boolean | undefined;
  readonly dossierCode?: string | undefined;
}

/** Links within the boundary, newest first; one more than `limit`, where there are more. */
export const listLinks = (
  executor: Executor,
  tenant: string,
  boundary: Boundary,
  filter: LinkFilter,
  { limit, after }: { readonly limit: number; readonly after?: LinkPosition | undefined },
): Promise<LinkRow[]> =>
  rows<LinkRow>(
    executor,
    sql`select ${COLUMNS} from relayed_files
        where tenant = ${tenant} and ${within(sql`agency`, boundary)}
          and ${filter.reachable === undefined ? sql`true` : filter.reachable ? sql`reachable` : sql`reachable = false and revoked_at is null`}
          and ${filter.dossierCode === undefined ? sql`true` : sql`dossier_code = ${filter.dossierCode}`}
          and ${after === undefined ? sql`true` : sql`(created_at, id) < (${after.createdAt}::timestamptz, ${after.id})`}
        order by created_at desc, id desc limit ${limit + 1}`,
  );

/** One link within the boundary. */
export const readLink = async (
  executor: Executor,
  tenant: string,
  boundary: Boundary,
  id: string,
): Promise<LinkRow | null> => {
  const [row] = await rows<LinkRow>(
    executor,
    sql`select ${COLUMNS} from relayed_files where tenant = ${tenant} and id = ${id} and ${within(sql`agency`, boundary)}`,
  );
  return row ?? null;
};

const warningsOf = (row: LinkRow, language: Language): FileLinkView["warnings"] => {
  const { reachable, cause, misnamed } = row;
  const warning = (code: keyof typeof FILE_WARNINGS, message: string) => ({ code, field: "url", message });
  const unreachable =
    cause === "not_allowed"
      ? warning("file_source_not_allowed", FILE_WARNINGS.file_source_not_allowed[language])
      : warning(
          "file_unreachable",
          `${FILE_WARNINGS.file_unreachable[language]} ${cause === null ? "" : FILE_CAUSES[cause][language]}`.trim(),
        );
  return [
    ...(reachable === false ? [unreachable] : []),
    ...(misnamed ? [warning("file_type_mismatch", FILE_WARNINGS.file_type_mismatch[language])] : []),
  ];
};

/** More of one dossier tell nothing new. */
const MOST_WARNINGS = 20;

/** What is wrong with the files that a dossier's links lead to, as last looked at; the field names the link. */
export const readWarnings = async (
  executor: Executor,
  tenant: string,
  dossierCode: string,
  language: Language,
): Promise<FileLinkView["warnings"]> => {
  const faulty = await rows<LinkRow>(
    executor,
    sql`select ${COLUMNS} from relayed_files
        where tenant = ${tenant} and dossier_code = ${dossierCode} and revoked_at is null and (reachable = false or misnamed)
        order by created_at, id limit ${MOST_WARNINGS}`,
  );
  return faulty.flatMap((row) => warningsOf(row, language).map((warning) => ({ ...warning, field: row.id })));
};

/** A link as callers see it: neither the link nor the province's own address. */
export const linkView = (
  row: LinkRow,
  language: Language,
  open: (sealed: Uint8Array, id: string) => NamedSource | null,
): FileLinkView => ({
  id: row.id,
  dossierCode: row.dossier_code,
  name: open(row.source, row.id)?.name ?? "",
  origin: row.upload_id === null ? "address" : "upload",
  createdAt: isoMoment(row.created_at),
  ...(row.reachable !== null && { reachable: row.reachable }),
  ...(row.checked_at !== null && { checkedAt: isoMoment(row.checked_at) }),
  ...(row.cause !== null && { cause: row.cause }),
  ...(row.type !== null && { type: row.type }),
  ...(row.size !== null && { size: Number(row.size) }),
  ...(row.revoked_at !== null && { revokedAt: isoMoment(row.revoked_at) }),
  ...(row.revoked_because !== null && { revokedBecause: row.revoked_because }),
  warnings: warningsOf(row, language),
});
