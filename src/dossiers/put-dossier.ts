import { GatewayError } from "../../contracts/errors.ts";
import { agencyCovers } from "../../contracts/identifiers.ts";
import { PRIORITIES } from "../../contracts/ledger.ts";
import type { Dossier } from "../../contracts/services/dossier.ts";
import type { DossierAccepted } from "../../contracts/services/dossier-views.ts";
import type { Exchange } from "../../contracts/services/ledger.ts";
import { appendEntry } from "../ledger/append-entry.ts";
import type { Executor } from "../ledger/database.ts";
import { dossierContext } from "../ledger/open-message.ts";
import { readExchange } from "../ledger/read-exchange.ts";
import { markSuperseded, supersedeUpdates } from "../ledger/supersede-updates.ts";
import { putAsStatus, putMessage } from "./dossier-message.ts";
import { type Answer, answerOnce, type Caller, type DossierOffice, portalOf } from "./dossier-office.ts";
import { putWarnings } from "./dossier-warnings.ts";
import { type LockedDossier, lockDossier } from "./lock-dossier.ts";
import { createDossier, nameExchange, noteHolding, replaceDossier, type SavedDossier } from "./save-dossier.ts";

/** One accepted put on its way through its transaction. */
interface Put {
  readonly code: string;
  readonly dossier: Dossier;
  /** The platform holds it already: record, send nothing. */
  readonly known: boolean;
}

const REOPENED: readonly string[] = ["failed", "cancelled"];

const refuseLimits = (office: DossierOffice, { code, dossier, known }: Put): void => {
  if (known) return;
  const errors = portalOf(office).check(putMessage(code, dossier));
  if (errors.length > 0) throw new GatewayError("invalid_request", { errors });
};

const refuseConflicts = ({ dossier }: Put, stored: LockedDossier): void => {
  const conflict = (vi: string, en: string) => new GatewayError("conflict", { detail: { vi, en } });
  if (dossier.revision !== undefined && stored.revision !== null && dossier.revision < stored.revision) {
    throw conflict(
      `Phiên bản ${dossier.revision} cũ hơn phiên bản đã lưu ${stored.revision}.`,
      `Revision ${dossier.revision} is older than the stored revision ${stored.revision}.`,
    );
  }
  if (dossier.portalCode !== undefined && stored.portal_code !== null && dossier.portalCode !== stored.portal_code) {
    throw conflict("Hồ sơ đã gắn với một mã khác của Cổng quốc gia.", "The dossier already has another portal code.");
  }
};

const seal = (
  office: DossierOffice,
  agency: string,
  { code, dossier }: Put,
  portalCode: string | null,
): SavedDossier => {
  const { applicant, submitter, receiptNumber } = dossier;
  const identities = [...applicant.identities, ...(submitter?.identities ?? [])];
  return {
    code,
    agency,
    dossier,
    portalCode,
    fingerprint: office.fingerprints.of(dossier),
    search: office.hashes.tokensOf({
      applicantName: applicant.name,
      identityValues: identities.map(({ value }) => value),
      receiptNumber,
    }),
    content: office.sealer.seal(JSON.stringify(dossier), dossierContext(office.tenant, code)),
  };
};

/** Appends the exchange that carries the put: the whole dossier, or a status when the portal gave it birth. */
const append = async (
  office: DossierOffice,
  executor: Executor,
  caller: Caller,
  saved: SavedDossier,
): Promise<Exchange> => {
  const { platform } = portalOf(office);
  const { tenant } = office;
  const stream = `${platform}:dossier:${saved.code}`;
  const born = saved.portalCode;
  const operation = born === null ? "dossier.put" : "dossier.status";
  const place =
    born === null ? await supersedeUpdates(executor, tenant, stream) : { position: null, superseded: [] as string[] };
  const payload =
    born === null
      ? saved.content
      : office.sealer.seal(JSON.stringify(putAsStatus(born, saved.dossier)), dossierContext(tenant, saved.code));
  const entry = {
    platform,
    operation,
    stream,
    subject: saved.code,
    dossierCode: saved.code,
    client: caller.client,
    agency: saved.agency,
    priority: PRIORITIES.normal,
    correlationId: caller.correlationId,
    payload,
  } as const;
  const id = await appendEntry(executor, tenant, entry, place.position);
  await markSuperseded(executor, tenant, place.superseded, id);
  return { id, platform, operation, state: "queued" };
};

/** The exchange of an equal body accepted before, unless it came to nothing. */
const sameAgain = async (
  office: DossierOffice,
  executor: Executor,
  stored: LockedDossier,
  put: Put,
): Promise<Exchange | null> => {
  if (stored.exchange_id === null || !office.fingerprints.matches(stored.fingerprint, put.dossier)) return null;
  const exchange = await readExchange(executor, office.tenant, stored.exchange_id);
  return exchange === null || REOPENED.includes(exchange.state) ? null : exchange;
};

const store = async (
  office: DossierOffice,
  executor: Executor,
  caller: Caller,
  put: Put,
  stored: LockedDossier | null,
): Promise<Exchange[]> => {
  const { tenant } = office;
  if (stored !== null) {
    refuseConflicts(put, stored);
    const again = put.known ? null : await sameAgain(office, executor, stored, put);
    if (again !== null) return [again];
  }
  const portalCode = put.dossier.portalCode ?? stored?.portal_code ?? null;
  const saved = seal(office, stored?.agency ?? caller.agency, put, portalCode);
  if (stored !== null) await replaceDossier(executor, tenant, saved);
  else if (!(await createDossier(executor, tenant, saved))) {
    // Another call made it between our look and our insert: it is stored now, and ours is a change of it.
    return store(office, executor, caller, put, await lockOwned(office, executor, caller, put.code));
  }
  if (put.known) {
    await noteHolding(executor, tenant, portalOf(office).platform, put.code);
    await nameExchange(executor, tenant, put.code, null);
    return [];
  }
  const exchange = await append(office, executor, caller, saved);
  await nameExchange(executor, tenant, put.code, exchange.id);
  return [exchange];
};

const lockOwned = async (office: DossierOffice, executor: Executor, caller: Caller, code: string) => {
  const stored = await lockDossier(executor, office.tenant, code);
  if (stored !== null && !agencyCovers(caller.agency, stored.agency)) throw new GatewayError("forbidden");
  return stored;
};

/**
 * `PUT /v1/dossiers/{code}` (api section 3): records the whole dossier and the exchange that carries it, in one
 * transaction, and answers only when it is committed.
 *
 * @throws GatewayError `invalid_request` (limits of the active profile), `forbidden` (another owner), `conflict`
 *   (older revision, other portal code), `idempotency_key_reused`, `not_configured`.
 */
export const putDossier = async (
  office: DossierOffice,
  provinceCode: string,
  caller: Caller,
  put: Put,
): Promise<Answer> => {
  refuseLimits(office, put);
  const { tenant } = office;
  const answer = await office.database.transaction(async (transaction) => {
    const stored = await lockOwned(office, transaction, caller, put.code);
    return answerOnce(transaction, tenant, caller.idempotencyKey, async () => {
      const exchanges = await store(office, transaction, caller, put, stored);
      const advice = { provinceCode, now: office.now(), language: caller.language };
      const warnings = putWarnings(put.code, put.dossier, stored?.status, advice);
      const body: DossierAccepted = { dossierCode: put.code, exchanges, warnings };
      return { status: 202, body: JSON.stringify(body) };
    });
  });
  if (office.portal !== null) office.wake(office.portal.platform);
  return answer;
};
