import { OPERATIONS, type PlatformId } from "../../contracts/adapter.ts";
import { GatewayError } from "../../contracts/errors.ts";
import type { Boundary, OpenMessage } from "../../contracts/ledger.ts";
import type { AttemptView, EntryDetail, EntryView, LedgerSummary } from "../../contracts/services/ledger.ts";
import type { Hold } from "../../contracts/services/platforms.ts";
import type { Language } from "../../contracts/text.ts";
import { type Database, type Executor, isoMoment } from "../database/database.ts";
import { narrowOrRefuse } from "../database/narrow-or-refuse.ts";
import { type AuditedAct, recordAct } from "../security/audit.ts";
import type { Sealer } from "../security/sealing.ts";
import { cancelEntry } from "./cancel-entry.ts";
import { type EntryRow, entryView } from "./entry-view.ts";
import { listEntries } from "./list-entries.ts";
import { maskBody, maskWords, type PublicFields } from "./mask.ts";
import { personalWords } from "./personal-words.ts";
import { type AttemptRow, readAttempts, readEntry, readPayload } from "./read-entry.ts";
import { retryEntry } from "./retry-entry.ts";
import type { EntryFilter, EntryPosition } from "./search/entry-filter.ts";
import { summarizeEntries } from "./summarize-entries.ts";

/** What people see and do in the ledger. */
export interface LedgerDesk {
  /** @throws GatewayError `invalid_request`: too much has to be looked through */
  list(
    boundary: Boundary,
    filter: EntryFilter,
    page: { limit: number; after?: EntryPosition | undefined },
    language: Language,
  ): Promise<{ items: EntryView[]; next: EntryPosition | null }>;
  read(boundary: Boundary, id: string, language: Language): Promise<EntryDetail | null>;
  /** Whether there is such an entry within the boundary. */
  has(boundary: Boundary, id: string): Promise<boolean>;
  summary(boundary: Boundary): Promise<LedgerSummary>;
  /** Makes an entry due now, in the caller's transaction. @throws GatewayError `not_found`, `conflict` */
  retry(executor: Executor, boundary: Boundary, id: string, act: Actor, language: Language): Promise<EntryView>;
  /** Cancels an entry, in the caller's transaction. @throws GatewayError `not_found`, `conflict` */
  cancel(
    executor: Executor,
    boundary: Boundary,
    id: string,
    reason: string,
    act: Actor,
    language: Language,
  ): Promise<EntryView>;
  /** Told after the commit of a retry or cancel. */
  readonly wake: (platform: PlatformId) => void;
}

/** Who does it. */
export type Actor = Pick<AuditedAct, "actorKind" | "actor" | "correlationId">;

/** What the desk is made of. */
export interface LedgerDeskParts {
  readonly database: Database;
  readonly tenant: string;
  readonly sealer: Sealer;
  readonly openMessage: OpenMessage;
  /** Which fields of a platform's bodies may be shown in clear. */
  readonly publicFields: (platform: PlatformId) => PublicFields;
  readonly wake: (platform: PlatformId) => void;
  /** Which platforms hold their entries now; without it no entry shows as held. */
  readonly holds?: (executor: Executor) => Promise<Holds>;
  /** Reads a message that came in once more, in the caller's transaction; absent: none ever comes. */
  readonly reread?: (executor: Executor, id: string) => Promise<void>;
  /** What is wrong with the files of a dossier; without it nothing is said of them. */
  readonly fileWarnings?: (executor: Executor, dossierCode: string, language: Language) => Promise<Warnings>;
}

type Holds = ReadonlyMap<PlatformId, Hold>;
type Warnings = NonNullable<EntryDetail["warnings"]>;

/** Binds evidence and reasons to the deployment they were recorded in. */
export const evidenceContext = (tenant: string): string => `evidence:${tenant}`;

/** An entry that failed for days has thousands of attempts; the newest tell what is wrong. */
const SHOWN_ATTEMPTS = 200;

const attemptView = (
  row: AttemptRow,
  open: (sealed: Uint8Array) => string | null,
  mask: (body: string) => string,
): AttemptView => {
  const opened = row.evidence && open(row.evidence);
  const evidence = opened === null ? {} : (JSON.parse(opened) as Record<string, string>);
  return {
    n: row.n,
    kind: row.kind,
    startedAt: isoMoment(row.started_at),
    durationMs: row.duration_ms,
    outcome: row.outcome,
    ...(row.http_status !== null && { httpStatus: row.http_status }),
    ...(row.error_code !== null && { errorCode: row.error_code }),
    request: mask(evidence["request"] ?? ""),
    response: mask(evidence["response"] ?? ""),
  };
};

