import type { FieldErrorCode } from "../services/fields.ts";
import { vietnamDate } from "./vietnam-date.ts";
import type { IdentifierWarningCode } from "./warnings.ts";

/** What a rule finds wrong, or null. */
export type Fault = FieldErrorCode | null;

// The 63 province codes of birth registration (registries section 3.1). Others exist, such as country codes for
// births registered abroad, so that an unknown one is never refused.
const PROVINCE_PREFIXES: ReadonlySet<string> = new Set(
  (
    "001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 036 037 038 040 042 " +
    "044 045 046 048 049 051 052 054 056 058 060 062 064 066 067 068 070 072 074 075 077 079 080 082 083 084 086 087 " +
    "089 091 092 093 094 095 096"
  ).split(" "),
);

const PERSONAL_ID = /^\d{12}$/u;
const ALL_EQUAL = /^(\d)\1*$/u;
const OLD_ID = /^\d{9}$/u;

/** 12 digits, not all equal; there is no check digit (registries section 3.1). */
export const personalIdFault = (value: string): Fault =>
  PERSONAL_ID.test(value) && !ALL_EQUAL.test(value) ? null : "invalid_personal_id";

/** What is implausible in a well-formed personal id (registries section 3.1). */
export function personalIdWarnings(value: string, now: Date): IdentifierWarningCode[] {
  const warnings: IdentifierWarningCode[] = [];
  if (!PROVINCE_PREFIXES.has(value.slice(0, 3))) warnings.push("unknown_province_prefix");
  // The fourth digit is century and sex: 0 and 1 for the 20th century, 2 and 3 for the 21st, and so on.
  const birthYear = 1900 + 100 * Math.floor(Number(value.charAt(3)) / 2) + Number(value.slice(4, 6));
  if (birthYear > Number(vietnamDate(now).slice(0, 4))) warnings.push("birth_year_in_future");
  return warnings;
}

/** 9 digits without a checksum; a 12-digit identity card counts as a personal id (registries section 3.2). */
export const oldIdFault = (value: string): Fault => (OLD_ID.test(value) ? null : "invalid_old_id");

const TAX_CODE = /^(\d{10})(?:-?(\d{3}))?$/u;
const WEIGHTS = [31, 29, 23, 19, 17, 13, 7, 5, 3] as const;

/** The tenth digit that fits nine, or null: nine digits with remainder 0 have no valid code (registries section 3.3). */
function checkDigit(code: string): number | null {
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(code.charAt(index)), 0);
  const digit = 10 - (sum % 11);
  return digit === 10 ? null : digit;
}

/** Whether a code of this length is the personal id that replaced tax codes (registries section 3.3, Circular 86/2024). */
export const isPersonalIdShape = (value: string): boolean => PERSONAL_ID.test(value);

/** 10 digits with check digit, a unit's suffix 001 to 999 with or without hyphen, or a personal id (registries 3.3). */
export function enterpriseCodeFault(value: string): Fault {
  if (isPersonalIdShape(value)) return personalIdFault(value) === null ? null : "invalid_enterprise_code";
  const match = TAX_CODE.exec(value);
  const code = match?.[1];
  if (code === undefined || match?.[2] === "000") return "invalid_enterprise_code";
  if (checkDigit(code) !== Number(code.charAt(9))) return "wrong_check_digit";
  // The sequence N3..N9 starts at 1.
  return code.slice(2, 9) === "0000000" ? "invalid_enterprise_code" : null;
}
