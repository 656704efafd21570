import { bigint, boolean, integer, jsonb, pgTable, primaryKey, text, unique } from "drizzle-orm/pg-core";
import { moment, sealed } from "../database/columns.ts";

/** What payers owe online. Transitions of `state` that PAYMENT_TRANSITIONS does not have are refused by a trigger. */
export const payments = pgTable(
  "payments",
  {
    tenant: text().notNull(),
    /** `pay_` and 32 hexadecimal digits. */
    id: text().notNull(),
    platform: text().notNull(),
    client: text().notNull(),
    /** Canonical code of the owner of the dossier: the access boundary. */
    agency: text().notNull(),
    dossierCode: text("dossier_code").notNull(),
    /** Integer VND. */
    amount: bigint({ mode: "number" }).notNull(),
    state: text().notNull().default("created"),
    /** Of the transaction that the payer is sent to. */
    reference: text().notNull(),
    /** The order: payer, lines, beneficiary. */
    content: sealed().notNull(),
    /** The caller's Idempotency-Key with what it was used for: a repeat finds its payment, whatever became of the first answer. */
    repeatKey: text("repeat_key"),
    repeatFingerprint: text("repeat_fingerprint"),
    correlationId: text("correlation_id").notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
    expiresAt: moment("expires_at").notNull(),
    paidAt: moment("paid_at"),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.id] })],
);

/** Tries at paying, by the reference that the platform knows them by. */
export const paymentTransactions = pgTable(
  "payment_transactions",
  {
    tenant: text().notNull(),
    platform: text().notNull(),
    reference: text().notNull(),
    paymentId: text("payment_id").notNull(),
    /** From 1. */
    n: integer().notNull(),
    amount: bigint({ mode: "number" }).notNull(),
    /** `lapsed`: the platform was asked for a month and never said. */
    state: text({ enum: ["created", "pending", "paid", "failed", "lapsed"] })
      .notNull()
      .default("created"),
    payUrl: sealed("pay_url"),
    platformTransaction: text("platform_transaction"),
    /** As the platform wrote it. */
    platformTime: text("platform_time"),
    /** As the platform was told it, to the second. */
    createdAt: moment("created_at").notNull(),
    /** Somebody is creating it at the platform. */
    callingUntil: moment("calling_until"),
    paidAt: moment("paid_at"),
    settledAt: moment("settled_at"),
    polls: integer().notNull().default(0),
    askedAt: moment("asked_at"),
    /** When the platform is asked next; null: never again. */
    nextAt: moment("next_at"),
    fence: integer().notNull().default(0),
    leaseUntil: moment("lease_until"),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.platform, t.reference] }),
    unique("payment_transactions_n").on(t.tenant, t.paymentId, t.n),
  ],
);

/** Everything that happened to a payment. Append-only by a trigger; `detail` holds codes, amounts and ids alone. */
export const paymentEvents = pgTable(
  "payment_events",
  {
    tenant: text().notNull(),
    id: bigint({ mode: "bigint" }).generatedAlwaysAsIdentity(),
    paymentId: text("payment_id").notNull(),
    reference: text(),
    at: moment("at").notNull().defaultNow(),
    kind: text().notNull(),
    /** Who brought it about: `caller`, `platform`, `query`, `clock`. */
    source: text().notNull(),
    fromState: text("from_state"),
    toState: text("to_state"),
    /** The inbound entry that holds the bytes of the platform's call. */
    entryId: bigint("entry_id", { mode: "bigint" }),
    detail: jsonb().notNull().default({}),
    correlationId: text("correlation_id").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.id] })],
);

/** Beneficiaries as they were put; the one with the highest id holds. */
export const paymentBeneficiaries = pgTable(
  "payment_beneficiaries",
  {
    tenant: text().notNull(),
    /** Canonical procedure code, or `default`. */
    code: text().notNull(),
    id: bigint({ mode: "bigint" }).generatedAlwaysAsIdentity(),
    account: text().notNull(),
    bank: text().notNull(),
    name: text().notNull(),
    client: text().notNull(),
    /** It took the place of another one. */
    isChange: boolean("is_change").notNull(),
    since: moment("since").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.code, t.id] })],
);

/** Receipts that are to be fetched, and those that were. */
export const paymentReceipts = pgTable(
  "payment_receipts",
  {
    tenant: text().notNull(),
    paymentId: text("payment_id").notNull(),
    platform: text().notNull(),
    reference: text().notNull(),
    /** Where the platform said that it is. */
    url: sealed(),
    wantedAt: moment("wanted_at").notNull().defaultNow(),
    tries: integer().notNull().default(0),
    nextAt: moment("next_at"),
    fence: integer().notNull().default(0),
    leaseUntil: moment("lease_until"),
    errorCode: text("error_code"),
    /** Names its pieces among `inbound_pieces`. */
    stored: text(),
    size: bigint({ mode: "number" }),
    sha256: text(),
    storedAt: moment("stored_at"),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.paymentId] })],
);

/** Money given back. */
export const paymentRefunds = pgTable(
  "payment_refunds",
  {
    tenant: text().notNull(),
    paymentId: text("payment_id").notNull(),
    n: integer().notNull(),
    amount: bigint({ mode: "number" }).notNull(),
    reason: sealed().notNull(),
    /** `unknown`: the platform may have taken it on; it is never asked twice, a person looks. */
    state: text({ enum: ["proposed", "approved", "unknown", "accepted", "done", "failed"] })
      .notNull()
      .default("proposed"),
    byPlatform: boolean("by_platform").notNull(),
    requestId: text("request_id").notNull(),
    proposedBy: text("proposed_by").notNull(),
    approvedBy: text("approved_by"),
    /** The payment's state before. */
    fromState: text("from_state").notNull(),
    evidence: sealed(),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.paymentId, t.n] })],
);
