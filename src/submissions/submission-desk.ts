import type { Adapter, PlatformId } from "../../contracts/adapter.ts";
import { GatewayError } from "../../contracts/errors.ts";
import { agencyCovers, normalizeAgencyCode } from "../../contracts/identifiers.ts";
import { type NewEntry, PRIORITIES } from "../../contracts/ledger.ts";
import type { Exchange } from "../../contracts/services/ledger.ts";
import type { SubmissionAccepted } from "../../contracts/services/submission-views.ts";
import type { Caller } from "../caller.ts";
import { type Database, type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { type Answer, answerOnce } from "../ledger/answer-once.ts";
import { appendEntry } from "../ledger/append-entry.ts";
import { type SubmissionMessage, submissionContext } from "../ledger/open-message.ts";
import { supersedeUpdates } from "../ledger/supersede-updates.ts";
import type { Fingerprints } from "../security/fingerprints.ts";
import type { Sealer } from "../security/sealing.ts";
import { lockSubject, noteAccepted } from "./lock-subject.ts";
import { submissionWarnings } from "./submission-warnings.ts";

/** What goes to the portal besides dossiers. */
export interface SubmissionDesk {
  /**
   * Records one submission and the exchange that carries it, in one transaction; answers when it is committed. The same again
   * makes no new exchange, unless the first failed or was cancelled. Another content supersedes one that is not yet sent.
   *
   * @param names what the answer says besides its exchanges and warnings.
   * @throws GatewayError `invalid_request` (limits of the profile), `forbidden` or `not_found` (another owner), `not_configured`.
   */
  accept(caller: Caller, message: SubmissionMessage, names: Readonly<Record<string, string>>): Promise<Answer>;
}

/** What the desk is made of. */
export interface SubmissionParts {
  readonly database: Database;
  readonly tenant: string;
  readonly sealer: Sealer;
  readonly fingerprints: Fingerprints;
  readonly now: () => Date;
  /** The platform dossiers go to, or null while none is configured. */
  readonly portal: Adapter | null;
  /** Told after commit that the platform has work. */
  readonly wake: (platform: PlatformId) => void;
}

/** What a message is about: its lock, its stream, and its name in the ledger. */
const subjectOf = (message: SubmissionMessage): string => {
  if (message.operation !== "satisfaction.put") return `question:${message.questionId}`;
  const { procedureCode, month, agency } = message.satisfaction;
  return `satisfaction:${procedureCode}:${month}:${normalizeAgencyCode(agency.code)}`;
};

const COME_TO_NOTHING: readonly (string | null)[] = ["failed", "cancelled", null];

const notSpoken = (profile: string): GatewayError =>
  new GatewayError("not_configured", {
    detail: {
      vi: `Giao thức "${profile}" của Cổng Dịch vụ công quốc gia không có dịch vụ này.`,
      en: `The profile "${profile}" of the national portal has no such service.`,
    },
  });

const portalFor = (portal: Adapter | null, { operation }: SubmissionMessage): Adapter => {
  if (portal === null) {
    const detail = {
      vi: "Chưa khai báo kết nối Cổng Dịch vụ công quốc gia (NATIONAL_PORTAL_URL).",
      en: "The national portal is not configured (NATIONAL_PORTAL_URL).",
    };
    throw new GatewayError("not_configured", { detail, retryAfterSeconds: 60 });
  }
  if (portal.operations[operation] === undefined) throw notSpoken(portal.profile);
  return portal;
};

const nextId = async (executor: Executor): Promise<string> => {
  const [row] = await rows<{ id: string }>(executor, sql`select nextval('entries_id_seq')::text as id`);
  if (row === undefined) throw new Error("no id was given");
  return row.id;
};

const append = async (executor: Executor, tenant: string, entry: NewEntry): Promise<string> => {
  const id = await nextId(executor);
  const place = (await supersedeUpdates(executor, tenant, [{ ...entry, id }])).get(entry.stream);
  const priority = Math.min(entry.priority, place?.priority ?? entry.priority);
  return appendEntry(executor, tenant, { ...entry, priority }, place?.position ?? null, id);
};

/** The desk over one database. */
export const createSubmissionDesk = (parts: SubmissionParts): SubmissionDesk => {
  const { database, tenant, sealer, fingerprints, now, wake } = parts;

  /** The exchange that carries the content: the one there was, or a new one behind what was accepted before. */
  const exchange = async (
    executor: Executor,
    caller: Caller,
    message: SubmissionMessage,
    { platform }: Adapter,
    { agency, before }: Awaited<ReturnType<typeof lockSubject>>,
  ): Promise<Exchange> => {
    const { operation } = message;
    const same = before !== null && fingerprints.matches(before.fingerprint, message);
    if (same && before.state !== null && !COME_TO_NOTHING.includes(before.state)) {
      return { id: before.exchangeId, platform, operation, state: before.state };
    }
    const subject = subjectOf(message);
    const id = await append(executor, tenant, {
      platform,
      operation,
      stream: `${platform}:${subject}`,
      subject,
      dossierCode: null,
      client: caller.client,
      agency,
      priority: PRIORITIES.normal,
      correlationId: caller.correlationId,
      payload: sealer.seal(JSON.stringify(message), submissionContext(tenant)),
    });
    await noteAccepted(
      executor,
      tenant,
      { subject, operation },
      { fingerprint: fingerprints.of(message), exchangeId: id },
    );
    return { id, platform, operation, state: "queued" };
  };

  return {
    accept: async (caller, message, names) => {
      const portal = portalFor(parts.portal, message);
      const errors = portal.check(message);
      if (errors.length > 0) throw new GatewayError("invalid_request", { errors });
      const subject = { subject: subjectOf(message), operation: message.operation, agency: caller.agency };
      const answer = await database.transaction(async (transaction) => {
        const locked = await lockSubject(transaction, tenant, subject);
        if (!agencyCovers(caller.agency, locked.agency)) {
          throw new GatewayError(message.operation === "question.answer" ? "not_found" : "forbidden");
        }
        return answerOnce(transaction, tenant, caller.idempotencyKey, async () => {
          const made = await exchange(transaction, caller, message, portal, locked);
          const warnings = submissionWarnings(message, now(), caller.language);
          const body: SubmissionAccepted = { exchanges: [made], warnings };
          return { status: 202, body: JSON.stringify({ ...names, ...body }) };
        });
      });
      wake(portal.platform);
      return answer;
    },
  };
};
