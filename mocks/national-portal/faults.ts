import type { AnswerStyle } from "./answer.ts";

/** What every rule of the dial may say besides its fault. */
interface RuleScope {
  /** A service of the portal or `login`; default every call. */
  readonly service?: string;
  /** How often the rule fires before it ends; default for ever. */
  readonly times?: number;
  /** Part of the matching calls that it fires on, 0 to 1, spread evenly and without chance; default 1. */
  readonly share?: number;
  /** Whether the call takes effect before its answer is spoilt. Default: only for `latency`, `truncated`, `oversized`. */
  readonly taken?: boolean;
}

/** A fault that the answer suffers, or a form that it takes. */
export type FaultRule = RuleScope &
  (
    | { readonly fault: "latency"; readonly ms: number }
    /** An HTTP status with a plain text body. */
    | { readonly fault: "http-status"; readonly status: number; readonly retryAfterSeconds?: number }
    /** HTTP 200 with a readable refusal that no rule of the portal made. */
    | { readonly fault: "error-body"; readonly code?: string; readonly message?: string }
    | { readonly fault: "html"; readonly status?: number }
    | { readonly fault: "empty" }
    | { readonly fault: "truncated" }
    /** A valid answer of this many bytes; default 10 MiB. */
    | { readonly fault: "oversized"; readonly bytes?: number }
    /** All sessions die; `status` 401 or 403 says it by HTTP, else `error_code` does. */
    | { readonly fault: "session-expired"; readonly status?: number }
    /** The connection closes without an answer; with `taken` after the effect. */
    | { readonly fault: "close" }
    | { readonly fault: "error-code"; readonly form: NonNullable<AnswerStyle["errorCode"]> }
    | { readonly fault: "key-case"; readonly form: NonNullable<AnswerStyle["keyCase"]> }
    /** Which `error_code` goes with "đã tồn tại" (np 1.1: "0", "3" or "-3"). */
    | { readonly fault: "exists-code"; readonly code: string }
  );

/** The name of a fault. */
export type Fault = FaultRule["fault"];

/** A fault that replaces the answer. */
export type SpoilRule = Exclude<FaultRule, { readonly fault: "latency" | "error-code" | "key-case" | "exists-code" }>;

type Setting = "text" | "positive" | "http-status" | readonly string[];

/** Rules of one aspect exclude each other: the first that matches acts. Rules of different aspects act together. */
interface FaultRow {
  readonly aspect: "delay" | "spoil" | "error-code" | "key-case" | "exists-code";
  readonly title: string;
  /** Never fires on a login. */
  readonly sparesLogin?: boolean;
  readonly needs?: Readonly<Record<string, Setting>>;
  readonly may?: Readonly<Record<string, Setting>>;
}

/** The faults of the dial, for whoever reads rules from outside or shows them. */
export const FAULTS: Readonly<Record<Fault, FaultRow>> = {
  latency: { aspect: "delay", title: "Trả lời chậm", needs: { ms: "positive" } },
  "http-status": {
    aspect: "spoil",
    title: "Trả mã lỗi HTTP",
    needs: { status: "http-status" },
    may: { retryAfterSeconds: "positive" },
  },
  "error-body": { aspect: "spoil", title: "HTTP 200 kèm lỗi", may: { code: "text", message: "text" } },
  html: { aspect: "spoil", title: "Trả trang HTML", may: { status: "http-status" } },
  empty: { aspect: "spoil", title: "Trả nội dung rỗng" },
  truncated: { aspect: "spoil", title: "Trả JSON bị cắt" },
  oversized: { aspect: "spoil", title: "Trả lời quá lớn", may: { bytes: "positive" } },
  "session-expired": { aspect: "spoil", title: "Phiên hết hạn", sparesLogin: true, may: { status: "http-status" } },
  close: { aspect: "spoil", title: "Đóng kết nối không trả lời" },
  "error-code": {
    aspect: "error-code",
    title: "Kiểu error_code",
    needs: { form: ["text", "number", "two-zeros"] },
  },
  "key-case": { aspect: "key-case", title: "Kiểu chữ của khóa", needs: { form: ["lower", "upper"] } },
  "exists-code": { aspect: "exists-code", title: "Mã của “đã tồn tại”", needs: { code: "text" } },
};

const SCOPE: Readonly<Record<string, Setting>> = { service: "text", times: "positive" };

const fits = (value: unknown, setting: Setting): boolean => {
  if (typeof setting !== "string") return setting.includes(value as string);
  if (setting === "text") return typeof value === "string" && value !== "";
  if (!Number.isSafeInteger(value)) return false;
  const number = value as number;
  return setting === "positive" ? number > 0 : number >= 200 && number <= 599;
};

const faultsOf = (rule: unknown, at: string): string[] => {
  if (typeof rule !== "object" || rule === null) return [`${at}: not an object`];
  const given = rule as Record<string, unknown>;
  const row = Object.hasOwn(FAULTS, String(given["fault"])) ? FAULTS[given["fault"] as Fault] : undefined;
  if (row === undefined) return [`${at}.fault: one of ${Object.keys(FAULTS).join(", ")}`];
  const { fault: _, share, taken, ...rest } = given;
  const known = { ...SCOPE, ...row.needs, ...row.may };
  const list = Object.keys(row.needs ?? {})
    .filter((name) => rest[name] === undefined)
    .map((name) => `${at}.${name}: required`);
  for (const [name, value] of Object.entries(rest)) {
    const setting = known[name];
    if (setting === undefined) list.push(`${at}.${name}: unknown`);
    else if (!fits(value, setting)) list.push(`${at}.${name}: wrong value`);
  }
  const isShare = share === undefined || (typeof share === "number" && share >= 0 && share <= 1);
  if (!isShare) list.push(`${at}.share: 0 to 1`);
  if (taken !== undefined && typeof taken !== "boolean") list.push(`${at}.taken: true or false`);
  return list;
};

/** Reads rules from outside: one rule or a list. Throws `RangeError` that names every fault. */
export const readFaultRules = (input: unknown): readonly FaultRule[] => {
  const rules: readonly unknown[] = Array.isArray(input) ? input : [input];
  const faults = rules.flatMap((rule, index) => faultsOf(rule, `[${index}]`));
  if (faults.length > 0) throw new RangeError(faults.join("; "));
  return rules as readonly FaultRule[];
};
