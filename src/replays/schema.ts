import {
  bigint,
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
} from "drizzle-orm/pg-core";
import { moment, sealed } from "../database/columns.ts";
import { sql } from "../database/sql.ts";

/**
 * Replays with their progress (design section 6, "Replay"). Whoever works at one holds its row lock for one bounded
 * batch: a process that dies gives it up at once, and what it had begun is rolled back.
 */
export const replays = pgTable(
  "replays",
  {
    tenant: text().notNull(),
    id: bigint({ mode: "bigint" }).generatedAlwaysAsIdentity(),
    state: text().notNull().default("running"),
    stopCause: text("stop_cause"),
    /** Canonical agency of who started it: the boundary of what it takes. Null: everything of the deployment. */
    agency: text(),
    filter: jsonb(),
    /** The failure group, or null. */
    cause: text(),
    allowRepeats: boolean("allow_repeats").notNull(),
    canary: integer().notNull(),
    canaryPassed: boolean("canary_passed").notNull(),
    ratePerSecond: doublePrecision("rate_per_second").notNull(),
    stopAtFailureShare: doublePrecision("stop_at_failure_share").notNull(),
    reason: sealed().notNull(),
    actorKind: text("actor_kind").notNull(),
    actor: text().notNull(),
    correlationId: text("correlation_id").notNull(),
    startedAt: moment("started_at").notNull().defaultNow(),
    /** Entries up to this id are looked at already, of those up to `lastId`. */
    cursor: bigint({ mode: "bigint" }).notNull(),
    lastId: bigint("last_id", { mode: "bigint" }).notNull(),
    selected: integer().notNull().default(0),
    released: integer().notNull().default(0),
    outstanding: integer().notNull().default(0),
    delivered: integer().notNull().default(0),
    failed: integer().notNull().default(0),
    skipped: integer().notNull().default(0),
    /** When entries were last released: the throttle counts from here. */
    releasedAt: moment("released_at"),
    /** When it is worth looking at again. */
    nextAt: moment("next_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.id] }),
    index("replays_active").on(t.tenant, t.nextAt).where(sql`state = 'running' or outstanding > 0`),
  ],
);

/** What a replay selected. `key` keeps several delivered updates of one dossier from being sent more than once. */
export const replayItems = pgTable(
  "replay_items",
  {
    tenant: text().notNull(),
    replayId: bigint("replay_id", { mode: "bigint" }).notNull(),
    key: text().notNull(),
    entryId: bigint("entry_id", { mode: "bigint" }).notNull(),
    /** `chosen`, `released`, then `delivered`, `failed` or `skipped`. */
    state: text().notNull().default("chosen"),
    /** The entry that carries the message now: the failed one itself, or the new one. */
    carrier: bigint({ mode: "bigint" }),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.replayId, t.key] }),
    index("replay_items_open").on(t.tenant, t.replayId, t.state, t.entryId).where(sql`state in ('chosen', 'released')`),
  ],
);

/** Proposals to send a failed entry with other content; another person decides. */
export const corrections = pgTable(
  "corrections",
  {
    tenant: text().notNull(),
    id: bigint({ mode: "bigint" }).generatedAlwaysAsIdentity(),
    entryId: bigint("entry_id", { mode: "bigint" }).notNull(),
    /** Canonical agency of the entry's owner: the access boundary. */
    agency: text().notNull(),
    state: text().notNull().default("proposed"),
    /** Null: erased with the bodies of its entry. */
    payload: sealed(),
    reason: sealed().notNull(),
    proposerKind: text("proposer_kind").notNull(),
    proposer: text().notNull(),
    proposedAt: moment("proposed_at").notNull().defaultNow(),
    deciderKind: text("decider_kind"),
    decider: text(),
    decidedAt: moment("decided_at"),
    decisionReason: sealed("decision_reason"),
    newEntry: bigint("new_entry", { mode: "bigint" }),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.id] }), index("corrections_entry").on(t.tenant, t.entryId)],
);
