/** What every rule of the dial may say besides its fault. */
interface RuleScope {
  /** `create`, `query`, `receipt`, `refund` or `notify`; default every one that the fault is for. */
  readonly operation?: string;
  /** How often the rule fires before it ends; default for ever. */
  readonly times?: number;
}

/** A fault of an answer. */
type AnswerFault =
  | { readonly fault: "latency"; readonly ms: number }
  | { readonly fault: "http-status"; readonly status: number; readonly retryAfterSeconds?: number }
  | { readonly fault: "html" }
  | { readonly fault: "empty" }
  | { readonly fault: "truncated" }
  /** The connection closes without an answer; what was asked took effect. */
  | { readonly fault: "close" }
  /** A readable no. */
  | { readonly fault: "refusal"; readonly code: string; readonly message: string }
  /** The answer comes inside the envelope of the integration axis; payment platform alone. */
  | { readonly fault: "wrapped" }
  /** How receipts come: `link` (default), `pdf`, `base64`, `data`, `none`, `short-link` (a bank's, five minutes). */
  | { readonly fault: "receipt-form"; readonly form: string };

/** A fault of a report to the province. */
type NotifyFault =
  | { readonly fault: "lose" }
  | { readonly fault: "double" }
  /** Held until the control releases it, also in another order. */
  | { readonly fault: "hold" }
  | { readonly fault: "mis-sign" }
  /** Signed rightly, with this amount in VND. */
  | { readonly fault: "wrong-amount"; readonly amount: number };

/** One rule. */
export type PaymentRule = RuleScope & (AnswerFault | NotifyFault);

/** The members that each fault needs, besides `operation` and `times`; and those that it may have. */
const FAULTS: Readonly<
  Record<PaymentRule["fault"], { needs?: Record<string, string>; may?: Record<string, string>; notify?: true }>
> = {
  latency: { needs: { ms: "number" } },
  "http-status": { needs: { status: "number" }, may: { retryAfterSeconds: "number" } },
  html: {},
  empty: {},
  truncated: {},
  close: {},
  refusal: { needs: { code: "string", message: "string" } },
  wrapped: {},
  "receipt-form": { needs: { form: "string" } },
  lose: { notify: true },
  double: { notify: true },
  hold: { notify: true },
  "mis-sign": { notify: true },
  "wrong-amount": { needs: { amount: "number" }, notify: true },
};

const faultOf = (input: unknown): string | undefined => {
  if (typeof input !== "object" || input === null) return "a rule is an object";
  const { fault, ...rest } = input as Record<string, unknown>;
  if (typeof fault !== "string" || !Object.hasOwn(FAULTS, fault))
    return `fault: one of ${Object.keys(FAULTS).join(", ")}`;
  const { needs = {}, may = {} } = FAULTS[fault as PaymentRule["fault"]];
  const known: Record<string, string> = { operation: "string", times: "number", ...needs, ...may };
  const missing = Object.keys(needs).find((name) => rest[name] === undefined);
  if (missing !== undefined) return `${missing}: required`;
  const wrong = Object.entries(rest).find(([name, value]) => typeof value !== known[name]);
  return wrong === undefined ? undefined : `${wrong[0]}: unknown or of a wrong kind`;
};

/** Makes a platform misbehave: every rule that matches acts. */
export interface PaymentDial {
  readonly rules: readonly PaymentRule[];
  /** Replaces all rules with one or a list; reads them first. @throws RangeError */
  set(rules: unknown): void;
  clear(): void;
  /** The rules that act on one call of an operation, or on one report (`notify`); each firing counts. */
  acting(operation: string): readonly PaymentRule[];
}

/** Makes a dial without rules. */
export const createPaymentDial = (): PaymentDial => {
  let entries: { readonly rule: PaymentRule; left: number }[] = [];
  const isFor = ({ operation: named, fault }: PaymentRule, operation: string): boolean => {
    if ((FAULTS[fault].notify === true) !== (operation === "notify")) return false;
    return named === undefined || named === operation;
  };
  return {
    get rules() {
      return entries.map(({ rule }) => rule);
    },
    set: (given) => {
      const rules: readonly unknown[] = Array.isArray(given) ? given : [given];
      const fault = rules.map(faultOf).find((each) => each !== undefined);
      if (fault !== undefined) throw new RangeError(fault);
      entries = (rules as readonly PaymentRule[]).map((rule) => ({
        rule,
        left: rule.times ?? Number.POSITIVE_INFINITY,
      }));
    },
    clear: () => {
      entries = [];
    },
    acting: (operation) => {
      const due = entries.filter(({ rule }) => isFor(rule, operation));
      for (const entry of due) entry.left -= 1;
      entries = entries.filter(({ left }) => left > 0);
      return due.map(({ rule }) => rule);
    },
  };
};
