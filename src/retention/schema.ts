import { bigint, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { moment } from "../database/columns.ts";

/**
 * The months that take no new entries any more, by the names of their partitions, and how far retention is with each. A partition
 * holds the entries of all tenants, hence the key without one.
 */
export const historyMonths = pgTable("history_months", {
  name: text().primaryKey(),
  firstId: bigint("first_id", { mode: "bigint" }).notNull(),
  endId: bigint("end_id", { mode: "bigint" }).notNull(),
  /** When a process saw that ids had gone beyond the month: what the days of retention count from. */
  closedAt: moment("closed_at").notNull(),
  /** When something of it was first seen to be past its time. */
  dueAt: moment("due_at"),
  /** The last entry that is copied without its bodies. */
  copiedTenant: text("copied_tenant"),
  copiedId: bigint("copied_id", { mode: "bigint" }),
  bodiesErasedAt: moment("bodies_erased_at"),
  deliveriesNotedAt: moment("deliveries_noted_at"),
  droppedAt: moment("dropped_at"),
});

/** Entries of a month without bodies that have theirs still: they were not settled long enough ago. */
export const keptBodies = pgTable(
  "kept_bodies",
  { tenant: text().notNull(), entryId: bigint("entry_id", { mode: "bigint" }).notNull(), month: text().notNull() },
  (t) => [primaryKey({ columns: [t.tenant, t.entryId] })],
);

/** When something about a subject last reached a platform, of entries that are kept no more. */
export const pastDeliveries = pgTable(
  "past_deliveries",
  {
    tenant: text().notNull(),
    subject: text().notNull(),
    platform: text().notNull(),
    deliveredAt: moment("delivered_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.subject, t.platform] })],
);
