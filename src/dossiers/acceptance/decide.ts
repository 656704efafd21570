import type { Message, PlatformId } from "../../../contracts/adapter.ts";
import { type FieldError, GatewayError } from "../../../contracts/errors.ts";
import type { Dossier } from "../../../contracts/services/dossier.ts";
import type { DossierAccepted, EventAccepted } from "../../../contracts/services/dossier-views.ts";
import type { Exchange } from "../../../contracts/services/ledger.ts";
import type { Lift } from "../../ledger/stream-priority.ts";
import { factsAfterEvent, factsAfterPut, type StoredLife } from "../../life-cycle/facts.ts";
import { judgeEvent } from "../../life-cycle/judge-event.ts";
import { judgePut } from "../../life-cycle/judge-put.ts";
import { refusalOf } from "../../life-cycle/refusal.ts";
import type { Rulebook } from "../../life-cycle/rulebook/rulebook.ts";
import { adviseDue } from "../../procedures/advise-due.ts";
import { keepsStep, planPut, STEP_NOT_SENT } from "../../procedures/plan-put.ts";
import { putAsStatus, putMessage, stepAsStatus } from "../dossier-message.ts";
import { inventedWarnings, lifeCycleWarnings, putWarnings, worded } from "../dossier-warnings.ts";
import { inventedInEvent, notFromStore } from "../invented-data.ts";
import type { Acceptance, Decision, EntryWrite, EventAcceptance, PutAcceptance } from "./acceptance.ts";
import type { LockedDossier } from "./lock-dossiers.ts";
import type { AcceptContext } from "./read-context.ts";

/** What decisions are made with. */
export interface DecisionRules {
  readonly platform: PlatformId;
  readonly provinceCode: string;
  readonly now: Date;
  /** What of a put will not reach the platform. */
  readonly advise: (message: Message) => readonly FieldError[];
  /** What the life cycle is judged by. */
  readonly rulebook: Rulebook;
  /** Compares a stored keyed digest with a body. */
  readonly matches: (stored: string, body: unknown) => boolean;
  /** Seals what goes out otherwise than it came: a portal-born dossier's change as a status, or what a policy made of a dossier. */
  readonly seal: (plain: string, dossierCode: string) => Uint8Array;
}

/** A dossier of before the rules has nothing counted; its due date is the one put. */
const lifeOf = ({ status, received_ms, due_ms, life_cycle }: LockedDossier): StoredLife => ({
  status,
  receivedAt: received_ms,
  putDueAt: due_ms,
  facts: life_cycle ?? {
    extensions: 0,
    supplements: 0,
    ...(due_ms !== null && { dueAt: new Date(due_ms).toISOString() }),
  },
});

const COME_TO_NOTHING: readonly string[] = ["failed", "cancelled"];

const conflict = (vi: string, en: string): Decision => ({
  refused: new GatewayError("conflict", { detail: { vi, en } }),
});

const streamOf = ({ code }: Acceptance, { platform }: DecisionRules): string => `${platform}:dossier:${code}`;

/** The same again may be more urgent than it was; its priority is no part of what it says. */
const liftOf = (acceptance: Acceptance, exchangeId: string, rules: DecisionRules): Lift => ({
  stream: streamOf(acceptance, rules),
  priority: acceptance.priority,
  exchangeId,
});

