import type { AnswerStyle } from "./answers.ts";

/** What every rule of the dial may say besides its fault. */
interface RuleScope {
  /** `token`, `detail-v1`, `detail-v2` or `detail-hcm`; default every call. */
  readonly operation?: string;
  /** How often the rule fires before it ends; default for ever. */
  readonly times?: number;
}

/** A fault that an answer suffers, or a form that it takes. */
export type FaultRule = RuleScope &
  (
    | { readonly fault: "latency"; readonly ms: number }
    | { readonly fault: "http-status"; readonly status: number; readonly retryAfterSeconds?: number }
    | { readonly fault: "html"; readonly status?: number }
    | { readonly fault: "empty" }
    | { readonly fault: "truncated" }
    /** A valid answer of this many bytes; default 6 MiB. */
    | { readonly fault: "oversized"; readonly bytes?: number }
    /** The right answer in one byte per letter. */
    | { readonly fault: "wrong-charset" }
    /** The connection closes without an answer. */
    | { readonly fault: "close" }
    /** What the API gateway in front says, by a code such as 900901; default HTTP 401, JSON. */
    | { readonly fault: "gateway"; readonly code: number; readonly status?: number; readonly form?: "json" | "xml" }
    /** All tokens die before the call is looked at. */
    | { readonly fault: "token-expired" }
    /** HTTP 200 with a readable failure in the register's own members. */
    | { readonly fault: "business-failure"; readonly message: string; readonly code?: number }
    | ({ readonly fault: "style" } & AnswerStyle)
  );

/** The members that each fault needs and may have, besides `operation` and `times`. */
const FAULTS: Readonly<Record<FaultRule["fault"], { needs?: Record<string, string>; may?: Record<string, string> }>> = {
  latency: { needs: { ms: "number" } },
  "http-status": { needs: { status: "number" }, may: { retryAfterSeconds: "number" } },
  html: { may: { status: "number" } },
  empty: {},
  truncated: {},
  oversized: { may: { bytes: "number" } },
  "wrong-charset": {},
  close: {},
  gateway: { needs: { code: "number" }, may: { status: "number", form: "string" } },
  "token-expired": {},
  "business-failure": { needs: { message: "string" }, may: { code: "number" } },
  style: { may: { status: "string", representatives: "string", address: "string", capital: "string" } },
};

const faultOf = (input: unknown): string | undefined => {
  if (typeof input !== "object" || input === null) return "a rule is an object";
  const { fault, ...rest } = input as Record<string, unknown>;
  if (typeof fault !== "string" || !Object.hasOwn(FAULTS, fault))
    return `fault: one of ${Object.keys(FAULTS).join(", ")}`;
  const { needs = {}, may = {} } = FAULTS[fault as FaultRule["fault"]];
  const known: Record<string, string> = { operation: "string", times: "number", ...needs, ...may };
  const missing = Object.keys(needs).find((name) => rest[name] === undefined);
  if (missing !== undefined) return `${missing}: required`;
  const wrong = Object.entries(rest).find(([name, value]) => typeof value !== known[name]);
  return wrong === undefined ? undefined : `${wrong[0]}: unknown or of a wrong kind`;
};

/** Reads rules from outside: one or a list. Throws `RangeError` for what makes no sense. */
const readRules = (input: unknown): readonly FaultRule[] => {
  const rules: readonly unknown[] = Array.isArray(input) ? input : [input];
  for (const rule of rules) {
    const fault = faultOf(rule);
    if (fault !== undefined) throw new RangeError(fault);
  }
  return rules as readonly FaultRule[];
};

/** Makes the registers misbehave: every rule that matches a call acts, and of several that spoil its answer the first. */
export interface Dial {
  readonly rules: readonly FaultRule[];
  /** Replaces all rules; reads them first. Throws `RangeError`. */
  set(rules: FaultRule | readonly FaultRule[]): void;
  clear(): void;
  /** The rules that act on one call of an operation; each firing counts. */
  acting(operation: string): readonly FaultRule[];
}

/** Makes a dial without rules. */
export const createDial = (): Dial => {
  let entries: { readonly rule: FaultRule; left: number }[] = [];
  return {
    get rules() {
      return entries.map(({ rule }) => rule);
    },
    set: (rules) => {
      entries = readRules(rules).map((rule) => ({ rule, left: rule.times ?? Number.POSITIVE_INFINITY }));
    },
    clear: () => {
      entries = [];
    },
    acting: (operation) => {
      const due = entries.filter(({ rule }) => rule.operation === undefined || rule.operation === operation);
      for (const entry of due) entry.left -= 1;
      entries = entries.filter(({ left }) => left > 0);
      return due.map(({ rule }) => rule);
    },
  };
};
