import { jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";

/**
 * What goes to the national portal besides dossiers: one row for each question, and for each month of satisfaction with a
 * procedure. Its content is in the ledger alone, sealed.
 */
export const portalSubmissions = pgTable(
  "portal_submissions",
  {
    tenant: text().notNull(),
    /** As its entries name it: `question:<id>`, `satisfaction:<procedure>:<month>:<agency>`. */
    subject: text().notNull(),
    /** Canonical code of the owner: the agency of the client that first put it. */
    agency: text().notNull(),
    /** By operation: keyed digest and exchange of the body accepted last. */
    accepted: jsonb().notNull().default({}),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.subject] })],
);
