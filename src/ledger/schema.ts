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
  smallint,
  text,
  unique,
} from "drizzle-orm/pg-core";
import { TRANSITIONS } from "../../contracts/ledger.ts";
import { digest, moment, sealed } from "../database/columns.ts";
import { type SQL, sql } from "../database/sql.ts";

const pairs = Object.entries(TRANSITIONS).flatMap(([from, successors]) =>
  successors.map((to) => `('${from}', '${to}')`),
);

/** A transition as a condition: the database refuses what TRANSITIONS does not have. */
const legal = (from: SQL, to: SQL): SQL => sql`(${from}, ${to}) in (${sql.raw(pairs.join(", "))})`;

/** What was accepted: immutable, one row per exchange. */
export const entries = pgTable(
  "entries",
  {
    tenant: text().notNull(),
    // Given under the subject's row lock before the insert, so that ids of one stream grow in the order accepted. They begin anew
    // with each month, and the table is partitioned by them (migration 0002).
    id: bigint({ mode: "bigint" }).notNull().default(sql`nextval('entries_id_seq')`),
    direction: text().notNull().default("out"),
    platform: text().notNull(),
    operation: text().notNull(),
    stream: text().notNull(),
    subject: text().notNull(),
    dossierCode: text("dossier_code"),
    client: text().notNull(),
    agency: text().notNull(),
    priority: smallint().notNull(),
    correlationId: text("correlation_id").notNull(),
    acceptedAt: moment("accepted_at").notNull().defaultNow(),
    /** Null: erased by retention; a digest of the sealed bytes is in its place. */
    payload: sealed(),
    /** The delivered entry that this one repeats. */
    replayOf: bigint("replay_of", { mode: "bigint" }),
    payloadDigest: digest("payload_digest"),
    bodiesErasedAt: moment("bodies_erased_at"),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.id] }),
    index("entries_newest").on(t.tenant, t.acceptedAt.desc(), t.id.desc()),
    index("entries_subject").on(t.tenant, t.subject, t.id.desc()),
    // For what is seldom looked for, and leaving out what is usual: accepting that costs nothing more.
    index("entries_seldom")
      .on(t.tenant, t.direction, t.platform, t.operation, t.acceptedAt.desc(), t.id.desc())
      .where(
        sql`direction <> 'out' or platform <> 'national-portal' or operation not in ('dossier.put', 'dossier.step')`,
      ),
    index("entries_agency")
      .on(t.tenant, t.agency, t.acceptedAt.desc(), t.id.desc())
      .where(sql`strpos(agency, '.') > 0`),
    index("entries_dossier").on(t.tenant, t.dossierCode, t.id.desc()).where(sql`dossier_code <> subject`),
  ],
);

/** The small table of unsettled entries: one row each until it is settled. `position` orders a stream. */
export const pending = pgTable(
  "pending",
  {
    tenant: text().notNull(),
    id: bigint({ mode: "bigint" }).notNull(),
    direction: text().notNull().default("out"),
    platform: text().notNull(),
    agency: text().notNull(),
    operation: text().notNull(),
    stream: text().notNull(),
    position: bigint({ mode: "bigint" }).notNull(),
    priority: smallint().notNull(),
    state: text().notNull().default("queued"),
    nextAt: moment("next_at").notNull().defaultNow(),
    /** When it was first tried, since accept or since a person reopened it: what the age limit counts from. */
    triedSince: moment("tried_since"),
    tries: integer().notNull().default(0),
    attempts: integer().notNull().default(0),
    unknownOutcome: boolean("unknown_outcome").notNull().default(false),
    owner: text(),
    leaseUntil: moment("lease_until"),
    fence: integer().notNull().default(0),
    errorCode: text("error_code"),
    platformCode: text("platform_code"),
    errorMessage: sealed("error_message"),
    /** Keyed hash of the cause of a failure: platform, code and the shape of the message; names its group. */
    shape: text(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.id] }),
    unique("pending_stream_position").on(t.tenant, t.stream, t.position),
    index("pending_due")
      .on(t.tenant, t.platform, t.priority, t.nextAt, t.id)
      .where(sql`state in ('queued', 'waiting')`),
    index("pending_leases").on(t.tenant, t.leaseUntil).where(sql`state = 'sending'`),
    check("pending_state", sql`state in ('queued', 'sending', 'waiting', 'failed')`),
    index("pending_failed").on(t.tenant, t.errorCode).where(sql`state = 'failed'`),
  ],
);

