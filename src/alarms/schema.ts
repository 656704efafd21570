import { bigint, index, integer, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { moment } from "../database/columns.ts";
import { sql } from "../database/sql.ts";

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
    /** Null: to be mailed; else `sent`, `given-up` or `before` (over before mail was set up). */
    raisedMail: text("raised_mail", { enum: ["sent", "given-up", "before"] }),
    clearedMail: text("cleared_mail", { enum: ["sent", "given-up", "before"] }),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.id] }),
    uniqueIndex("alarms_raised").on(t.tenant, t.kind, t.subject).where(sql`cleared_at is null`),
    index("alarms_subject").on(t.tenant, t.kind, t.subject),
    index("alarms_unmailed")
      .on(t.tenant, t.id)
      .where(sql`raised_mail is null or (cleared_at is not null and cleared_mail is null)`),
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

/** Who mails alarms. The row's lock and claim make one process of the deployment the sender. */
export const alarmMailers = pgTable("alarm_mailers", {
  tenant: text().primaryKey(),
  nextAt: moment("next_at").notNull().defaultNow(),
  claimedUntil: moment("claimed_until"),
  /** Number of the last claim; only its holder may say how it ended. */
  claim: integer().notNull().default(0),
  /** Tries in vain since the last mail that went out. */
  failures: integer().notNull().default(0),
});
