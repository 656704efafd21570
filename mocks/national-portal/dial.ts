import type { AnswerStyle } from "./answer.ts";
import { FAULTS, type FaultRule, readFaultRules, type SpoilRule } from "./faults.ts";

/** A rule in force. */
export interface ActiveRule {
  readonly rule: FaultRule;
  /** How often it may still fire; undefined for ever. */
  readonly left?: number;
  /** How often it fired. */
  readonly fired: number;
}

/** What the dial does to one call. */
export interface Interference {
  readonly delay?: { readonly ms: number; readonly taken: boolean };
  readonly spoil?: { readonly rule: SpoilRule; readonly taken: boolean };
  readonly style: AnswerStyle;
}

/** Makes the portal misbehave: a list of rules; for each aspect of an answer the first that matches acts. */
export interface Dial {
  readonly rules: readonly ActiveRule[];
  /** Replaces all rules. Throws `RangeError` for a rule that makes no sense. */
  set(rules: FaultRule | readonly FaultRule[]): void;
  /** Adds rules behind those in force. Throws like `set`. */
  add(rules: FaultRule | readonly FaultRule[]): void;
  clear(): void;
  /** Decides about one call of a service (or `login`) and counts it. */
  interfere(service: string): Interference;
}

interface Entry {
  readonly rule: FaultRule;
  seen: number;
  fired: number;
}

const UNTOUCHED: Interference = { style: {} };

const isSpent = ({ rule, fired }: Entry) => rule.times !== undefined && fired >= rule.times;

const matches = (rule: FaultRule, service: string): boolean =>
  (rule.service === undefined || rule.service === service) &&
  !(service === "login" && FAULTS[rule.fault].sparesLogin === true);

/** Fires on an even share of what it sees: call n is due when n*share passes a whole number. */
const fires = (entry: Entry): boolean => {
  const share = entry.rule.share ?? 1;
  entry.seen += 1;
  const due = Math.floor(entry.seen * share + 1e-9) > Math.floor((entry.seen - 1) * share + 1e-9);
  if (due) entry.fired += 1;
  return due;
};

const TAKEN_BY_DEFAULT: ReadonlySet<string> = new Set(["latency", "truncated", "oversized"]);

const combine = (rules: readonly FaultRule[]): Interference => {
  let interference: Interference = UNTOUCHED;
  for (const rule of rules) {
    const taken = rule.taken ?? TAKEN_BY_DEFAULT.has(rule.fault);
    const { style } = interference;
    if (rule.fault === "latency") interference = { ...interference, delay: { ms: rule.ms, taken } };
    else if (rule.fault === "error-code") interference = { ...interference, style: { ...style, errorCode: rule.form } };
    else if (rule.fault === "key-case") interference = { ...interference, style: { ...style, keyCase: rule.form } };
    else if (rule.fault === "exists-code")
      interference = { ...interference, style: { ...style, existsCode: rule.code } };
    else interference = { ...interference, spoil: { rule, taken } };
  }
  return interference;
};

/** Makes a dial without rules. */
export const createDial = (): Dial => {
  let entries: Entry[] = [];

  const toEntries = (rules: FaultRule | readonly FaultRule[]) =>
    readFaultRules(rules).map((rule): Entry => ({ rule, seen: 0, fired: 0 }));

  const interfere = (service: string): Interference => {
    if (entries.length === 0) return UNTOUCHED;
    const decided = new Set<string>();
    const acting: FaultRule[] = [];
    for (const entry of entries) {
      const { aspect } = FAULTS[entry.rule.fault];
      if (!matches(entry.rule, service) || decided.has(aspect) || !fires(entry)) continue;
      decided.add(aspect);
      acting.push(entry.rule);
    }
    entries = entries.filter((entry) => !isSpent(entry));
    return combine(acting);
  };

  return {
    get rules() {
      return entries.map(({ rule, fired }) =>
        rule.times === undefined ? { rule, fired } : { rule, fired, left: rule.times - fired },
      );
    },
    set: (rules) => {
      entries = toEntries(rules);
    },
    add: (rules) => {
      entries = [...entries, ...toEntries(rules)];
    },
    clear: () => {
      entries = [];
    },
    interfere,
  };
};