/** How each settled entry ended. Append-only, partitioned by the month it was settled in. */
export const settled = pgTable(
  "settled",
  {
    tenant: text().notNull(),
    id: bigint({ mode: "bigint" }).notNull(),
    /** The state it was in before: with `state` a legal transition, or the row is refused. */
    was: text().notNull(),
    state: text().notNull(),
    settledAt: moment("settled_at").notNull().defaultNow(),
    attempts: integer().notNull(),
    supersededBy: bigint("superseded_by", { mode: "bigint" }),
    reason: sealed(),
    direction: text().notNull(),
    platform: text().notNull(),
    agency: text().notNull(),
    /** Of what was never delivered, and written by a trigger: lists of these go by it. */
    acceptedAt: moment("accepted_at"),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.id, t.settledAt] }),
    index("settled_unsent").on(t.tenant, t.state, t.acceptedAt.desc(), t.id.desc()).where(sql`state <> 'delivered'`),
    check("settled_transition", legal(sql`was`, sql`state`)),
  ],
);

/** Every attempt at the wire with its evidence. Append-only, partitioned like the entries. */
export const attempts = pgTable(
  "attempts",
  {
    tenant: text().notNull(),
    entryId: bigint("entry_id", { mode: "bigint" }).notNull(),
    n: integer().notNull(),
    kind: text().notNull(),
    startedAt: moment("started_at").notNull(),
    durationMs: integer("duration_ms").notNull(),
    outcome: text().notNull(),
    httpStatus: integer("http_status"),
    errorCode: text("error_code"),
    platformCode: text("platform_code"),
    evidence: sealed(),
    /** Of the sealed evidence, once retention erased it. */
    evidenceDigest: digest("evidence_digest"),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.entryId, t.n] })],
);

/** Which dossiers a platform is known to hold: the next put is an update. */
export const holdings = pgTable(
  "holdings",
  {
    tenant: text().notNull(),
    platform: text().notNull(),
    dossierCode: text("dossier_code").notNull(),
    since: moment("since").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.platform, t.dossierCode] })],
);

/** Public answers of platforms shared by all processes, such as the procedure catalogue. */
export const platformCache = pgTable(
  "platform_cache",
  {
    tenant: text().notNull(),
    platform: text().notNull(),
    key: text().notNull(),
    value: jsonb().notNull(),
    fetchedAt: moment("fetched_at").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.platform, t.key] })],
);

/** Answers kept for 30 days under the client's `Idempotency-Key`, whatever ledger retention does. */
export const idempotencyKeys = pgTable(
  "idempotency_keys",
  {
    tenant: text().notNull(),
    client: text().notNull(),
    key: text().notNull(),
    fingerprint: text().notNull(),
    status: smallint(),
    body: text(),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.client, t.key] }), index("idempotency_keys_age").on(t.createdAt)],
);

const tallyColumns = {
  tenant: text().notNull(),
  /** First day of the month of acceptance or settling, UTC. */
  month: date().notNull(),
  direction: text().notNull(),
  platform: text().notNull(),
  agency: text().notNull(),
  /** `accepted` or the final state. */
  state: text().notNull(),
  count: bigint({ mode: "bigint" }).notNull(),
};

/** One line for each group of entries accepted or settled together, written by triggers; folded into `ledger_sums`. */
export const tallies = pgTable("tallies", tallyColumns);

/** The sums of the ledger per month; they outlive what they counted. */
export const ledgerSums = pgTable("ledger_sums", tallyColumns, (t) => [
  primaryKey({ name: "ledger_sums_pk", columns: [t.tenant, t.month, t.direction, t.platform, t.agency, t.state] }),
]);
