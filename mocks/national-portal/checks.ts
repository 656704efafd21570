import type { FieldRule, FieldTable } from "./fields.ts";
import { isProcedureCode } from "./procedures.ts";
import { type Refusal, refuse } from "./refusals.ts";

/** A JSON object of unknown content. */
export type Json = Record<string, unknown>;

/** What the checks need to know of this portal, and where they leave what they noticed. */
export interface CheckContext {
  readonly dossierCodePattern: RegExp;
  /** Told of every field name that the document does not know: taken, but worth a look. */
  readonly onUnknownField: (path: string) => void;
}

/** True for a JSON object that is no list. */
export const isJson = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const WIRE_DATE = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/u;

/** True for a time of the calendar written `yyyyMMddHHmmss` (np 2.2). */
export const isWireDate = (value: string): boolean => {
  const parts = WIRE_DATE.exec(value);
  if (parts === null) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1).map(Number);
  if (year === 0 || month === 0 || month > 12 || hour > 23 || minute > 59 || second > 59) return false;
  // Day 0 of the next month is the last day of this one.
  return day >= 1 && day <= new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
};

/** np 2.3 and the client sample: the two ways in which shape C writes a time; both name a time of the calendar. */
const CONNECTOR_TIMES = {
  "create-time": /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/u,
  "step-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/u,
} as const;

const isConnectorTime = (value: string, form: keyof typeof CONNECTOR_TIMES): boolean =>
  CONNECTOR_TIMES[form].test(value) && isWireDate(value.replace(/\D/gu, "").slice(0, 14));

const isWebAddress = (value: string): boolean => /^https?:\/\//iu.test(value) && URL.canParse(value);

/** np 2.2, 2.5: forms that a pattern decides. */
const PLAIN_FORMS = {
  amount: /^\d+$/u,
  percent: /^\d{1,3}%$/u,
  month: /^(?:[1-9]|1[0-2])-\d{4}$/u,
} as const;

const misformed = (value: string, rule: FieldRule, path: string, context: CheckContext): Refusal | undefined => {
  switch (rule.form) {
    case "date":
      return isWireDate(value) ? undefined : refuse("date", path);
    case "create-time":
    case "step-time":
      return isConnectorTime(value, rule.form) ? undefined : refuse("time", path);
    case "url":
      return isWebAddress(value) ? undefined : refuse("address", path);
    case "dossier-code":
      return context.dossierCodePattern.test(value) ? undefined : refuse("shape", path);
    case "procedure-code":
      return isProcedureCode(value) ? undefined : refuse("shape", path);
    case "amount":
    case "percent":
    case "month":
      return PLAIN_FORMS[rule.form].test(value) ? undefined : refuse("shape", path);
    default:
      return undefined;
  }
};

const checkText = (value: unknown, rule: FieldRule, path: string, context: CheckContext): Refusal | undefined => {
  if (typeof value !== "string") {
    const taken = (value === null && rule.nullable === true) || (typeof value === "number" && rule.numeric === true);
    return taken ? undefined : refuse("notText", path);
  }
  if (value === "") return rule.required === "filled" ? refuse("required", path) : undefined;
  if (rule.max !== undefined && value.length > rule.max) return refuse("tooLong", path);
  if (rule.values !== undefined && !rule.values.has(value)) return refuse("notInList", path);
  return misformed(value, rule, path, context);
};

const checkRows = (value: unknown, table: FieldTable, path: string, context: CheckContext): Refusal | undefined => {
  if (!Array.isArray(value)) return refuse("notList", path);
  for (const [index, row] of value.entries()) {
    if (!isJson(row)) return refuse("notList", path);
    const refusal = checkObject(row, table, context, `${path}[${index}].`);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
};

const checkNumber = (value: unknown, numbers: ReadonlySet<number> | "any", path: string): Refusal | undefined => {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) return refuse("notNumber", path);
  return numbers === "any" || numbers.has(value) ? undefined : refuse("notInList", path);
};

const checkTexts = (value: unknown, path: string): Refusal | undefined => {
  if (!Array.isArray(value)) return refuse("notList", path);
  const index = value.findIndex((item) => typeof item !== "string");
  return index === -1 ? undefined : refuse("notText", `${path}[${index}]`);
};

const checkValue = (value: unknown, rule: FieldRule, path: string, context: CheckContext): Refusal | undefined => {
  if (rule.texts === true) return checkTexts(value, path);
  if (rule.rows !== undefined) return checkRows(value, rule.rows, path, context);
  if (rule.numbers !== undefined) return checkNumber(value, rule.numbers, path);
  if (rule.object === undefined) return checkText(value, rule, path, context);
  return isJson(value) ? checkObject(value, rule.object, context, `${path}.`) : refuse("notObject", path);
};

/** Checks one wire object against its table; the first fault found, in the table's order, is the refusal. */
export const checkObject = (
  object: Json,
  table: FieldTable,
  context: CheckContext,
  prefix = "",
): Refusal | undefined => {
  for (const name in table) {
    const rule = table[name] as FieldRule;
    const value = object[name];
    const path = prefix === "" ? name : prefix + name;
    if (value === undefined) {
      if (rule.required !== undefined) return refuse("required", path);
      continue;
    }
    const refusal = checkValue(value, rule, path, context);
    if (refusal !== undefined) return refusal;
  }
  for (const name in object) if (!(name in table)) context.onUnknownField(prefix + name);
  return undefined;
};

/** np 2.2, `DinhDanhCHS[]`: type 1 is a 12-digit personal id, type 2 a 9-digit old id. */
export const checkIdentities = (dossier: Json): Refusal | undefined => {
  const rows = Array.isArray(dossier["DinhDanhCHS"]) ? dossier["DinhDanhCHS"] : [];
  for (const [index, row] of rows.entries()) {
    const pattern = row.LoaiDinhDanh === "1" ? /^\d{12}$/u : /^\d{9}$/u;
    if (!pattern.test(row.SoDinhDanh)) return refuse("identity", `DinhDanhCHS[${index}]`);
  }
  return undefined;
};
