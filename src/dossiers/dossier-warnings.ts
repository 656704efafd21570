import type { FieldError } from "../../contracts/errors.ts";
import { dossierCodeWarnings, identityWarnings } from "../../contracts/identifiers.ts";
import type { Dossier } from "../../contracts/services/dossier.ts";
import type { DossierAccepted } from "../../contracts/services/dossier-views.ts";
import { INVENTED_DATA_WARNINGS } from "../../contracts/services/invented-data.ts";
import type { Language, Text } from "../../contracts/text.ts";
import type { Finding } from "../life-cycle/finding.ts";
import { type InventedData, inventedInDossier } from "./invented-data.ts";

type Warning = DossierAccepted["warnings"][number];

const warning = (code: string, field: string, message: Text, language: Language): Warning => ({
  code,
  field,
  message: message[language],
});

/** What a platform's profile advises, in the caller's language. */
export const worded = (advice: readonly FieldError[], language: Language): Warning[] =>
  advice.map(({ code, field, message }) => warning(code, field, message, language));

const identityAdvice = (path: string, identities: Dossier["applicant"]["identities"], now: Date, language: Language) =>
  identities.flatMap((identity, i) =>
    identityWarnings(identity, now).map(({ code, message }) =>
      warning(code, `${path}.identities[${i}].value`, message, language),
    ),
  );

/** Broken rules of the life cycle that refuse nothing, in the caller's language. */
export const lifeCycleWarnings = (findings: readonly Finding[], language: Language): Warning[] =>
  findings.map(({ rule, field, message }) => warning(rule, field, message, language));

/** What looks made up, in the caller's language. */
export const inventedWarnings = (found: readonly InventedData[], language: Language): Warning[] =>
  found.map(({ code, field }) => warning(code, field, INVENTED_DATA_WARNINGS[code], language));

/** What is implausible about a put, none of which stops it (api section 3). */
export const putWarnings = (
  code: string,
  dossier: Dossier,
  findings: readonly Finding[],
  { provinceCode, now, language }: { provinceCode: string; now: Date; language: Language },
): Warning[] => [
  ...dossierCodeWarnings(code, { provinceCode, now }).map((advice) =>
    warning(advice.code, "code", advice.message, language),
  ),
  ...identityAdvice("applicant", dossier.applicant.identities, now, language),
  ...identityAdvice("submitter", dossier.submitter?.identities ?? [], now, language),
  ...inventedWarnings(inventedInDossier(dossier), language),
  ...lifeCycleWarnings(findings, language),
];
