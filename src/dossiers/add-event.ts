import { sql } from "drizzle-orm";
import { GatewayError } from "../../contracts/errors.ts";
import { agencyCovers } from "../../contracts/identifiers.ts";
import { PRIORITIES } from "../../contracts/ledger.ts";
import type { DossierEvent } from "../../contracts/services/dossier.ts";
import type { EventAccepted } from "../../contracts/services/dossier-views.ts";
import type { Exchange } from "../../contracts/services/ledger.ts";
import { appendEntry } from "../ledger/append-entry.ts";
import { type Executor, rows } from "../ledger/database.ts";
import { dossierContext } from "../ledger/open-message.ts";
import { stepAsStatus, stepMessage } from "./dossier-message.ts";
import { type Answer, answerOnce, type Caller, type DossierOffice, portalOf } from "./dossier-office.ts";
import { eventWarnings } from "./dossier-warnings.ts";
import { type LockedDossier, lockDossier } from "./lock-dossier.ts";

interface StoredEvent {
  readonly fingerprint: string;
  readonly answer: string;
}

const readEvent = async (executor: Executor, tenant: string, code: string, eventId: string) => {
  const [row] = await rows<StoredEvent>(
    executor,
    sql`select fingerprint, answer from dossier_events
        where tenant = ${tenant} and dossier_code = ${code} and event_id = ${eventId}`,
  );
  return row ?? null;
};

const append = async (
  office: DossierOffice,
  executor: Executor,
  caller: Caller,
  code: string,
  event: DossierEvent,
  { portal_code, agency }: LockedDossier,
): Promise<{ exchange: Exchange; content: Uint8Array }> => {
  const { platform } = portalOf(office);
  const context = dossierContext(office.tenant, code);
  const content = office.sealer.seal(JSON.stringify(event), context);
  const operation = portal_code === null ? "dossier.step" : "dossier.status";
  const entry = {
    platform,
    operation,
    stream: `${platform}:dossier:${code}`,
    subject: code,
    dossierCode: code,
    client: caller.client,
    agency,
    priority: PRIORITIES.normal,
    correlationId: caller.correlationId,
    payload:
      portal_code === null ? content : office.sealer.seal(JSON.stringify(stepAsStatus(portal_code, event)), context),
  } as const;
  const id = await appendEntry(executor, office.tenant, entry, null);
  return { exchange: { id, platform, operation, state: "queued" }, content };
};

const record = async (
  office: DossierOffice,
  executor: Executor,
  caller: Caller,
  code: string,
  event: DossierEvent,
  stored: LockedDossier,
): Promise<string> => {
  const { tenant } = office;
  const earlier = await readEvent(executor, tenant, code, event.eventId);
  if (earlier !== null) {
    if (office.fingerprints.matches(earlier.fingerprint, event)) return earlier.answer;
    throw new GatewayError("conflict", {
      detail: {
        vi: "eventId này đã dùng cho một bước có nội dung khác.",
        en: "This eventId was used for a step with other content.",
      },
    });
  }
  const { exchange, content } = await append(office, executor, caller, code, event, stored);
  const body: EventAccepted = {
    dossierCode: code,
    eventId: event.eventId,
    exchanges: [exchange],
    warnings: eventWarnings(event, stored.status, caller.language),
  };
  const answer = JSON.stringify(body);
  await executor.execute(
    sql`with event as (
          insert into dossier_events (tenant, dossier_code, event_id, fingerprint, status, exchange_id, content, answer)
          values (${tenant}, ${code}, ${event.eventId}, ${office.fingerprints.of(event)}, ${event.status},
                  ${exchange.id}::bigint, ${content}, ${answer})
        )
        update dossiers set status = ${event.status}, updated_at = now() where tenant = ${tenant} and code = ${code}`,
  );
  return answer;
};

/**
 * `POST /v1/dossiers/{code}/events` (api section 3): records one progress step behind everything accepted for the dossier
 * before it. The same `eventId` with the same content answers as the first time; with other content it is refused for ever.
 *
 * @throws GatewayError `invalid_request` (limits of the active profile), `not_found` (unknown dossier or another owner's),
 *   `conflict`, `idempotency_key_reused`, `not_configured`.
 */
export const addEvent = async (
  office: DossierOffice,
  caller: Caller,
  code: string,
  event: DossierEvent,
): Promise<Answer> => {
  const portal = portalOf(office);
  const errors = portal.check(stepMessage(code, event));
  if (errors.length > 0) throw new GatewayError("invalid_request", { errors });
  const answer = await office.database.transaction(async (transaction) => {
    const stored = await lockDossier(transaction, office.tenant, code);
    if (stored === null || !agencyCovers(caller.agency, stored.agency)) throw new GatewayError("not_found");
    return answerOnce(transaction, office.tenant, caller.idempotencyKey, async () => ({
      status: 202,
      body: await record(office, transaction, caller, code, event, stored),
    }));
  });
  office.wake(portal.platform);
  return answer;
};
