import {
  bigint,
  boolean,
  check,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { moment, sealed } from "../database/columns.ts";
import { sql } from "../database/sql.ts";

/**
 * Reconciliations with their progress (design section 7). Whoever works at one has a lease on it, for a batch asks the platform
 * outside of any transaction; what a process that died had asked is asked again.
 */
export const reconciliations = pgTable(
  "reconciliations",
  {
    tenant: text().notNull(),
    id: bigint({ mode: "bigint" }).generatedAlwaysAsIdentity(),
    platform: text().notNull(),
    profile: text().notNull(),
    /** COMPARISON_SOURCES. */
    source: text().notNull(),
    /** What of DISCREPANCY_KINDS the source can tell. */
    sees: text().array().notNull(),
    state: text().notNull().default("running"),
    stopCause: text("stop_cause"),
    /** `fetch` a list, compare `dossiers`, find `strangers`: what is listed and unknown here. */
    phase: text().notNull(),
    /** Canonical agency of who started it: the boundary of what it looks at. Null: everything of the deployment. */
    agency: text(),
    filter: jsonb(),
    listId: bigint("list_id", { mode: "bigint" }),
    /** The night it belongs to; null: a person started it. */
    scheduledFor: date("scheduled_for"),
    actorKind: text("actor_kind").notNull(),
    actor: text().notNull(),
    correlationId: text("correlation_id").notNull(),
    startedAt: moment("started_at").notNull().defaultNow(),
    finishedAt: moment("finished_at"),
    /** The last code that was looked at in this phase. */
    cursor: text().notNull().default(""),
    examined: integer().notNull().default(0),
    inFlight: integer("in_flight").notNull().default(0),
    notCompared: integer("not_compared").notNull().default(0),
    present: integer().notNull().default(0),
    equal: integer().notNull().default(0),
    missingAtPortal: integer("missing_at_portal").notNull().default(0),
    missingHere: integer("missing_here").notNull().default(0),
    statusDiffers: integer("status_differs").notNull().default(0),
    closed: integer().notNull().default(0),
    repairing: integer().notNull().default(0),
    repairWithheld: boolean("repair_withheld").notNull().default(false),
    held: text(),
    /** Batches in a row that got no answer at all. */
    fruitless: integer().notNull().default(0),
    /** When it is worth looking at again. */
    nextAt: moment("next_at").notNull().defaultNow(),
    fence: integer().notNull().default(0),
    leaseUntil: moment("lease_until"),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.id] }),
    uniqueIndex("reconciliations_running").on(t.tenant, t.platform).where(sql`state = 'running'`),
    uniqueIndex("reconciliations_nights")
      .on(t.tenant, t.platform, t.scheduledFor)
      .where(sql`scheduled_for is not null`),
    check("reconciliations_source_check", sql`source in ('look-up', 'list', 'upload')`),
    check("reconciliations_state_check", sql`state in ('running', 'stopped', 'finished')`),
    check("reconciliations_phase_check", sql`phase in ('fetch', 'dossiers', 'strangers')`),
  ],
);

/** Lists of what a platform holds, fetched or uploaded. */
export const reconciliationLists = pgTable(
  "reconciliation_lists",
  {
    tenant: text().notNull(),
    id: bigint({ mode: "bigint" }).generatedAlwaysAsIdentity(),
    platform: text().notNull(),
    /** Canonical agency of who uploaded it. */
    agency: text(),
    client: text().notNull(),
    /** What was exchanged since is not judged by it. */
    asOf: moment("as_of").notNull(),
    isWhole: boolean("is_whole").notNull(),
    state: text().notNull(),
    lines: integer().notNull().default(0),
    heardAt: moment("heard_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.id] }),
    check("reconciliation_lists_state_check", sql`state in ('receiving', 'ready', 'used', 'deleted')`),
  ],
);

/** The lines of a list: codes and states alone. */
export const reconciliationRows = pgTable(
  "reconciliation_rows",
  {
    tenant: text().notNull(),
    listId: bigint("list_id", { mode: "bigint" }).notNull(),
    code: text().notNull(),
    status: text(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.listId, t.code] })],
);

/** Differences about one dossier; one that came back after its end is a new one. */
export const discrepancies = pgTable(
  "discrepancies",
  {
    tenant: text().notNull(),
    id: bigint({ mode: "bigint" }).generatedAlwaysAsIdentity(),
    platform: text().notNull(),
    kind: text().notNull(),
    dossierCode: text("dossier_code").notNull(),
    /** Canonical code of the dossier's owner; of a dossier that nobody here has, of the province: the access boundary. */
    agency: text().notNull(),
    portalBorn: boolean("portal_born").notNull().default(false),
    state: text().notNull().default("open"),
    ours: text(),
    theirs: text(),
    firstSeenAt: moment("first_seen_at").notNull().defaultNow(),
    lastSeenAt: moment("last_seen_at").notNull().defaultNow(),
    /** Null: no comparison saw it. */
    runId: bigint("run_id", { mode: "bigint" }),
    repairs: integer().notNull().default(0),
    exchangeId: bigint("exchange_id", { mode: "bigint" }),
    /** In repair, and its exchange is still to be made. */
    isDue: boolean("is_due").notNull().default(false),
    nextAt: moment("next_at").notNull().defaultNow(),
    reason: sealed(),
    /** Who dismissed it, or had it repaired. */
    actorKind: text("actor_kind"),
    actor: text(),
    correlationId: text("correlation_id"),
    closedAt: moment("closed_at"),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.id] }),
    uniqueIndex("discrepancies_current")
      .on(t.tenant, t.platform, t.dossierCode, t.kind)
      .where(sql`state in ('open', 'repairing', 'dismissed')`),
    index("discrepancies_due").on(t.tenant, t.nextAt).where(sql`is_due`),
    index("discrepancies_run").on(t.tenant, t.runId).where(sql`state = 'open'`),
    check(
      "discrepancies_kind_check",
      sql`kind in ('missing-at-portal', 'missing-here', 'status-differs', 'file-unreachable', 'double-charge')`,
    ),
    check("discrepancies_state_check", sql`state in ('open', 'repairing', 'repaired', 'dismissed', 'gone')`),
  ],
);
