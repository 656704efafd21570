import {
  bigint,
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { moment, sealed } from "../database/columns.ts";
import { sql } from "../database/sql.ts";

/**
 * Files of dossiers with how far each is. Whoever works at one holds its row lock for one bounded batch: a process that
 * dies gives it up at once, and what it had begun is rolled back.
 */
export const imports = pgTable(
  "imports",
  {
    tenant: text().notNull(),
    id: bigint({ mode: "bigint" }).generatedAlwaysAsIdentity(),
    /** IMPORT_STATES, or `deleted` until all of it is removed. */
    state: text().notNull().default("incomplete"),
    client: text().notNull(),
    /** Canonical agency of the client: the access boundary, and the owner of dossiers that are new. */
    agency: text().notNull(),
    format: text().notNull(),
    language: text().notNull(),
    isKnown: boolean("is_known").notNull(),
    isDryRun: boolean("is_dry_run").notNull(),
    ratePerSecond: doublePrecision("rate_per_second").notNull(),
    correlationId: text("correlation_id").notNull(),
    /** While it is incomplete: what the same client sends it again under. */
    idempotencyKey: text("idempotency_key"),
    /** Counts the times its file was sent; lines of an earlier time are left over. */
    upload: integer().notNull().default(1),
    lines: integer().notNull().default(0),
    done: integer().notNull().default(0),
    accepted: integer().notNull().default(0),
    unchanged: integer().notNull().default(0),
    refused: integer().notNull().default(0),
    warnings: integer().notNull().default(0),
    /** The platform has enough to do. */
    isHeld: boolean("is_held").notNull().default(false),
    createdAt: moment("created_at").notNull().defaultNow(),
    /** When the last lines of its file came in. */
    heardAt: moment("heard_at").notNull().defaultNow(),
    startedAt: moment("started_at"),
    finishedAt: moment("finished_at"),
    /** How long it has run, pauses left out. */
    activeSeconds: doublePrecision("active_seconds").notNull().default(0),
    steppedAt: moment("stepped_at"),
    /** Until when its rate is used up. */
    creditAt: moment("credit_at").notNull().defaultNow(),
    /** When it is worth looking at again. */
    nextAt: moment("next_at").notNull().defaultNow(),
    /** Lines, codes or findings are left that nobody needs. */
    isUnclean: boolean("is_unclean").notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.id] }),
    uniqueIndex("imports_continued")
      .on(t.tenant, t.client, t.idempotencyKey)
      .where(sql`state = 'incomplete' and idempotency_key is not null`),
    index("imports_running").on(t.tenant, t.nextAt).where(sql`state = 'running'`),
    index("imports_unclean").on(t.tenant, t.id).where(sql`is_unclean`),
    check("imports_state_check", sql`state in ('incomplete', 'running', 'paused', 'cancelled', 'finished', 'deleted')`),
  ],
);

/** The lines of a file that are not worked off, some of them in each row; `first` counts dossiers from 1. */
export const importBatches = pgTable(
  "import_batches",
  {
    tenant: text().notNull(),
    importId: bigint("import_id", { mode: "bigint" }).notNull(),
    upload: integer().notNull(),
    first: integer().notNull(),
    lines: integer().notNull(),
    content: sealed().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.importId, t.upload, t.first] })],
);

/** The dossiers an import met, while it runs: none comes twice. */
export const importCodes = pgTable(
  "import_codes",
  {
    tenant: text().notNull(),
    importId: bigint("import_id", { mode: "bigint" }).notNull(),
    code: text().notNull(),
    line: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.importId, t.code] })],
);

/** What is reported of one line: a JSON array, sealed, since field names and messages come from the file. */
export const importFindings = pgTable(
  "import_findings",
  {
    tenant: text().notNull(),
    importId: bigint("import_id", { mode: "bigint" }).notNull(),
    line: integer().notNull(),
    content: sealed().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.importId, t.line] })],
);