const entryOf = (
  acceptance: Acceptance,
  rules: DecisionRules,
  parts: Pick<EntryWrite, "id" | "operation" | "agency" | "payload" | "supersedes">,
): EntryWrite => ({
  ...parts,
  platform: rules.platform,
  stream: streamOf(acceptance, rules),
  subject: acceptance.code,
  dossierCode: acceptance.code,
  client: acceptance.caller.client,
  priority: acceptance.priority,
  correlationId: acceptance.caller.correlationId,
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

/** `sends`: what goes out in the place of what was put. */
const putEntry = (
  put: PutAcceptance,
  parts: Pick<EntryWrite, "id" | "agency">,
  { portalCode, sends }: { readonly portalCode: string | null; readonly sends: Dossier | undefined },
  rules: DecisionRules,
): EntryWrite => {
  const seal = (value: unknown): Uint8Array => rules.seal(JSON.stringify(value), put.code);
  if (portalCode !== null) {
    const payload = seal(putAsStatus(portalCode, put.dossier));
    return entryOf(put, rules, { ...parts, operation: "dossier.status", payload, supersedes: false });
  }
  const payload = sends === undefined ? put.content : seal(sends);
  return entryOf(put, rules, { ...parts, operation: "dossier.put", payload, supersedes: true });
};

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
  const life = stored && lifeOf(stored);
  const findings = judgePut(code, dossier, life, rules.rulebook);
  const portalCode = dossier.portalCode ?? stored?.portal_code ?? null;
  const { procedures, calendar } = rules.rulebook;
  const procedure = procedures.find(dossier.procedureCode, Date.parse(dossier.receivedAt));
  const plan = planPut(code, dossier, procedure, portalCode !== null);
  const isSent = !known && portalCode === null && plan.isSent;
  const advice = isSent ? rules.advise({ ...putMessage(code, dossier), known: stored !== undefined }) : [];
  const warnings = [
    ...putWarnings(code, dossier, findings, { ...rules, language: caller.language }),
    ...inventedWarnings(notFromStore(dossier, context.isFromStore), caller.language),
    ...worded([...plan.advice, ...advice], caller.language),
    ...worded(adviseDue(dossier, procedure.version, life?.facts, calendar), caller.language),
  ];
  const answer = (exchanges: Exchange[]) => {
    const body: DossierAccepted = { dossierCode: code, exchanges, warnings };
    return { status: 202, body: JSON.stringify(body) };
  };
  const again = stored && sameAgain(put, stored, context, rules);
  if (again !== undefined) return { answer: answer([again]), lift: liftOf(put, again.id, rules) };
  const against = refusalOf(findings, rules.rulebook.policy);
  if (against !== null) return { refused: against };
  const agency = stored?.agency ?? caller.agency;
  const lifeCycle = factsAfterPut(life, dossier, rules.now, calendar);
  const write = { acceptance: put, agency, portalCode, isNew: stored === undefined, lifeCycle, procedure: plan.facts };
  if (known) {
    return { answer: answer([]), dossier: { ...write, exchangeId: null }, holding: { platform: rules.platform, code } };
  }
  if (!plan.isSent) return { answer: answer([]), dossier: { ...write, exchangeId: null } };
  const entry = putEntry(put, { id, agency }, { portalCode, sends: plan.sends }, rules);
  return { answer: answer([exchangeOf(entry)]), entry, dossier: { ...write, exchangeId: id } };
};

/** The entry of a step, and whether its procedure's policy keeps it here. */
const stepEntry = (acceptance: EventAcceptance, id: string, stored: LockedDossier, rules: DecisionRules) => {
  const { code, event, content } = acceptance;
  const { portal_code: born, procedure_code, procedure_facts, received_ms, exchange_id, agency } = stored;
  const procedure = rules.rulebook.procedures.find(procedure_code, received_ms);
  return {
    isUnsent: born === null && keepsStep(procedure, procedure_facts, exchange_id !== null),
    entry: entryOf(acceptance, rules, {
      id,
      operation: born === null ? "dossier.step" : "dossier.status",
      agency,
      payload: born === null ? content : rules.seal(JSON.stringify(stepAsStatus(born, event)), code),
      supersedes: false,
    }),
  };
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
  const { code, caller, event } = acceptance;
  const earlier = context.events.get(code);
  if (earlier !== undefined) {
    if (rules.matches(earlier.fingerprint, event)) {
      const lift = liftOf(acceptance, earlier.exchange_id, rules);
      return { answer: { status: 202, body: earlier.answer }, lift };
    }
    return conflict(
      "eventId này đã dùng cho một bước có nội dung khác.",
      "This eventId was used for a step with other content.",
    );
  }
  const life = lifeOf(stored);
  const findings = judgeEvent(event, life, rules.rulebook);
  const against = refusalOf(findings, rules.rulebook.policy);
  if (against !== null) return { refused: against };
  const { isUnsent, entry } = stepEntry(acceptance, id, stored, rules);
  const body: EventAccepted = {
    dossierCode: code,
    eventId: event.eventId,
    exchanges: isUnsent ? [] : [exchangeOf(entry)],
    warnings: [
      ...inventedWarnings(inventedInEvent(event), caller.language),
      ...lifeCycleWarnings(findings, caller.language),
      ...worded(isUnsent ? [STEP_NOT_SENT] : [], caller.language),
    ],
  };
  const answer = JSON.stringify(body);
  const lifeCycle = factsAfterEvent(life, event, rules.rulebook.calendar);
  const write = { acceptance, exchangeId: id, isUnsent, answer, lifeCycle };
  return { answer: { status: 202, body: answer }, ...(!isUnsent && { entry }), event: write };
};
