import { date, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";

/** Holidays, Tết and working Saturdays: data, never code. */
export const calendarDays = pgTable(
  "calendar_days",
  {
    tenant: text().notNull(),
    day: date().notNull(),
    kind: text().notNull(),
    name: text().notNull(),
    /** Of a working day: its own hours; null: the usual ones. */
    hours: jsonb(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.day] })],
);
