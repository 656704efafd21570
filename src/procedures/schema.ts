import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { moment } from "../database/columns.ts";

/** The national catalogue as it was last mirrored, one row for each procedure; `code` is canonical. */
export const procedures = pgTable(
  "procedures",
  {
    tenant: text().notNull(),
    code: text().notNull(),
    /** As the platform writes it: what dossiers are sent under. */
    platformCode: text("platform_code").notNull(),
    /** Beginning of the version in force. */
    validFrom: moment("valid_from").notNull(),
    /** The catalogue lists it. */
    isListed: boolean("is_listed").notNull(),
    fetchedAt: moment("fetched_at").notNull(),
    /** The words of its name without accents, between spaces. */
    words: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.code] })],
);

/** What the catalogue said of a procedure, from a moment on: a row only where it said something else than before. */
export const procedureVersions = pgTable(
  "procedure_versions",
  {
    tenant: text().notNull(),
    code: text().notNull(),
    validFrom: moment("valid_from").notNull(),
    content: jsonb().notNull(),
    hasNoResult: boolean("has_no_result").notNull(),
    hasNoFees: boolean("has_no_fees").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.code, t.validFrom] })],
);

/** Policies as they were put, for a canonical code; the one with the highest id is in force. */
export const procedurePolicies = pgTable(
  "procedure_policies",
  {
    tenant: text().notNull(),
    code: text().notNull(),
    id: bigint({ mode: "bigint" }).generatedAlwaysAsIdentity(),
    policy: text().notNull(),
    decision: text().notNull(),
    reason: text(),
    client: text().notNull(),
    since: moment("since").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.code, t.id] })],
);

/** How far the mirror is: one row for each deployment. Whoever works at it holds its lease. */
export const procedureMirrors = pgTable("procedure_mirrors", {
  tenant: text().primaryKey(),
  /** `idle`, `listing`, `reading`. */
  stage: text().notNull().default("idle"),
  fence: bigint({ mode: "bigint" }).notNull().default(0n),
  leaseUntil: moment("lease_until"),
  nextAt: moment("next_at").notNull(),
  /** It waits because of what stands in `error_code`. */
  isHeld: boolean("is_held").notNull().default(false),
  requestedAt: moment("requested_at"),
  startedAt: moment("started_at"),
  finishedAt: moment("finished_at"),
  listed: integer().notNull().default(0),
  read: integer().notNull().default(0),
  changed: integer().notNull().default(0),
  skipped: integer().notNull().default(0),
  errorCode: text("error_code"),
  error: text(),
});

/** Procedures that the run in hand still has to read. */
export const procedureMirrorCodes = pgTable(
  "procedure_mirror_codes",
  {
    tenant: text().notNull(),
    code: text().notNull(),
    platformCode: text("platform_code").notNull(),
    isDone: boolean("is_done").notNull().default(false),
    /** Tries that came to nothing. */
    tries: integer().notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.code] }), index("procedure_mirror_codes_left").on(t.tenant, t.isDone)],
);

/** Acknowledgements made for dossiers: which upload holds it, and a keyed digest of what it says. */
export const acknowledgements = pgTable(
  "acknowledgements",
  {
    tenant: text().notNull(),
    dossierCode: text("dossier_code").notNull(),
    uploadId: text("upload_id").notNull(),
    fingerprint: text().notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.dossierCode] })],
);
