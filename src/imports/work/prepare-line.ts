import type { z } from "zod";
import type { FieldError } from "../../../contracts/errors.ts";
import { dossierCodeShape } from "../../../contracts/identifiers.ts";
import { PRIORITIES } from "../../../contracts/ledger.ts";
import { FIELD_ERRORS } from "../../../contracts/services/fields.ts";
import { importLineSchema } from "../../../contracts/services/imports.ts";
import type { Caller } from "../../caller.ts";
import type { EventAcceptance, PutAcceptance } from "../../dossiers/acceptance/acceptance.ts";
import { checkEvent, prepareEvent } from "../../dossiers/add-event.ts";
import type { DossierOffice } from "../../dossiers/dossier-office.ts";
import { checkPut, preparePut } from "../../dossiers/put-dossier.ts";
import { fieldErrors } from "../../http/field-errors.ts";
import { columnOf } from "../csv-columns.ts";
import type { FileLine, ImportFormat } from "../file-line.ts";
import { type LineOutcome, refusedFields } from "./line-outcome.ts";

/** A line that every check of its own content has passed. */
export interface PreparedLine {
  readonly line: number;
  readonly code: string;
  readonly put: PutAcceptance;
  readonly events: readonly EventAcceptance[];
}

/** What lines are prepared with. */
export interface Preparing {
  readonly office: DossierOffice;
  readonly caller: Caller;
  readonly format: ImportFormat;
  readonly known: boolean;
}

const wholeLine = (code: keyof typeof FIELD_ERRORS): FieldError[] => [{ field: "", code, message: FIELD_ERRORS[code] }];

type Line = z.infer<typeof importLineSchema>;

/** The code, as far as a line that is refused has one: the report names it. */
const codeIn = (value: unknown): string | undefined => {
  const code = (value as { code?: unknown } | null)?.code;
  return typeof code === "string" && code.length <= 100 && code.isWellFormed() ? code : undefined;
};

/** What the platform's profile, and what is known of the dossier, leave no room for. */
const beyondLimits = ({ office, known }: Preparing, { code, events = [], ...dossier }: Line): readonly FieldError[] => {
  if (known && events.length > 0) {
    return [{ field: "events", code: "not_allowed", message: FIELD_ERRORS.not_allowed }];
  }
  return [
    ...checkPut(office, { code, dossier, known }),
    ...events.flatMap((event, i) =>
      checkEvent(office, code, event).map((error) => ({ ...error, field: `events[${i}].${error.field}` })),
    ),
  ];
};

/** Prepares lines: everything about them that needs no look at what is stored. @param pattern `DOSSIER_CODE_PATTERN` */
export const createLinePreparer = (pattern: RegExp | undefined) => {
  const schema = importLineSchema.extend({ code: dossierCodeShape(pattern) });
  return (preparing: Preparing, fileLine: FileLine): PreparedLine | LineOutcome => {
    const { office, caller, format } = preparing;
    const { line } = fileLine;
    const refused = (errors: readonly FieldError[], value?: unknown) => {
      const named = errors.map((error) =>
        format === "csv" ? { ...error, field: columnOf(error.field, value) } : error,
      );
      return refusedFields(line, codeIn(value), named, caller.language);
    };
    if ("fault" in fileLine) return refused(wholeLine(fileLine.fault));
    let value: unknown;
    try {
      value = JSON.parse(fileLine.text);
    } catch {
      return refused(wholeLine("malformed_json"));
    }
    const parsed = schema.safeParse(value);
    if (!parsed.success) return refused(fieldErrors(parsed.error, value), value);
    const errors = beyondLimits(preparing, parsed.data);
    if (errors.length > 0) return refused(errors, value);
    const { code, events = [], ...dossier } = parsed.data;
    const priority = PRIORITIES.bulk;
    return {
      line,
      code,
      put: preparePut(office, caller, { code, dossier, known: preparing.known, priority }),
      events: events.map((event) => prepareEvent(office, caller, { code, event, priority })),
    };
  };
};

/** Prepares one line. */
export type PrepareLine = ReturnType<typeof createLinePreparer>;
