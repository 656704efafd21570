import { dossierCodeWarnings, identityWarnings } from "../../contracts/identifiers.ts";
import type { Dossier, DossierEvent, DossierStatus } from "../../contracts/services/dossier.ts";
import type { DossierAccepted } from "../../contracts/services/dossier-views.ts";
import { mayFollow, unusualTransition } from "../../contracts/services/life-cycle.ts";
import type { Language, Text } from "../../contracts/text.ts";

type Warning = DossierAccepted["warnings"][number];

const warning = (code: string, field: string, message: Text, language: Language): Warning => ({
  code,
  field,
  message: message[language],
});

const identityAdvice = (path: string, identities: Dossier["applicant"]["identities"], now: Date, language: Language) =>
  identities.flatMap((identity, i) =>
    identityWarnings(identity, now).map(({ code, message }) =>
      warning(code, `${path}.identities[${i}].value`, message, language),
    ),
  );

const transitionAdvice = (from: DossierStatus | undefined, to: DossierStatus, language: Language): Warning[] =>
  from === undefined || mayFollow(from, to)
    ? []
    : [warning("unusual_transition", "status", unusualTransition(from, to), language)];

/** What is implausible about a put, none of which stops it (api section 3). */
export const putWarnings = (
  code: string,
  dossier: Dossier,
  previous: DossierStatus | undefined,
  { provinceCode, now, language }: { provinceCode: string; now: Date; language: Language },
): Warning[] => [
  ...dossierCodeWarnings(code, { provinceCode, now }).map((advice) =>
    warning(advice.code, "code", advice.message, language),
  ),
  ...identityAdvice("applicant", dossier.applicant.identities, now, language),
  ...identityAdvice("submitter", dossier.submitter?.identities ?? [], now, language),
  ...transitionAdvice(previous, dossier.status, language),
];

/** What is unusual about a progress step. A correction may go anywhere: that is what it is for. */
export const eventWarnings = (event: DossierEvent, previous: DossierStatus, language: Language): Warning[] =>
  event.kind === "correction" ? [] : transitionAdvice(previous, event.status, language);
