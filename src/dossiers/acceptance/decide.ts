import type { PlatformId } from "../../../contracts/adapter.ts";
import { GatewayError } from "../../../contracts/errors.ts";
import { PRIORITIES } from "../../../contracts/ledger.ts";
import type { DossierAccepted, EventAccepted } from "../../../contracts/services/dossier-views.ts";
import type { Exchange } from "../../../contracts/services/ledger.ts";
import { putAsStatus, stepAsStatus } from "../dossier-message.ts";
import { eventWarnings, putWarnings } from "../dossier-warnings.ts";
import type { Acceptance, Decision, EntryWrite, EventAcceptance, PutAcceptance } from "./acceptance.ts";
import type { LockedDossier } from "./lock-dossiers.ts";
import type { AcceptContext } from "./read-context.ts";

/** What decisions are made with. */
export interface DecisionRules {
  readonly platform: PlatformId;
  readonly provinceCode: string;
  readonly now: Date;
  /** Compares a stored keyed digest with a body. */
  readonly matches: (stored: string, body: unknown) => boolean;
  /** Seals what only a portal-born dossier needs: its change as a status. */
  readonly seal: (plain: string, dossierCode: string) => Uint8Array;
}

const COME_TO_NOTHING: readonly string[] = ["failed", "cancelled"];

const conflict = (vi: string, en: string): Decision => ({
  refused: new GatewayError("conflict", { detail: { vi, en } }),
});

const entryOf = (
  { code, caller }: Acceptance,
  rules: DecisionRules,
  parts: Pick<EntryWrite, "id" | "operation" | "agency" | "payload" | "supersedes">,
): EntryWrite => ({
  ...parts,
  platform: rules.platform,
  stream: `${rules.platform}:dossier:${code}`,
  subject: code,
  dossierCode: code,
  client: caller.client,
  priority: PRIORITIES.normal,
  correlationId: caller.correlationId,
});

const exchangeOf = ({ id, platform, operation }: EntryWrite): Exchange => ({
  id,
  platform,
  operation,
  state: "queued",
});

/** The exchange of an equal body accepted before, unless it came to nothing. */
const sameAgain = (put: PutAcceptance, stored: LockedDossier, context: AcceptContext, rules: DecisionRules) => {
  if (put.known || stored.exchange_id === null || !rules.matches(stored.fingerprint, put.dossier)) return undefined;
  const exchange = context.exchanges.get(stored.exchange_id);
  return exchange === undefined || COME_TO_NOTHING.includes(exchange.state) ? undefined : exchange;
};

const putConflict = ({ dossier }: PutAcceptance, stored: LockedDossier): Decision | undefined => {
  if (dossier.revision !== undefined && stored.revision !== null && dossier.revision < stored.revision) {
    return conflict(
      `Phiên bản ${dossier.revision} cũ hơn phiên bản đã lưu ${stored.revision}.`,
      `Revision ${dossier.revision} is older than the stored revision ${stored.revision}.`,
    );
  }
  if (dossier.portalCode !== undefined && stored.portal_code !== null && dossier.portalCode !== stored.portal_code) {
    return conflict("Hồ sơ đã gắn với một mã khác của Cổng quốc gia.", "The dossier already has another portal code.");
  }
  return undefined;
};

const putEntry = (put: PutAcceptance, id: string, agency: string, portalCode: string | null, rules: DecisionRules) =>
  portalCode === null
    ? entryOf(put, rules, { id, operation: "dossier.put", agency, payload: put.content, supersedes: true })
    : entryOf(put, rules, {
        id,
        operation: "dossier.status",
        agency,
        payload: rules.seal(JSON.stringify(putAsStatus(portalCode, put.dossier)), put.code),
        supersedes: false,
      });

/** What becomes of a put (api section 3). Pure but for sealing. */
export const decidePut = (
  put: PutAcceptance,
  id: string,
  stored: LockedDossier | undefined,
  context: AcceptContext,
  rules: DecisionRules,
): Decision => {
  const refused = stored && putConflict(put, stored);
  if (refused !== undefined) return refused;
  const { code, caller, dossier, known } = put;
  const warnings = putWarnings(code, dossier, stored?.status, { ...rules, language: caller.language });
  const answer = (exchanges: Exchange[]) => {
    const body: DossierAccepted = { dossierCode: code, exchanges, warnings };
    return { status: 202, body: JSON.stringify(body) };
  };
  const again = stored && sameAgain(put, stored, context, rules);
  if (again !== undefined) return { answer: answer([again]) };
  const agency = stored?.agency ?? caller.agency;
  const portalCode = dossier.portalCode ?? stored?.portal_code ?? null;
  const write = { acceptance: put, agency, portalCode, isNew: stored === undefined };
  if (known) {
    return { answer: answer([]), dossier: { ...write, exchangeId: null }, holding: { platform: rules.platform, code } };
  }
  const entry = putEntry(put, id, agency, portalCode, rules);
  return { answer: answer([exchangeOf(entry)]), entry, dossier: { ...write, exchangeId: id } };
};

/** What becomes of a progress step (api section 3). Pure but for sealing. */
export const decideEvent = (
  acceptance: EventAcceptance,
  id: string,
  stored: LockedDossier | undefined,
  context: AcceptContext,
  rules: DecisionRules,
): Decision => {
  if (stored === undefined) return { refused: new GatewayError("not_found") };
  const { code, caller, event, content } = acceptance;
  const earlier = context.events.get(code);
  if (earlier !== undefined) {
    if (rules.matches(earlier.fingerprint, event)) return { answer: { status: 202, body: earlier.answer } };
    return conflict(
      "eventId này đã dùng cho một bước có nội dung khác.",
      "This eventId was used for a step with other content.",
    );
  }
  const born = stored.portal_code;
  const entry = entryOf(acceptance, rules, {
    id,
    operation: born === null ? "dossier.step" : "dossier.status",
    agency: stored.agency,
    payload: born === null ? content : rules.seal(JSON.stringify(stepAsStatus(born, event)), code),
    supersedes: false,
  });
  const body: EventAccepted = {
    dossierCode: code,
    eventId: event.eventId,
    exchanges: [exchangeOf(entry)],
    warnings: eventWarnings(event, stored.status, caller.language),
  };
  const answer = JSON.stringify(body);
  return { answer: { status: 202, body: answer }, entry, event: { acceptance, exchangeId: id, answer } };
};
