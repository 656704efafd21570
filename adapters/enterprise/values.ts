import { isCalendarDay, vietnamDate } from "../../contracts/identifiers/vietnam-date.ts";

const SLASHED = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?: |$)/u;
const ISO = /^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/u;

/** What programs write for "no date". */
const EARLIEST = "1900-01-01";

const plausible = (day: string): string | undefined => (isCalendarDay(day) && day >= EARLIEST ? day : undefined);

/**
 * A day as `YYYY-MM-DD` from `dd/MM/yyyy` or an ISO date-time, whose day counts as it is written unless it names an
 * offset: then the day in Vietnam. Undefined for what names no day.
 */
export const dayOf = (text: string | undefined): string | undefined => {
  if (text === undefined) return undefined;
  const slashed = SLASHED.exec(text);
  if (slashed !== null) {
    const [, day = "", month = "", year = ""] = slashed;
    return plausible(`${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`);
  }
  const iso = ISO.exec(text);
  if (iso === null) return undefined;
  const [, day = "", offset] = iso;
  if (offset === undefined) return plausible(day);
  const moment = new Date(text.replace(" ", "T"));
  return Number.isNaN(moment.getTime()) ? undefined : plausible(vietnamDate(moment));
};

const DECIMAL = /^(\d{1,40})(?:\.(\d{1,40}))?(?:[eE]\+?(\d{1,2}))?$/u;
/** At least two groups of thousands: one alone could be a fraction of three digits, which number(21,3) has. */
const GROUPED = /^\d{1,3}(?:([.,])\d{3})(?:\1\d{3})+$/u;
/** number(21,3) has 18 digits before the point. */
const MOST_DIGITS = 21;

/**
 * An amount as exact decimal text without needless zeros, from the digits on the wire: `1E10`, `10000.500` and
 * `10.000.000.000` are read, by their characters alone. Undefined for what is no amount.
 */
export const amountOf = (text: string | undefined): string | undefined => {
  if (text === undefined) return undefined;
  const plain = GROUPED.test(text) ? text.replaceAll(/[.,]/gu, "") : text;
  const match = DECIMAL.exec(plain);
  if (match === null) return undefined;
  const [, whole = "", fraction = "", exponent = "0"] = match;
  const shift = Number(exponent);
  const digits = fraction.padEnd(shift, "0");
  const left = `${whole}${digits.slice(0, shift)}`.replace(/^0+(?=\d)/u, "");
  const right = digits.slice(shift).replace(/0+$/u, "");
  if (left.length > MOST_DIGITS) return undefined;
  return right === "" ? left : `${left}.${right}`;
};
