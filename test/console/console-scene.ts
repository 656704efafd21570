import { randomBytes } from "node:crypto";
import { drizzle } from "drizzle-orm/postgres-js";
import type { PlatformId } from "../../contracts/adapter.ts";
import type { AttemptRecord, NewEntry, OpenMessage, Settlement } from "../../contracts/ledger.ts";
import { createApp } from "../../src/app.ts";
import { rows } from "../../src/database/database.ts";
import { type SQL, sql } from "../../src/database/sql.ts";
import type { Gateway } from "../../src/gateway.ts";
import { appendEntry } from "../../src/ledger/append-entry.ts";
import { claimEntries } from "../../src/ledger/claim-entries.ts";
import { createLedgerDesk, evidenceContext } from "../../src/ledger/ledger-desk.ts";
import { settleEntries } from "../../src/ledger/settle-entries.ts";
import { createLog } from "../../src/log.ts";
import { createMetrics } from "../../src/metrics.ts";
import { connect } from "../../src/runtime/database-connection.ts";
import type { Operator } from "../../src/security/operator-registry.ts";
import { createSealer } from "../../src/security/sealing.ts";
import { verifySecret } from "../../src/security/secrets.ts";
import { createTestDatabase } from "../database.ts";
import { ledgerKeyEntry, ledgerKeys } from "../security/scenes.ts";
import { createVisitor } from "./visitor.ts";

const TENANT = "H04";
const PLATFORM: PlatformId = "national-portal";

/** Who may log in, unless a scene changes it. */
const OPERATORS: readonly Operator[] = [
  { id: "viewer", secret: "viewer-secret", role: "viewer" },
  { id: "operator", secret: "operator-secret", role: "operator" },
];

/** An entry that is accepted; parts can be replaced. */
const newEntry = (parts: Partial<NewEntry> = {}): NewEntry => {
  const dossierCode = parts.dossierCode ?? "H04.15-261120-0001";
  return {
    platform: PLATFORM,
    operation: "dossier.put",
    stream: `${PLATFORM}:dossier:${dossierCode}`,
    subject: dossierCode,
    dossierCode,
    client: "one-stop",
    agency: "000.00.15.H04",
    priority: 1,
    correlationId: "correlation-1",
    payload: new Uint8Array([1]),
    ...parts,
  };
};

/** A refusal by the platform, as it is settled. */
export const refusal = (message = "Mã hồ sơ đã tồn tại", platformCode = "77"): Settlement["next"] => ({
  state: "failed",
  fault: { outcome: "refused", code: "upstream_rejected", platformCode, message },
});

/** One attempt that was refused; parts can be replaced. */
export const attemptRecord = (parts: Partial<AttemptRecord> = {}): AttemptRecord => ({
  kind: "send",
  startedAt: new Date("2026-11-20T02:15:07Z"),
  durationMs: 1234,
  outcome: "refused",
  httpStatus: 200,
  errorCode: "upstream_rejected",
  request: `{"service":"DongBoHoSoMC"}`,
  response: `{"error_code":"77"}`,
  ...parts,
});

/** The console over a database of its own. Operators can be changed while it runs; what was woken is noted. */
export const openConsoleScene = async ({ secureCookies = false } = {}) => {
  const testDatabase = await createTestDatabase();
  const connection = connect(testDatabase.url, { max: 8 });
  const database = drizzle(connection);
  const sealer = createSealer(ledgerKeys(ledgerKeyEntry("test")));
  const seal = (plain: string) => sealer.seal(plain, evidenceContext(TENANT));
  const woken: PlatformId[] = [];
  const verified: string[] = [];
  const registered = { all: OPERATORS };
  // Payloads of these entries are never sent: who they are about is said here.
  const openMessage: OpenMessage = ({ dossierCode }) => ({
    operation: "dossier.step",
    dossierCode,
    event: {
      eventId: "e",
      status: "accepted",
      occurredAt: "2026-11-20T08:00:00Z",
      officer: { name: "Lê Văn Mẫu" },
      content: "x",
    },
  });
  const publicFields = () => new Set(["service", "error_code"]);
  const wake = (platform: PlatformId) => void woken.push(platform);
  const find = (id: string) => registered.all.find((operator) => operator.id === id);

  // What the console does not touch is left out.
  const gateway = {
    database,
    tenant: TENANT,
    provinceCode: TENANT,
    now: () => new Date(),
    ledger: createLedgerDesk({ database, tenant: TENANT, sealer, openMessage, publicFields, wake }),
    operators: { all: OPERATORS, find },
    verifySecret: (secret: string, stored: Operator | undefined) => {
      verified.push(secret);
      return verifySecret(secret, stored);
    },
    secureCookies,
  } as unknown as Gateway;
  const app = createApp({
    open: () => gateway,
    log: createLog("silent", []),
    metrics: createMetrics(),
    elapsed: () => performance.now(),
    docs: null,
  });

  const append = (parts?: Partial<NewEntry>) => appendEntry(database, TENANT, newEntry(parts), null);

  /** Claims the one entry that is due and settles it, by the statements of the dispatcher. */
  const settleNext = async (next: Settlement["next"], attempts: readonly AttemptRecord[] = []): Promise<string> => {
    const lease = { owner: `test-${randomBytes(4).toString("hex")}`, seconds: 30 };
    const [entry, ...others] = await claimEntries(database, TENANT, lease, PLATFORM, 2);
    if (entry === undefined || others.length > 0) throw new Error("not exactly one entry is due");
    await settleEntries(database, TENANT, lease.owner, PLATFORM, [{ entry, next, attempts }], seal);
    return entry.id;
  };

  /** Accepts an entry and settles it. Nothing else may be due. */
  const settle = async (
    parts: Partial<NewEntry>,
    next: Settlement["next"],
    attempts?: readonly AttemptRecord[],
  ): Promise<string> => {
    await append(parts);
    return settleNext(next, attempts);
  };

  return {
    app,
    database,
    woken,
    /** Secrets that were compared with a stored one. */
    verified,
    registered,
    append,
    settle,
    settleNext,
    visitor: () => createVisitor(app),
    query: <Row>(query: SQL) => rows<Row>(database, query),
    audited: () =>
      rows<{ actor_kind: string; actor: string; action: string; subject: string }>(
        database,
        sql`select actor_kind, actor, action, subject from audit order by id`,
      ),
    /** The database is away from now on. */
    disconnect: () => connection.end(),
    close: async (): Promise<void> => {
      await connection.end();
      await testDatabase.drop();
    },
  };
};

/** A console with everything around it. */
export type ConsoleScene = Awaited<ReturnType<typeof openConsoleScene>>;
