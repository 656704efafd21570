import { z } from "zod";
import { DOSSIER_STATUSES, type DossierEvent, type DossierStatus } from "./dossier.ts";

/**
 * The life cycle of a dossier as data (domain sections 3.2 and 3.3): which status follows which, what kind of step leads
 * where, which slip belongs to which status. Breaking any of it warns; it refuses only where the policy of the rule says so
 * (api section 3, "Life-cycle rules").
 */

/** Where a refusal after review leads: vendors differ (domain section 3.2). The model's own answer is `stopped`. */
export const REFUSAL_ENDS = ["stopped", "not-accepted", "either"] as const;

/** Where a refusal after review leads. */
export type RefusalEnd = (typeof REFUSAL_ENDS)[number];

/** A status may always follow itself. What is finished or ended changes only by a correction. */
const FOLLOWS: Readonly<Record<DossierStatus, readonly DossierStatus[]>> = {
  submitted: ["accepted", "not-accepted", "supplement-required", "payment-required", "withdrawn"],
  accepted: ["processing", "payment-required", "withdrawn"],
  "not-accepted": [],
  processing: ["supplement-required", "payment-required", "withdrawn", "stopped", "finished"],
  "supplement-required": ["submitted", "accepted", "processing", "withdrawn", "stopped"],
  "payment-required": ["accepted", "processing", "withdrawn", "stopped"],
  withdrawn: ["stopped", "submitted", "accepted", "processing", "supplement-required", "payment-required"],
  stopped: [],
  finished: ["returned"],
  returned: [],
};

/** From where a dossier may be stopped it may also be refused. */
const isReviewed = (status: DossierStatus): boolean => FOLLOWS[status].includes("stopped");

/** Whether `to` may follow `from`. */
export const mayFollow = (from: DossierStatus, to: DossierStatus, refusal: RefusalEnd): boolean =>
  from === to || FOLLOWS[from].includes(to) || (to === "not-accepted" && refusal !== "stopped" && isReviewed(from));

/** A kind of step. */
export type EventKind = NonNullable<DossierEvent["kind"]>;

/** The statuses that a kind of step leads to; null: any. A correction may go anywhere: that is what it is for. */
const LEADS_TO: Readonly<Record<EventKind, readonly DossierStatus[] | null>> = {
  step: null,
  transfer: ["processing"],
  extension: ["processing"],
  "supplement-request": ["supplement-required"],
  "supplement-received": ["submitted", "accepted", "processing"],
  "fee-request": ["payment-required"],
  refusal: ["not-accepted", "stopped"],
  stop: ["stopped"],
  withdrawal: ["withdrawn", "stopped"],
  correction: null,
};

/** Whether a step of this kind may lead from one status to another. Before acceptance a refusal ends in `not-accepted`. */
export const leadsTo = (kind: EventKind, from: DossierStatus, to: DossierStatus, refusal: RefusalEnd): boolean => {
  if (kind === "refusal" && from === "submitted") return to === "not-accepted";
  if (kind === "refusal" && isReviewed(from) && refusal !== "either") return to === refusal;
  return LEADS_TO[kind]?.includes(to) ?? true;
};

/** One slip: the statuses it is issued in and the kinds of step it goes with; absent: any. */
interface Slip {
  readonly statuses?: readonly DossierStatus[];
  readonly kinds?: readonly EventKind[];
}

const ACCEPTANCE: Slip = { statuses: ["accepted"] };
const SUPPLEMENT: Slip = { statuses: ["supplement-required"] };
const REFUSAL: Slip = { statuses: ["not-accepted", "stopped"] };
const EXTENSION: Slip = { statuses: ["processing"], kinds: ["extension"] };
const STOP: Slip = { statuses: ["stopped"] };
const ANYWHERE: Slip = {};

