import { bigint, boolean, index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { moment, sealed } from "../database/columns.ts";
import { sql } from "../database/sql.ts";

/** Bytes that came with pushes, encrypted (src/security/file-cipher.ts) and cut: bodies (`body_<entry>`) and files (`pushed_...`). */
export const inboundPieces = pgTable(
  "inbound_pieces",
  {
    tenant: text().notNull(),
    name: text().notNull(),
    /** From 0. */
    n: integer().notNull(),
    /** All but the last of a name have `PIECE_BYTES`. */
    bytes: sealed().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.name, t.n] })],
);

/**
 * What the portal told about one dossier code: which messages were taken, what is owed for land and what was paid. Its row is the
 * lock under which pushes about the code follow each other. `content` is null until something was told.
 */
export const portalSubjects = pgTable(
  "portal_subjects",
  { tenant: text().notNull(), code: text().notNull(), content: sealed() },
  (t) => [primaryKey({ columns: [t.tenant, t.code] })],
);

/** Files that came with an event of the inbox; `stored` names their pieces. */
export const inboxFiles = pgTable(
  "inbox_files",
  {
    tenant: text().notNull(),
    eventId: text("event_id").notNull(),
    /** From 1. */
    n: integer().notNull(),
    name: sealed().notNull(),
    type: text().notNull(),
    size: bigint({ mode: "number" }).notNull(),
    sha256: text().notNull(),
    stored: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.eventId, t.n] })],
);

/** What is fetched from the portal: when the next round is due, who works at it, how the last one ended. One row. */
export const portalFetches = pgTable("portal_fetches", {
  tenant: text().primaryKey(),
  stage: text({ enum: ["idle", "listing", "taking"] })
    .notNull()
    .default("idle"),
  fence: bigint({ mode: "number" }).notNull().default(0),
  leaseUntil: moment("lease_until"),
  nextAt: moment("next_at").notNull(),
  /** It waits because of what stands in `error_code`. */
  isHeld: boolean("is_held").notNull().default(false),
  requestedAt: moment("requested_at"),
  startedAt: moment("started_at"),
  finishedAt: moment("finished_at"),
  listed: integer().notNull().default(0),
  received: integer().notNull().default(0),
  parked: integer().notNull().default(0),
  errorCode: text("error_code"),
  error: text(),
});

/** Dossiers that the portal listed. Rows stay, so that no dossier is taken twice. */
export const portalFetched = pgTable(
  "portal_fetched",
  {
    tenant: text().notNull(),
    /** The portal's. */
    code: text().notNull(),
    /** `kept`: recorded, and the portal was not told yet; `done`: it was. */
    stage: text({ enum: ["found", "kept", "done"] })
      .notNull()
      .default("found"),
    /** The row as it was listed, until the dossier is kept. */
    content: sealed(),
    /** The inbound entry under which it was parked before. */
    parkedId: bigint("parked_id", { mode: "number" }),
    tries: integer().notNull().default(0),
    nextAt: moment("next_at").notNull().defaultNow(),
    errorCode: text("error_code"),
    foundAt: moment("found_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.code] }),
    index("portal_fetched_due").on(t.tenant, t.nextAt).where(sql`stage <> 'done'`),
  ],
);

/** Files on their way: names among `inbound_pieces` that no event has yet. */
export const portalFetchedFiles = pgTable(
  "portal_fetched_files",
  { tenant: text().notNull(), stored: text().notNull(), begunAt: moment("begun_at").notNull().defaultNow() },
  (t) => [primaryKey({ columns: [t.tenant, t.stored] })],
);

/** Files that messages name by their addresses, while they are on their way: what is fetched becomes a file of its event. */
export const portalAddressedFiles = pgTable(
  "portal_addressed_files",
  {
    tenant: text().notNull(),
    eventId: text("event_id").notNull(),
    n: integer().notNull(),
    /** Name and address. */
    content: sealed().notNull(),
    /** It cannot be had, because of what stands in `error_code`. */
    isMissing: boolean("is_missing").notNull().default(false),
    tries: integer().notNull().default(0),
    nextAt: moment("next_at").notNull().defaultNow(),
    errorCode: text("error_code"),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.eventId, t.n] }),
    index("portal_addressed_files_due").on(t.tenant, t.nextAt).where(sql`not is_missing`),
  ],
);

/** Questions that citizens sent through the portal. */
export const portalQuestions = pgTable(
  "portal_questions",
  {
    tenant: text().notNull(),
    /** The portal's number of it. */
    id: text().notNull(),
    /** Canonical code of whom it is for; the province's own where the portal names nobody of ours. */
    agency: text().notNull(),
    /** Keyed digest of the row as it was read last; null: no row was. */
    fingerprint: text(),
    content: sealed(),
    fieldCode: text("field_code"),
    procedureCode: text("procedure_code"),
    /** The portal shows an answer. */
    isAnswered: boolean("is_answered").notNull().default(false),
    receivedAt: moment("received_at").notNull().defaultNow(),
    changedAt: moment("changed_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.id] }),
    index("portal_questions_newest").on(t.tenant, t.receivedAt.desc(), t.id.desc()),
  ],
);
