import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { moment, sealed } from "../database/columns.ts";

/**
 * The dossier as last accepted. `content` is the whole body, sealed; `search` holds keyed hashes of identity
 * values, the receipt number and the accent-free words of the applicant's name. No other column is personal.
 */
export const dossiers = pgTable(
  "dossiers",
  {
    tenant: text().notNull(),
    code: text().notNull(),
    /** Canonical code of the owner: the agency of the client that first put it. */
    agency: text().notNull(),
    portalCode: text("portal_code"),
    status: text().notNull(),
    procedureCode: text("procedure_code").notNull(),
    procedureName: text("procedure_name"),
    origin: text().notNull(),
    channel: text().notNull(),
    unitCode: text("unit_code"),
    unitName: text("unit_name").notNull(),
    receivedAt: moment("received_at").notNull(),
    dueAt: moment("due_at"),
    revision: integer(),
    /** Keyed digest of the last accepted body. */
    fingerprint: text().notNull(),
    /** The exchange of the last accepted body; null when it was recorded without sending. */
    exchangeId: bigint("exchange_id", { mode: "bigint" }),
    search: text().array().notNull(),
    content: sealed().notNull(),
    /** What the life-cycle rules know besides the status (src/life-cycle/facts.ts); null: nothing was counted yet. */
    lifeCycle: jsonb("life_cycle"),
    /** What the procedure said of it when it was last put (src/procedures/plan-put.ts); null: before procedures were known. */
    procedureFacts: jsonb("procedure_facts"),
    /** Pushed by the portal, and no client has put it yet. */
    unclaimed: boolean().notNull().default(false),
    createdAt: moment("created_at").notNull().defaultNow(),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.code] }),
    uniqueIndex("dossiers_portal_code").on(t.tenant, t.portalCode),
    index("dossiers_code_prefix").on(t.code.op("text_pattern_ops")),
    index("dossiers_newest").on(t.tenant, t.receivedAt.desc(), t.code.desc()),
    index("dossiers_search").using("gin", t.search),
  ],
);

/** Progress steps in the order accepted; `content` is the whole event, sealed. */
export const dossierEvents = pgTable(
  "dossier_events",
  {
    tenant: text().notNull(),
    dossierCode: text("dossier_code").notNull(),
    eventId: text("event_id").notNull(),
    fingerprint: text().notNull(),
    status: text().notNull(),
    acceptedAt: moment("accepted_at").notNull().defaultNow(),
    exchangeId: bigint("exchange_id", { mode: "bigint" }).notNull(),
    /** Its procedure's policy kept it here: there is no exchange of that id. */
    isUnsent: boolean("is_unsent").notNull().default(false),
    content: sealed().notNull(),
    /** The first answer, given again for the same event; it holds codes and ids alone. */
    answer: text().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.dossierCode, t.eventId] }),
    index("dossier_events_order").on(t.tenant, t.dossierCode, t.exchangeId),
  ],
);
