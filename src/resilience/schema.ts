import { date, doublePrecision, integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { moment } from "../database/columns.ts";

/** The one truth about each platform for all processes: narrow rows, read at every admission. */
export const platformStates = pgTable(
  "platform_states",
  {
    tenant: text().notNull(),
    platform: text().notNull(),
    pausedAt: moment("paused_at"),
    resumedAt: moment("resumed_at"),
    /** When the breaker opened last; null: it is closed. Half-open is derived from it and the database's clock. */
    openedAt: moment("opened_at"),
    /** When the breaker last left or reached `closed`. */
    breakerSince: moment("breaker_since"),
    /** Number of the last half-open try; only its holder may end it. */
    tryFence: integer("try_fence").notNull().default(0),
    tryUntil: moment("try_until"),
    lastGoodAt: moment("last_good_at"),
    /** Maintenance windows as put; null: those of the setting. */
    windows: jsonb(),
    /** When the first certificate of `<P>_TLS_CERT` ends; null: there is none. */
    certificateExpiresAt: moment("certificate_expires_at"),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.platform] })],
);

/** Token bucket and daily quota of each platform that has one, shared by all processes. */
export const platformBudgets = pgTable(
  "platform_budgets",
  {
    tenant: text().notNull(),
    platform: text().notNull(),
    tokens: doublePrecision().notNull(),
    refilledAt: moment("refilled_at").notNull(),
    /** The day in Vietnam that `used` counts. */
    day: date().notNull(),
    used: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.platform] })],
);
