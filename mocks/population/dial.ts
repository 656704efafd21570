/** How long a rule is in force. */
interface RuleScope {
  /** How many calls it spoils before it ends; default for ever. */
  readonly times?: number;
}

/** A fault that an answer suffers, or a form that it takes. */
export type FaultRule = RuleScope &
  (
    | { readonly fault: "latency"; readonly ms: number }
    /** An HTTP status with a plain text body. */
    | { readonly fault: "http-status"; readonly status: number; readonly retryAfterSeconds?: number }
    /** A page of some proxy. */
    | { readonly fault: "html"; readonly status?: number }
    | { readonly fault: "empty" }
    | { readonly fault: "truncated" }
    /** A well-formed answer of this many bytes; default 6 MiB. */
    | { readonly fault: "oversized"; readonly bytes?: number }
    /** The right answer behind a DOCTYPE. */
    | { readonly fault: "doctype" }
    | { readonly fault: "entity-bomb" }
    /** The right answer in an encoding that is not UTF-8; `declared` says so in its header. */
    | { readonly fault: "wrong-charset"; readonly declared?: boolean }
    /** X-Road itself fails (reg 6.3): by header and JSON, or by a SOAP fault. The code is sent as given. */
    | { readonly fault: "xroad"; readonly code: string; readonly by?: "header" | "soap"; readonly status?: number }
    /** A SOAP fault of the registry; status 200 unless said otherwise. */
    | { readonly fault: "soap-fault"; readonly code: string; readonly text?: string; readonly status?: number }
    /** All tokens die. */
    | { readonly fault: "token-expired" }
    /** The registry's clock is off by so much. */
    | { readonly fault: "clock-skew"; readonly ms: number }
    /** The connection closes without an answer. */
    | { readonly fault: "close" }
    /** How the answer is written (reg 2.3, conflicts). Defaults: whole, text, false, bare. */
    | {
        readonly fault: "form";
        readonly name?: "whole" | "parts";
        readonly relatives?: "text" | "parts";
        readonly attributes?: boolean;
        readonly envelope?: "bare" | "wrapped";
      }
  );

/** The name of a fault. */
export type Fault = FaultRule["fault"];

/** What each rule must and may say besides `fault` and `times`. */
const SHAPES: Readonly<Record<Fault, { readonly must?: readonly string[]; readonly may?: readonly string[] }>> = {
  latency: { must: ["ms"] },
  "http-status": { must: ["status"], may: ["retryAfterSeconds"] },
  html: { may: ["status"] },
  empty: {},
  truncated: {},
  oversized: { may: ["bytes"] },
  doctype: {},
  "entity-bomb": {},
  "wrong-charset": { may: ["declared"] },
  xroad: { must: ["code"], may: ["by", "status"] },
  "soap-fault": { must: ["code"], may: ["text", "status"] },
  "token-expired": {},
  "clock-skew": { must: ["ms"] },
  close: {},
  form: { may: ["name", "relatives", "attributes", "envelope"] },
};

const NUMBERS: readonly string[] = ["ms", "status", "bytes", "retryAfterSeconds", "times"];

const faultsOf = (rule: unknown, at: string): string[] => {
  if (typeof rule !== "object" || rule === null) return [`${at}: not an object`];
  const { fault, ...given } = rule as Record<string, unknown>;
  const shape = typeof fault === "string" && Object.hasOwn(SHAPES, fault) ? SHAPES[fault as Fault] : undefined;
  if (shape === undefined) return [`${at}.fault: one of ${Object.keys(SHAPES).join(", ")}`];
  const known = ["times", ...(shape.must ?? []), ...(shape.may ?? [])];
  return [
    ...(shape.must ?? []).filter((name) => given[name] === undefined).map((name) => `${at}.${name}: required`),
    ...Object.keys(given).flatMap((name) => (known.includes(name) ? [] : [`${at}.${name}: unknown`])),
    ...NUMBERS.flatMap((name) =>
      given[name] === undefined || Number.isSafeInteger(given[name]) ? [] : [`${at}.${name}: a whole number`],
    ),
  ];
};

/** Reads rules from outside: one rule or a list. Throws `RangeError` that names every fault. */
export const readFaultRules = (input: unknown): readonly FaultRule[] => {
  const rules: readonly unknown[] = Array.isArray(input) ? input : [input];
  const faults = rules.flatMap((rule, index) => faultsOf(rule, `[${index}]`));
  if (faults.length > 0) throw new RangeError(faults.join("; "));
  return rules as readonly FaultRule[];
};

/** The rules that act on one call, by fault. */
export type Interference = { readonly [F in Fault]?: Extract<FaultRule, { readonly fault: F }> };

/** Makes the registry misbehave: every rule in force acts; of two with one fault the first does. */
export interface Dial {
  readonly rules: readonly FaultRule[];
  /** Replaces all rules. Throws `RangeError` for a rule that makes no sense. */
  set(rules: FaultRule | readonly FaultRule[]): void;
  clear(): void;
  /** Decides about one call and counts it. */
  interfere(): Interference;
}

/** Makes a dial without rules. */
export const createDial = (): Dial => {
  let entries: { readonly rule: FaultRule; left: number }[] = [];
  return {
    get rules() {
      return entries.map(({ rule }) => rule);
    },
    set: (rules) => {
      entries = readFaultRules(rules).map((rule) => ({ rule, left: rule.times ?? Number.POSITIVE_INFINITY }));
    },
    clear: () => {
      entries = [];
    },
    interfere: () => {
      const acting: Record<string, FaultRule> = {};
      for (const entry of entries) {
        if (acting[entry.rule.fault] !== undefined) continue;
        acting[entry.rule.fault] = entry.rule;
        entry.left -= 1;
      }
      entries = entries.filter(({ left }) => left > 0);
      return acting as Interference;
    },
  };
};
