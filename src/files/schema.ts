import { bigint, boolean, index, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { moment, sealed } from "../database/columns.ts";
import { sql } from "../database/sql.ts";

/** Files that the software sent to be kept (`POST /v1/files`). The bytes lie in the file store, encrypted. */
export const uploadedFiles = pgTable(
  "uploaded_files",
  {
    tenant: text().notNull(),
    id: text().notNull(),
    /** Canonical code of the owner. */
    agency: text().notNull(),
    client: text().notNull(),
    name: sealed().notNull(),
    type: text().notNull(),
    size: bigint({ mode: "number" }).notNull(),
    sha256: text().notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
    deletedAt: moment("deleted_at"),
    /** The access by which it was fetched from the national store of papers; null: the software sent it. */
    accessId: text("access_id"),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.id] })],
);

/**
 * The links under which the portal opens a dossier's files. The link is a capability: kept sealed, found by its digest.
 * `source` is the province's own address and the file's name, sealed; `sourceKey` a keyed digest of it, so that one
 * file of a dossier has one link. `reachable`, `cause`, `type`, `size`, `misnamed`: as last looked at.
 */
export const relayedFiles = pgTable(
  "relayed_files",
  {
    tenant: text().notNull(),
    id: text().notNull(),
    link: sealed().notNull(),
    linkDigest: text("link_digest").notNull(),
    dossierCode: text("dossier_code").notNull(),
    /** Canonical code of the dossier's owner. */
    agency: text().notNull(),
    sourceKey: text("source_key").notNull(),
    source: sealed().notNull(),
    uploadId: text("upload_id"),
    createdAt: moment("created_at").notNull().defaultNow(),
    revokedAt: moment("revoked_at"),
    revokedBecause: text("revoked_because"),
    checkDueAt: moment("check_due_at"),
    checkedAt: moment("checked_at"),
    reachable: boolean(),
    cause: text(),
    type: text(),
    size: bigint({ mode: "number" }),
    misnamed: boolean().notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.id] }),
    uniqueIndex("relayed_files_link").on(t.tenant, t.linkDigest),
    uniqueIndex("relayed_files_source").on(t.tenant, t.dossierCode, t.sourceKey),
    index("relayed_files_dossier_due").on(t.tenant, t.dossierCode).where(sql`check_due_at is not null`),
    index("relayed_files_newest").on(t.tenant, t.createdAt.desc(), t.id.desc()),
  ],
);

/** Who opened which file, when and how it ended: append-only; `asker` is a keyed digest of an address. */
export const fileReads = pgTable(
  "file_reads",
  {
    tenant: text().notNull(),
    id: bigint({ mode: "bigint" }).generatedAlwaysAsIdentity(),
    fileId: text("file_id").notNull(),
    at: moment("at").notNull().defaultNow(),
    asker: text(),
    outcome: text().notNull(),
    bytes: bigint({ mode: "number" }),
    correlationId: text("correlation_id").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.id] }), index("file_reads_file").on(t.tenant, t.fileId, t.id)],
);
