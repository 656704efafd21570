import { bigint, check, index, integer, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { moment, sealed } from "../database/columns.ts";
import { sql } from "../database/sql.ts";

/** What the province's software is told. Append-only but for `position`, which is given once, after the commit. */
export const inboxEvents = pgTable(
  "inbox_events",
  {
    tenant: text().notNull(),
    id: text().notNull(),
    type: text().notNull(),
    occurredAt: moment("occurred_at").notNull(),
    subject: text().notNull(),
    /** Canonical code of the owner: the access boundary. */
    agency: text().notNull(),
    data: sealed().notNull(),
    recordedAt: moment("recorded_at").notNull().defaultNow(),
    /** The order of recording. */
    seq: bigint({ mode: "bigint" }).generatedAlwaysAsIdentity(),
    position: bigint({ mode: "bigint" }),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.id] }),
    uniqueIndex("inbox_events_position").on(t.tenant, t.position),
    index("inbox_events_unnumbered").on(t.tenant, t.seq).where(sql`position is null`),
  ],
);

/** The last position given. Whoever gives positions holds this row until they are committed. */
export const inboxCounters = pgTable("inbox_counters", {
  tenant: text().primaryKey(),
  last: bigint({ mode: "bigint" }).notNull().default(0n),
});

/** Which client has dealt with which event. */
export const inboxAcks = pgTable(
  "inbox_acks",
  {
    tenant: text().notNull(),
    client: text().notNull(),
    eventId: text("event_id").notNull(),
    acknowledgedAt: moment("acknowledged_at").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.client, t.eventId] })],
);

/** Where events are pushed to, and how the endpoint fares. A deleted one keeps its row, for the entries that name it. */
export const webhooks = pgTable(
  "webhooks",
  {
    tenant: text().notNull(),
    id: text().notNull(),
    client: text().notNull(),
    /** Canonical code of the client's agency: events of it and of those below are pushed. */
    agency: text().notNull(),
    /** Sealed like the secrets: people write tokens into addresses. */
    url: sealed().notNull(),
    /** Null: every type. */
    types: text().array(),
    secret: sealed().notNull(),
    previousSecret: sealed("previous_secret"),
    previousUntil: moment("previous_until"),
    createdAt: moment("created_at").notNull().defaultNow(),
    lastDeliveredAt: moment("last_delivered_at"),
    failingSince: moment("failing_since"),
    lastFailedAt: moment("last_failed_at"),
    /** Failures since the last success: the exponent of the pause. */
    failures: integer().notNull().default(0),
    heldUntil: moment("held_until"),
    disabledAt: moment("disabled_at"),
    disabledBecause: text("disabled_because"),
    deletedAt: moment("deleted_at"),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.id] }),
    check("webhooks_disabled_because_check", sql`disabled_because in ('gone', 'dead')`),
  ],
);
