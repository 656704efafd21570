import { date, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";

/**
 * One row for each deployment: the policy as put, the working hours as put, and a version that changes with them, the calendar
 * and the agency codes. Processes keep the rules in memory and read the version alone with each call.
 */
export const rulebooks = pgTable("rulebooks", {
  tenant: text().primaryKey(),
  version: text().notNull(),
  lifeCycle: jsonb("life_cycle"),
  workingHours: jsonb("working_hours"),
});

/** Agency codes in canonical form with their validity, both days included, and the code that took their place. */
export const agencyCodes = pgTable(
  "agency_codes",
  {
    tenant: text().notNull(),
    code: text().notNull(),
    name: text().notNull(),
    validFrom: date("valid_from"),
    validTo: date("valid_to"),
    successor: text(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.code] })],
);
