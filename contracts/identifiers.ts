import type { z } from "zod";
import {
  enterpriseCodeFault,
  type Fault,
  isPersonalIdShape,
  oldIdFault,
  personalIdFault,
  personalIdWarnings,
} from "./identifiers/identity-number.ts";
import { isCalendarDay, vietnamDate } from "./identifiers/vietnam-date.ts";
import { IDENTIFIER_WARNINGS, type IdentifierWarningCode } from "./identifiers/warnings.ts";
import { type FieldErrorCode, fieldError, text } from "./services/fields.ts";
import type { Text } from "./text.ts";

/** Something implausible in a well-formed identifier: told to the caller, never a reason to refuse. */
export interface IdentifierWarning {
  readonly code: IdentifierWarningCode;
  readonly message: Text;
}

/** What a check says: refused with a field error code, or taken with what is implausible about it. */
export type IdentifierCheck =
  | { readonly ok: false; readonly code: FieldErrorCode }
  | { readonly ok: true; readonly warnings: readonly IdentifierWarning[] };

const worded = (codes: readonly IdentifierWarningCode[]): IdentifierWarning[] =>
  codes.map((code) => ({ code, message: IDENTIFIER_WARNINGS[code] }));

const verdict = (fault: Fault, warnings: () => IdentifierWarningCode[] = () => []): IdentifierCheck =>
  fault === null ? { ok: true, warnings: worded(warnings()) } : { ok: false, code: fault };

// ---- Identity numbers ----

/** An identity paper: `kind` is one of `IDENTITY_KINDS`; a kind without a documented rule, such as passport, passes. */
export interface IdentityNumber {
  readonly kind: string;
  readonly value: string;
}

/** Personal id (số định danh cá nhân): not 12 digits or all equal is refused, the rest warns (registries section 3.1). */
export const checkPersonalId = (value: string, now: Date): IdentifierCheck =>
  verdict(personalIdFault(value), () => personalIdWarnings(value, now));

/** Old identity number (CMND): 9 digits (registries section 3.2). */
export const checkOldId = (value: string): IdentifierCheck => verdict(oldIdFault(value));

/**
 * Enterprise code: 10 digits with check digit, also with a unit's suffix `-NNN` (the hyphen may be missing), or the
 * 12-digit personal id that replaced tax codes, whose warnings then apply (registries section 3.3).
 */
export const checkEnterpriseCode = (value: string, now: Date): IdentifierCheck =>
  verdict(enterpriseCodeFault(value), () => (isPersonalIdShape(value) ? personalIdWarnings(value, now) : []));

function checkIdentity(identity: IdentityNumber, now: Date): IdentifierCheck {
  switch (identity.kind) {
    case "personal-id":
      return checkPersonalId(identity.value, now);
    case "old-id":
      return checkOldId(identity.value);
    case "enterprise-code":
      return checkEnterpriseCode(identity.value, now);
    default:
      return verdict(null);
  }
}

/** What is implausible about an identity paper; none for a malformed one, which the schema has refused. */
export function identityWarnings(identity: IdentityNumber, now: Date): readonly IdentifierWarning[] {
  const check = checkIdentity(identity, now);
  return check.ok ? check.warnings : [];
}

// Refusals do not depend on the day, only warnings do: a schema needs no clock.
const ANY_DAY = new Date(0);

/** For `superRefine`: refuses a malformed identity value, at the path `value`. */
export function identityValue(identity: IdentityNumber, context: z.RefinementCtx): void {
  const check = checkIdentity(identity, ANY_DAY);
  if (!check.ok) context.addIssue({ code: "custom", path: ["value"], ...fieldError(check.code) });
}

// ---- Agency codes ----

const AGENCY_MAX = 35;
// Decision 20/2020 (domain section 3.5): groups of letters and digits between dots. Codes of test and local systems
// such as `vxp.saas.03` live among the real ones (document-axis 4.1), so that their shape is not refused.
const AGENCY_GROUPS = /^[0-9A-Za-z]+(?:\.[0-9A-Za-z]+)*$/u;
// document-axis 4.1: three groups before 2016 and centres; QCVN 102:2016; Decision 20/2020.
const KNOWN_AGENCY_SHAPES = [
  /^\d{2,3}(?:\.\d{2}){1,2}\.[A-Z]\d{2}$/u,
  /^\d{3}\.\d{2}\.\d{2}\.[A-Z][0-9A-Z]\d$/u,
  /^[A-Z]\d{2}(?:\.[0-9A-Z]{1,5}){0,3}$/u,
] as const;

/** Agency code: at most 35 characters in dot-separated groups; an unknown shape warns (document-axis 4.1, np 4). */
export function checkAgencyCode(value: string): IdentifierCheck {
  if (value.length > AGENCY_MAX || !AGENCY_GROUPS.test(value)) return verdict("invalid_agency_code");
  const known = KNOWN_AGENCY_SHAPES.some((shape) => shape.test(value));
  return verdict(null, () => (known ? [] : ["unknown_agency_shape"]));
}

// Lowest level first, the level-1 code last: `000.46.24.H44`. A code that begins with its level 1 is not in this form.
const REVERSED_AGENCY = /^\d{2,3}(?:\.\d{2,3}){0,3}\.[A-Z][0-9A-Z]\d$/u;

/**
 * The canonical form, level 1 first: `000.00.00.H25` is `H25`, `000.01.15.H25` is `H25.15.01`. Old forms are read right
 * to left without their all-zero groups (document-axis 4.1); every other code is its own canonical form.
 */
