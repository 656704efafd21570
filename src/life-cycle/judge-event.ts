import { vietnamDate } from "../../contracts/identifiers/vietnam-date.ts";
import type { DossierEvent } from "../../contracts/services/dossier.ts";
import { type EventKind, leadsTo, mayFollow, slipBelongs } from "../../contracts/services/life-cycle.ts";
import { endOfPreviousWorkingDay } from "../calendar/working-time.ts";
import { asksForSupplement, type StoredLife } from "./facts.ts";
import { FINDINGS, type Finding } from "./finding.ts";
import type { Rulebook } from "./rulebook/rulebook.ts";
import { transferDeadline } from "./transfer-deadline.ts";

/** One step, what stands stored, and the rules. */
interface Judged {
  readonly event: DossierEvent;
  readonly kind: EventKind;
  readonly stored: StoredLife;
  readonly rulebook: Rulebook;
}

type Rule = (judged: Judged) => readonly Finding[];

const when = (broken: boolean, finding: () => Finding): readonly Finding[] => (broken ? [finding()] : []);

const transition: Rule = ({ event, kind, stored, rulebook: { policy } }) =>
  when(kind !== "correction" && !mayFollow(stored.status, event.status, policy.refusalAfterReview), () =>
    FINDINGS.transition(stored.status, event.status),
  );

const kindOfStep: Rule = ({ event, kind, stored, rulebook: { policy } }) =>
  when(!leadsTo(kind, stored.status, event.status, policy.refusalAfterReview), () => FINDINGS.kind(kind, event.status));

const receipt: Rule = ({ event, stored }) =>
  when(Date.parse(event.occurredAt) < stored.receivedAt, () => FINDINGS.beforeReceipt("occurredAt"));

/** Domain section 2.3, R19 and R20: once, and by the end of the working day before the due date. */
const extension: Rule = ({ event, kind, stored: { facts }, rulebook: { calendar } }) => {
  if (kind !== "extension") return [];
  const repeated = when(facts.extensions > 0, FINDINGS.repeatedExtension);
  if (facts.dueAt === undefined || event.overrideReason !== undefined) return repeated;
  const limit = endOfPreviousWorkingDay(calendar, Date.parse(facts.dueAt));
  return [...repeated, ...when(Date.parse(event.occurredAt) > limit, () => FINDINGS.lateExtension(limit))];
};

/** Only the first time is it the transfer of a receipt; later ones are between those who work on it. */
const transfer: Rule = ({ event, kind, stored, rulebook: { calendar } }) => {
  if (kind !== "transfer" || (stored.status !== "accepted" && stored.status !== "submitted")) return [];
  const limit = transferDeadline(calendar, stored.receivedAt);
  return when(Date.parse(event.occurredAt) > limit, () => FINDINGS.lateTransfer(limit));
};

const supplement: Rule = ({ event, stored }) =>
  when(stored.facts.supplements > 0 && asksForSupplement(stored, event.status, event.kind), () =>
    FINDINGS.repeatedSupplement(event.kind === "supplement-request" ? "kind" : "status"),
  );

const slip: Rule = ({ event, kind }) => {
  if (event.slip === undefined) return [];
  const { form, issuedAt } = event.slip;
  const belongs = slipBelongs(form, vietnamDate(new Date(issuedAt)), kind, event.status);
  return when(!belongs, () => FINDINGS.slip(form, event.status));
};

const reason: Rule = ({ event, stored }) =>
  when(event.status === "not-accepted" && stored.status !== "not-accepted" && event.reason === undefined, () =>
    FINDINGS.reason("reason"),
  );

const receiver: Rule = ({ event, rulebook: { agencies } }) => {
  const code = event.toUnit?.code;
  const fault = code === undefined ? null : agencies.faultOf(code, vietnamDate(new Date(event.occurredAt)));
  return fault === null ? [] : [FINDINGS.agency("toUnit.code", fault)];
};

const RULES: readonly Rule[] = [
  transition,
  kindOfStep,
  receipt,
  extension,
  transfer,
  supplement,
  slip,
  reason,
  receiver,
];

/** Pure: which rules of the life cycle a step breaks (domain sections 2.1, 2.3 and 3.2). */
export const judgeEvent = (event: DossierEvent, stored: StoredLife, rulebook: Rulebook): Finding[] => {
  const judged = { event, kind: event.kind ?? "step", stored, rulebook };
  return RULES.flatMap((rule) => rule(judged));
};
