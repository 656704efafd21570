import { z } from "zod";
import { fieldError, instant, text } from "../../contracts/services/fields.ts";

const DAY_MS = 24 * 3600 * 1000;
const DATE = /^\d{4}-\d{2}-\d{2}$/u;

/** How many items a page has: 1 to 200, 50 unless said otherwise. */
export const pageLimit = z
  .string()
  .regex(/^\d{1,4}$/u)
  .transform(Number)
  .pipe(z.int().min(1).max(200))
  .optional()
  .meta({ type: "integer", minimum: 1, maximum: 200, default: 50 });

/** The default of `pageLimit`. */
export const DEFAULT_LIMIT = 50;

/** A filter of one or more values of a closed list; a comma means "or". */
export const oneOrMore = <const V extends readonly [string, ...string[]]>(values: V) =>
  z
    .string()
    .transform((list) => list.split(","))
    .pipe(z.array(z.enum(values)).min(1).max(50))
    .optional()
    .meta({ type: "string", description: `One or more of: ${values.join(", ")}; separated by commas.` });

/** A filter of one or more free values; a comma means "or". */
export const anyValues = z
  .string()
  .min(1)
  .max(2000)
  .transform((list) => list.split(","))
  .pipe(z.array(text(500)).min(1).max(50))
  .optional()
  .meta({ type: "string", description: "One or more values, separated by commas." });

const isDay = (value: string): boolean => DATE.test(value) && z.iso.date().safeParse(value).success;

const bound = (dayShiftMs: number) =>
  z
    .string()
    .superRefine((value, context) => {
      if (isDay(value)) return;
      if (DATE.test(value)) context.addIssue({ code: "custom", ...fieldError("invalid_date") });
      else for (const issue of instant.safeParse(value).error?.issues ?? []) context.addIssue({ ...issue } as never);
    })
    .transform((value) =>
      isDay(value) ? new Date(Date.parse(`${value}T00:00:00+07:00`) + dayShiftMs).toISOString() : value,
    )
    .optional()
    .meta({ type: "string", description: "A time with offset, or a date, which is a day in Vietnam." });

/** Inclusive beginning: a bare date is the beginning of that day in Vietnam. */
export const from = bound(0);

/** Exclusive end: a bare date is the end of that day in Vietnam, so that the day is included. */
export const to = bound(DAY_MS);

/** A moment as the database prints it, inside a cursor: what a caller made up must not reach the database. */
export const printedMoment = z
  .string()
  .max(40)
  .refine((printed) => {
    const [, day = "", time = "", offset = ""] =
      /^(\d{4}-\d\d-\d\d) ([\d:.]+)([+-]\d\d(?::\d\d)?)(?::\d\d)?$/u.exec(printed) ?? [];
    return instant.safeParse(`${day}T${time}${offset.length === 3 ? `${offset}:00` : offset}`).success;
  });

/** A position in a list as text that callers hand back untouched. */
export const writeCursor = (position: Readonly<Record<string, string>> | null): string | null =>
  position === null ? null : Buffer.from(JSON.stringify(position)).toString("base64url");

/** Reads what `writeCursor` wrote; anything else is a field error. */
export const cursorOf = <P extends z.ZodObject>(position: P) =>
  z
    .string()
    .max(500)
    .transform((text, context): z.infer<P> => {
      try {
        return position.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
      } catch {
        context.addIssue({ code: "custom", ...fieldError("invalid_cursor") });
        return z.NEVER;
      }
    })
    .optional()
    .meta({ type: "string", description: "The `next` of the page before." });