export function normalizeAgencyCode(code: string): string {
  if (!REVERSED_AGENCY.test(code)) return code;
  const groups = code.split(".").reverse();
  return groups.filter((group) => !/^0+$/u.test(group)).join(".");
}

/** Whether `agency` is `other` or stands above it, group by group: `H25.1` does not cover `H25.15` (api section 1, Ownership). */
export function agencyCovers(agency: string, other: string): boolean {
  const above = normalizeAgencyCode(agency);
  const below = normalizeAgencyCode(other);
  return above !== "" && (above === below || below.startsWith(`${above}.`));
}

/** An agency code as a caller may write it: old and new forms, kept as written. */
export const agencyCode = text(AGENCY_MAX)
  .refine((value) => checkAgencyCode(value).ok, fieldError("invalid_agency_code"))
  .meta({ example: "H04.15" });

// ---- Procedure codes ----

const PROCEDURE_MAX = 50;
// np 4: national part, then the province (or an agency of it) that publishes it, in the old or the new form.
const PROCEDURE = /^\d\.\d{6}(?:\.(?:\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}|[A-Z]\d{2}(?:\.\d{2,3}){0,3}))?$/u;

/** Procedure code: national `1.005129`, or with a provincial suffix `.000.00.00.H56` or `.H56` (np 4). */
export const checkProcedureCode = (value: string): IdentifierCheck =>
  verdict(PROCEDURE.test(value) ? null : "invalid_procedure_code");

/** A procedure code as a caller may write it, kept as written. */
export const procedureCode = text(PROCEDURE_MAX)
  .refine((value) => checkProcedureCode(value).ok, fieldError("invalid_procedure_code"))
  .meta({ example: "2.000591" });

// ---- Dossier codes ----

const DOSSIER_CODE_MAX = 100;
const DOSSIER_CODE = /^((?:\d{3}(?:\.\d{2}){2}\.[GHK]\d{2})|(?:[GHK]\d{2}(?:\.\d{2,3})*))-(\d{6}|\d{8})-(\d{4,7})$/u;
const CONTROL = /\p{Cc}/u;
// No one-stop software wrote codes of this kind before; it also catches `yyyyMMdd` digits that are no date.
const EARLIEST_DAY = "2000-01-01";

/** The parts of a dossier code. */
export interface DossierCodeParts {
  /** As written, in its old or new form. */
  readonly agency: string;
  /** `YYYY-MM-DD`; null when the digits name no day of the calendar. */
  readonly date: string | null;
  /** 4 to 7 digits. */
  readonly number: string;
}

/** Takes a dossier code apart (np 4); null for a code of another shape, such as one that only a setting allows. */
export function splitDossierCode(code: string): DossierCodeParts | null {
  const match = code.length <= DOSSIER_CODE_MAX ? DOSSIER_CODE.exec(code) : null;
  if (match === null) return null;
  const [, agency = "", digits = "", number = ""] = match;
  const day = digits.length === 6 ? `20${digits}` : digits;
  const date = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
  return { agency, date: isCalendarDay(date) ? date : null, number };
}

function dateWarnings(date: string | null, now: Date): IdentifierWarningCode[] {
  if (date === null || date < EARLIEST_DAY) return ["implausible_date"];
  return date > vietnamDate(now) ? ["date_in_future"] : [];
}

/** A pattern that must fit from end to end, whatever anchors and flags it was written with. */
const wholeMatch = (pattern: RegExp): RegExp =>
  new RegExp(`^(?:${pattern.source})$`, pattern.flags.replaceAll(/[gmy]/gu, ""));

/**
 * Dossier code: the pattern of np 4 is a hard rule, `extraPattern` (`DOSSIER_CODE_PATTERN`) adds shapes (api section 3).
 * Of the warnings only those about the date; `dossierCodeWarnings` gives all.
 */
export function checkDossierCode(
  code: string,
  options: { readonly extraPattern?: RegExp | undefined; readonly now: Date },
): IdentifierCheck {
  const parts = splitDossierCode(code);
  if (parts !== null) return verdict(null, () => dateWarnings(parts.date, options.now));
  const bounded = code.length > 0 && code.length <= DOSSIER_CODE_MAX && !CONTROL.test(code);
  const added = bounded && options.extraPattern !== undefined && wholeMatch(options.extraPattern).test(code);
  return verdict(added ? null : "invalid_dossier_code");
}

/**
 * Everything implausible inside a dossier code: its date, a level-1 code other than the province's, else an agency
 * that is neither above nor below the processing one. None of it decides anything: merged provinces keep foreign
 * codes (api section 1, Ownership). A code of an added shape has no parts to judge.
 */
export function dossierCodeWarnings(
  code: string,
  context: { readonly provinceCode: string; readonly agency?: string | undefined; readonly now: Date },
): readonly IdentifierWarning[] {
  const parts = splitDossierCode(code);
  if (parts === null) return [];
  const warnings = dateWarnings(parts.date, context.now);
  const { agency } = context;
  if (!agencyCovers(context.provinceCode, parts.agency)) warnings.push("foreign_province");
  else if (agency !== undefined && !agencyCovers(agency, parts.agency) && !agencyCovers(parts.agency, agency)) {
    warnings.push("foreign_agency");
  }
  return worded(warnings);
}

/** A dossier code in a path or a body. A factory, because the added shapes are a setting. */
export const dossierCodeShape = (extraPattern?: RegExp) =>
  text(DOSSIER_CODE_MAX)
    .refine((value) => checkDossierCode(value, { extraPattern, now: ANY_DAY }).ok, fieldError("invalid_dossier_code"))
    .meta({ example: "H04.15-250310-0003" });