const notIn = (state: string): GatewayError =>
  new GatewayError("conflict", {
    detail: {
      vi: `Không thực hiện được khi trao đổi ở trạng thái ${state}.`,
      en: `This cannot be done to an entry that is ${state}.`,
    },
  });

/** The desk over one database. */
export const createLedgerDesk = (parts: LedgerDeskParts): LedgerDesk => {
  const { database, tenant, sealer, openMessage, publicFields, wake } = parts;
  const { holds: readHolds = async () => new Map(), reread = async () => undefined } = parts;
  // What cannot be opened any more (its key was taken out of LEDGER_KEYS) must not hide the rest of the ledger.
  const open = (sealed: Uint8Array): string | null => {
    try {
      return sealer.open(sealed, evidenceContext(tenant));
    } catch {
      return null;
    }
  };
  const view = (row: EntryRow, language: Language, holds: Holds) =>
    entryView(row, { language, openText: open, maskText: maskWords, holds });
  const viewNow = async (executor: Executor, row: EntryRow, language: Language) =>
    view(row, language, await readHolds(executor));
  const find = async (executor: Executor, boundary: Boundary, id: string): Promise<EntryRow> => {
    const row = await readEntry(executor, tenant, boundary, id);
    if (row === null) throw new GatewayError("not_found");
    return row;
  };
  const maskFor = ({ platform, operation: named, dossier_code }: EntryRow, payload: Uint8Array | null) => {
    const sealed = payload ?? new Uint8Array();
    try {
      const operation = OPERATIONS.find((each) => each === named);
      if (operation === undefined) throw new Error("what came in is no message to a platform");
      const entry = {
        operation,
        dossierCode: dossier_code ?? "",
        payload: sealed,
        known: false,
        unknownOutcome: false,
      };
      const words = personalWords(openMessage(entry));
      return (body: string) => maskBody(body, publicFields(platform), words);
    } catch {
      // Whom it is about is not known then. The entry has still to be seen: it waits for the person who looks at it.
      return (body: string) => (body === "" ? "" : `••• [${body.length}]`);
    }
  };
  return {
    wake,
    list: async (boundary, filter, { limit, after }, language) => {
      const search = { tenant, boundary, filter, rows: limit + 1, after };
      const found = await narrowOrRefuse(database, (executor) => listEntries(executor, search));
      const items = found.slice(0, limit);
      const holds = await readHolds(database);
      const last = found.length > limit ? items.at(-1) : undefined;
      return {
        items: items.map((row) => view(row, language, holds)),
        next: last === undefined ? null : { acceptedAt: last.accepted_at, id: last.id },
      };
    },
    read: async (boundary, id, language) => {
      const row = await readEntry(database, tenant, boundary, id);
      if (row === null) return null;
      const attempts = await readAttempts(database, tenant, id, SHOWN_ATTEMPTS);
      const { payload, bodies_erased_at: erased } = await readPayload(database, tenant, id);
      const mask = maskFor(row, payload);
      const entry = await viewNow(database, row, language);
      const bodies = erased === null ? {} : { bodiesErasedAt: isoMoment(erased) };
      const carriesFiles = row.operation === "dossier.put" && row.dossier_code !== null;
      const warnings = carriesFiles
        ? await parts.fileWarnings?.(database, row.dossier_code ?? "", language)
        : undefined;
      return {
        ...entry,
        ...bodies,
        ...(warnings?.length && { warnings }),
        attemptLog: attempts.map((attempt) => attemptView(attempt, open, mask)),
      };
    },
    has: async (boundary, id) => (await readEntry(database, tenant, boundary, id)) !== null,
    summary: (boundary) => summarizeEntries(database, tenant, boundary),
    retry: async (executor, boundary, id, actor, language) => {
      const before = await find(executor, boundary, id);
      if (before.direction === "in") {
        if (before.state !== "failed") throw notIn(before.state);
        await reread(executor, id);
      } else if (!(await retryEntry(executor, tenant, id))) throw notIn(before.state);
      await recordAct(executor, tenant, { ...actor, action: "ledger.retry", subject: id });
      return viewNow(executor, await find(executor, boundary, id), language);
    },
    cancel: async (executor, boundary, id, reason, actor, language) => {
      const before = await find(executor, boundary, id);
      const sealed = sealer.seal(reason, evidenceContext(tenant));
      if (!(await cancelEntry(executor, tenant, id, sealed))) throw notIn(before.state);
      await recordAct(executor, tenant, { ...actor, action: "ledger.cancel", subject: id });
      return viewNow(executor, await find(executor, boundary, id), language);
    },
  };
};
