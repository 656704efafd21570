import { bigint, boolean, index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { moment, sealed } from "../database/columns.ts";

/**
 * Who asked a registry about whom and what for, written before the registry is asked. Append-only by a trigger. `subject` is a
 * keyed hash.
 */
export const accessRecords = pgTable(
  "access_records",
  {
    tenant: text().notNull(),
    /** 32 hexadecimal digits. */
    id: text().notNull(),
    begunAt: moment("begun_at").notNull().defaultNow(),
    platform: text().notNull(),
    /** What was asked, such as `citizen.lookup`. */
    kind: text().notNull(),
    client: text().notNull(),
    /** Canonical code of the officer's agency, or the client's: the access boundary. */
    agency: text().notNull(),
    officer: text(),
    officerName: sealed("officer_name"),
    dossierCode: text("dossier_code"),
    procedureCode: text("procedure_code"),
    purpose: text(),
    /** The dossier was not yet put. */
    isDossierMissing: boolean("is_dossier_missing").notNull().default(false),
    subject: text().notNull(),
    subjectMasked: text("subject_masked").notNull(),
    correlationId: text("correlation_id").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.id] }),
    index("access_records_newest").on(t.tenant, t.begunAt.desc(), t.id.desc()),
    index("access_records_subject").on(t.tenant, t.subject, t.begunAt.desc()),
    index("access_records_missing").on(t.tenant, t.begunAt),
  ],
);

/** How each access ended, written before anything is answered. Append-only by a trigger. */
export const accessRecordEnds = pgTable(
  "access_record_ends",
  {
    tenant: text().notNull(),
    id: text().notNull(),
    endedAt: moment("ended_at").notNull().defaultNow(),
    outcome: text().notNull(),
    errorCode: text("error_code"),
    /** Names of the fields released, never their values. */
    fields: text().array().notNull(),
    latencyMs: integer("latency_ms").notNull(),
    /** What the registry knows the questions by. */
    upstreamIds: text("upstream_ids").array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.id] })],
);

/** How many citizens an officer looked up since `since`, over all processes. */
export const officerLookUps = pgTable(
  "officer_look_ups",
  {
    tenant: text().notNull(),
    client: text().notNull(),
    officer: text().notNull(),
    since: moment("since").notNull(),
    used: integer().notNull(),
    /** What the last statement was given: it tells that statement. */
    granted: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.client, t.officer] })],
);

/** Which fields of a citizen a procedure may see, as put, for a canonical code; the one with the highest id is in force. */
export const lookUpPolicies = pgTable(
  "look_up_policies",
  {
    tenant: text().notNull(),
    code: text().notNull(),
    id: bigint({ mode: "bigint" }).generatedAlwaysAsIdentity(),
    fields: text().array().notNull(),
    reason: text().notNull(),
    client: text().notNull(),
    since: moment("since").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.code, t.id] })],
);

/** Public answers of registers of businesses, sealed: the code of a household may be a person's. */
export const businessAnswers = pgTable(
  "business_answers",
  {
    tenant: text().notNull(),
    platform: text().notNull(),
    /** Keyed hash of kind and code. */
    key: text().notNull(),
    fetchedAt: moment("fetched_at").notNull().defaultNow(),
    content: sealed().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.platform, t.key] }), index("business_answers_age").on(t.fetchedAt)],
);

/** Look-ups whose answer an officer fetches later, once. */
export const deferredLookUps = pgTable(
  "deferred_look_ups",
  {
    tenant: text().notNull(),
    /** That of its access record. */
    id: text().notNull(),
    client: text().notNull(),
    officer: text().notNull(),
    agency: text().notNull(),
    /** What may be released. */
    fields: text().array().notNull(),
    /** Null: not settled yet. */
    outcome: text(),
    /** The fields to be released, sealed; null: there are none, they were fetched, or are too old. */
    content: sealed(),
    settledAt: moment("settled_at"),
    fetchedAt: moment("fetched_at"),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.id] }), index("deferred_look_ups_kept").on(t.settledAt)],
);
