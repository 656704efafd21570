import { ERRORS, type FieldError, GatewayError } from "../../../contracts/errors.ts";
import type { ImportFinding } from "../../../contracts/services/imports.ts";
import type { Language } from "../../../contracts/text.ts";

/** One finding of a line, which knows the number of the line. */
export type Finding = Pick<ImportFinding, "dossierCode" | "kind" | "code" | "field" | "message">;

/** What became of one line. */
export interface LineOutcome {
  readonly line: number;
  readonly result: "accepted" | "unchanged" | "refused";
  readonly findings: readonly Finding[];
}

const named = (dossierCode: string | undefined) => (dossierCode === undefined ? {} : { dossierCode });

/** A line refused for its fields. */
export const refusedFields = (
  line: number,
  dossierCode: string | undefined,
  errors: readonly FieldError[],
  language: Language,
): LineOutcome => ({
  line,
  result: "refused",
  findings: errors.map(({ field, code, message }) => ({
    ...named(dossierCode),
    kind: "refused",
    code,
    field,
    message: message[language],
  })),
});

/** A line refused as a call would be. `place`: the step of it that was refused, such as `events[1]`. */
export const refusedCall = (
  { line, dossierCode, place = "" }: { line: number; dossierCode: string | undefined; place?: string },
  error: GatewayError,
  language: Language,
): LineOutcome => {
  const { errors = [], detail } = error.evidence;
  if (errors.length > 0) {
    const below = errors.map((one) => ({ ...one, field: [place, one.field].filter(Boolean).join(".") }));
    return refusedFields(line, dossierCode, below, language);
  }
  const message = (detail ?? ERRORS[error.code].title)[language];
  const finding = { ...named(dossierCode), kind: "refused", code: error.code, field: place, message } as const;
  return { line, result: "refused", findings: [finding] };
};

/** What a line is told that met a fault nobody foresaw. */
export const refusedUnforeseen = (line: number, language: Language): LineOutcome =>
  refusedCall({ line, dossierCode: undefined }, new GatewayError("internal"), language);