/** The forms of slips by number (domain section 3.3), the newest rule set first; `from` is its first day in Vietnam. */
const SLIP_RULE_SETS: readonly { readonly from: string; readonly forms: readonly Slip[] }[] = [
  // Circular 03/2025/TT-VPCP, annex I: 05 is the notice of stopping, 06 the control slip, 07 the register.
  { from: "2025-09-15", forms: [ACCEPTANCE, SUPPLEMENT, REFUSAL, EXTENSION, STOP, ANYWHERE, ANYWHERE] },
  // Circular 01/2018/TT-VPCP: 05 is the control slip, 06 the register.
  { from: "", forms: [ACCEPTANCE, SUPPLEMENT, REFUSAL, EXTENSION, ANYWHERE, ANYWHERE] },
];

const FORM = /^(?:mẫu\s*(?:số\s*)?)?0?([1-9])$/iu;

/**
 * Whether a slip belongs to a step. A form that is none of the numbered ones (`02`, `Mẫu 02`, `Mẫu số 2`) is not judged.
 *
 * @param issuedOn the day in Vietnam, `YYYY-MM-DD`: it decides which rule set holds.
 */
export const slipBelongs = (form: string, issuedOn: string, kind: EventKind, status: DossierStatus): boolean => {
  const number = FORM.exec(form.trim())?.[1];
  const slip = SLIP_RULE_SETS.find(({ from }) => issuedOn >= from)?.forms[Number(number) - 1];
  if (slip === undefined) return true;
  return (slip.statuses?.includes(status) ?? true) && (slip.kinds?.includes(kind) ?? true);
};

/** The rules that a policy can be set for; each is also the code of its warning. */
export const LIFE_CYCLE_RULES = [
  "unusual_transition",
  "kind_status_mismatch",
  "step_before_receipt",
  "repeated_extension",
  "late_extension",
  "late_transfer",
  "repeated_supplement",
  "slip_mismatch",
  "reason_missing",
  "agency_code_superseded",
  "agency_code_closed",
  "agency_code_not_yet_valid",
] as const;

/** One rule of the life cycle. */
export type LifeCycleRule = (typeof LIFE_CYCLE_RULES)[number];

/** What is done about a broken rule: told in the answer's `warnings`, or 422 `lifecycle_refused`. */
const action = z.enum(["warn", "refuse"]);

type Actions<A extends z.ZodType> = Record<LifeCycleRule, A>;
const forEachRule = <A extends z.ZodType>(schema: A): Actions<A> =>
  Object.fromEntries(LIFE_CYCLE_RULES.map((rule) => [rule, schema])) as Actions<A>;

/** The policy as put: it replaces the one before, and a rule that is not named warns. */
export const lifeCyclePolicySchema = z
  .strictObject({
    rules: z.strictObject(forEachRule(action.optional())),
    refusalAfterReview: z.enum(REFUSAL_ENDS).optional(),
  })
  .meta({ id: "LifeCyclePolicy" });

/** The policy as answered, every rule of it. */
export const lifeCycleViewSchema = z
  .strictObject({ rules: z.strictObject(forEachRule(action)), refusalAfterReview: z.enum(REFUSAL_ENDS) })
  .meta({ id: "LifeCycleView" });

/** The policy in force. */
export type LifeCyclePolicy = z.infer<typeof lifeCycleViewSchema>;

/** The policy as put, with what it leaves out. */
export const completePolicy = (put: z.infer<typeof lifeCyclePolicySchema> | null): LifeCyclePolicy => ({
  rules: Object.fromEntries(
    LIFE_CYCLE_RULES.map((rule) => [rule, put?.rules[rule] ?? "warn"]),
  ) as LifeCyclePolicy["rules"],
  refusalAfterReview: put?.refusalAfterReview ?? "stopped",
});

/** A status as people of the portal know it: its national number and our word. */
export const statusName = (status: DossierStatus): string => `${DOSSIER_STATUSES.indexOf(status) + 1} (${status})`;
