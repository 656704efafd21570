import { bigint, doublePrecision, index, integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { moment } from "../database/columns.ts";

/**
 * Keys made once by `npm start` when none are configured, so that every process shares them and tokens outlive
 * restarts. Production (`npm run serve`) never reads or writes this table.
 */
export const deploymentKeys = pgTable(
  "deployment_keys",
  {
    tenant: text().notNull(),
    purpose: text().notNull(),
    material: text().notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.purpose] })],
);

/** Sessions of operators at the console. `idHash` is a digest: the cookie's value is stored nowhere. */
export const operatorSessions = pgTable(
  "operator_sessions",
  {
    tenant: text().notNull(),
    idHash: text("id_hash").notNull(),
    operator: text().notNull(),
    csrf: text().notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
    expiresAt: moment("expires_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.idHash] }), index("operator_sessions_age").on(t.expiresAt)],
);

/** Failed logins per subject (a bucket of the hashes of operators' names), to slow guessing down. */
export const loginFailures = pgTable(
  "login_failures",
  {
    tenant: text().notNull(),
    subject: text().notNull(),
    failures: integer().notNull(),
    lastAt: moment("last_at").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.subject] })],
);

/** Client assertions seen, so that none serves twice (RFC 7523 section 3). */
export const usedAssertions = pgTable(
  "used_assertions",
  {
    tenant: text().notNull(),
    jti: text().notNull(),
    expiresAt: moment("expires_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.jti] }), index("used_assertions_age").on(t.expiresAt)],
);

/** What people and clients did to the ledger and to access. Append-only; no personal data of citizens. */
export const audit = pgTable(
  "audit",
  {
    tenant: text().notNull(),
    id: bigint({ mode: "bigint" }).generatedAlwaysAsIdentity(),
    at: moment("at").notNull().defaultNow(),
    actorKind: text("actor_kind").notNull(),
    actor: text().notNull(),
    action: text().notNull(),
    subject: text().notNull(),
    detail: jsonb().notNull(),
    correlationId: text("correlation_id").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.id] })],
);

/** Token bucket of each client that has a limit of its own, shared by all processes. */
export const clientBudgets = pgTable(
  "client_budgets",
  {
    tenant: text().notNull(),
    client: text().notNull(),
    tokens: doublePrecision().notNull(),
    refilledAt: moment("refilled_at").notNull(),
    /** What the last trip was given: it tells its own statement what it took. */
    granted: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.client] })],
);
