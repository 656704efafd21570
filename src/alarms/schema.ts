import { sql } from "drizzle-orm";
import { bigint, index, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { moment } from "../database/columns.ts";

/** Alarms raised and cleared. At most one of a kind and subject is raised at a time; cleared ones stay. */
export const alarms = pgTable(
  "alarms",
  {
    tenant: text().notNull(),
    id: bigint({ mode: "bigint" }).generatedAlwaysAsIdentity(),
    kind: text().notNull(),
    severity: text().notNull(),
    subject: text().notNull(),
    since: moment("since").notNull().defaultNow(),
    clearedAt: moment("cleared_at"),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.id] }),
    uniqueIndex("alarms_raised").on(t.tenant, t.kind, t.subject).where(sql`cleared_at is null`),
    index("alarms_subject").on(t.tenant, t.kind, t.subject),
  ],
);

/** When the alarms are evaluated next. Its row lock makes one process of the deployment the evaluator. */
export const alarmRounds = pgTable(
  "alarm_rounds",
  {
    tenant: text().notNull(),
    nextAt: moment("next_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant] })],
);
