import type { Text } from "../../../contracts/text.ts";

/** A push that cannot be understood. Caught by `readPush`; never leaves this folder. */
export class Unreadable extends Error {
  readonly why: Text;

  constructor(why: Text, options?: ErrorOptions) {
    super(why.en, options);
    this.name = "Unreadable";
    this.why = why;
  }
}

/** What `value` lacks, by the portal's name of the field. */
export const missing = (field: string): Unreadable =>
  new Unreadable({ vi: `Thiếu hoặc sai ${field}.`, en: `${field} is missing or wrong.` });

/** Whether a value is a JSON object. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A JSON object, or an empty one. */
export const objectIn = (value: unknown): Record<string, unknown> => (isObject(value) ? value : {});

/** Code points that no text of ours has: controls other than tab and newline. */
const CONTROL = /[^\P{Cc}\t\n]/gu;

/**
 * A scalar as clean text: NFC, without controls and edges. Numbers come for codes and amounts (np 6.14); one that JSON cannot
 * carry exactly is no code at all. Null, absent, objects: "".
 */
export const textOf = (value: unknown): string => {
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : "";
  if (typeof value !== "string") return "";
  return value.toWellFormed().normalize("NFC").replaceAll("\r\n", "\n").replaceAll(CONTROL, "").trim();
};

/** A scalar of at most `max` characters; longer: none of what it should be. */
export const shortText = (value: unknown, max: number): string | undefined => {
  const text = textOf(value);
  return text === "" || text.length > max ? undefined : text;
};

/** The same, wanted. @throws Unreadable */
export const required = (field: string, value: unknown, max: number): string => {
  const text = shortText(value, max);
  if (text === undefined) throw missing(field);
  return text;
};

/** Flags come as booleans, as `"True"`, as 1 (np 6.14). */
export const flagOf = (value: unknown): boolean => value === true || /^(?:true|1)$/iu.test(textOf(value));

const WHOLE = /^(\d{1,16})(?:[.,]0{1,2})?$/u;

/** An amount in VND: digits alone, as text or number. @throws Unreadable */
export const amountOf = (field: string, value: unknown): number => {
  const digits = WHOLE.exec(textOf(value))?.[1];
  const amount = BigInt(digits ?? "-1");
  if (amount < 0n || amount > BigInt(Number.MAX_SAFE_INTEGER)) throw missing(field);
  return Number(amount);
};

const isDay = (year: number, month: number, day: number): boolean => {
  const date = new Date(Date.UTC(year, month - 1, day));
  return year >= 1950 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
};

/** A day, `dd-MM-yyyy` or `dd/MM/yyyy` (document `payment`, section 3), as `YYYY-MM-DD`. */
export const dayOf = (value: unknown): string | undefined => {
  const [, day = "", month = "", year = ""] = /^(\d{1,2})[-/](\d{1,2})[-/](\d{4})\b/u.exec(textOf(value)) ?? [];
  if (!isDay(Number(year), Number(month), Number(day))) return undefined;
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
};

const MOMENT = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?$/u;

/** A moment of Vietnam, `yyyyMMddHHmmss` or a day, in ISO 8601 with its offset. Anything else: undefined, never year 1. */
export const momentOf = (value: unknown): string | undefined => {
  const [, year = "", month = "", day = "", hour = "00", minute = "00", second = "00"] =
    MOMENT.exec(textOf(value)) ?? [];
  const date = isDay(Number(year), Number(month), Number(day)) ? `${year}-${month}-${day}` : dayOf(value);
  if (date === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  return `${date}T${hour}:${minute}:${second}+07:00`;
};
