import { bigint, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { sealed } from "../database/columns.ts";

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
