import { z } from "zod";
import { agencyCode, normalizeAgencyCode } from "../identifiers.ts";
import { calendarDate } from "./calendar.ts";
import { fieldError, text } from "./fields.ts";

const day = calendarDate.meta({ description: "A day in Vietnam, itself included." });

const agencyCodeEntry = z.strictObject({
  code: agencyCode,
  name: text(500),
  validFrom: day.optional(),
  validTo: day.optional(),
  successor: agencyCode.optional(),
});

/**
 * One agency code with its validity and the code that took its place (domain section 3.5: merged provinces keep one of
 * the codes, the others are closed). Absent days: valid since ever, or until further notice.
 */
export type AgencyCodeEntry = z.infer<typeof agencyCodeEntry>;

type Refuse = (index: number, field: keyof AgencyCodeEntry, error: ReturnType<typeof fieldError>) => void;

const checkSuccession = (codes: readonly AgencyCodeEntry[], refuse: Refuse): void => {
  const successorOf = new Map(
    codes.flatMap(({ code, successor }) =>
      successor === undefined ? [] : [[normalizeAgencyCode(code), normalizeAgencyCode(successor)] as const],
    ),
  );
  const settled = new Set<string>();
  for (const [index, { code }] of codes.entries()) {
    const path = new Set<string>();
    let next: string | undefined = normalizeAgencyCode(code);
    while (next !== undefined && !settled.has(next) && !path.has(next)) {
      path.add(next);
      next = successorOf.get(next);
    }
    if (next !== undefined && path.has(next)) refuse(index, "successor", fieldError("not_allowed"));
    for (const passed of path) settled.add(passed);
  }
};

/**
 * The list as put: it replaces the one before. Codes may be written in the old or the new form; two forms of one code are
 * the same code, once. A successor needs the day on which the code ends; nobody succeeds to itself, also not by others.
 */
export const agencyCodesSchema = z
  .strictObject({ codes: z.array(agencyCodeEntry).max(10_000) })
  .superRefine(({ codes }, context) => {
    const refuse: Refuse = (index, field, error) =>
      context.addIssue({ code: "custom", path: ["codes", index, field], ...error });
    const seen = new Set<string>();
    for (const [index, { code, validFrom, validTo, successor }] of codes.entries()) {
      const canonical = normalizeAgencyCode(code);
      if (seen.has(canonical)) refuse(index, "code", fieldError("not_allowed"));
      seen.add(canonical);
      if (successor !== undefined && validTo === undefined) refuse(index, "validTo", fieldError("required"));
      if (validFrom !== undefined && validTo !== undefined && validTo < validFrom) {
        refuse(index, "validTo", fieldError("out_of_range"));
      }
    }
    checkSuccession(codes, refuse);
  })
  .meta({ id: "AgencyCodes" });

/** How many codes are kept after a put. */
export const agencyCodesStoredSchema = z.strictObject({ codes: z.int().min(0) }).meta({ id: "AgencyCodesStored" });

/** A page of agency codes in canonical form (level 1 first), in their order. */
export const agencyCodePageSchema = z
  .strictObject({ items: z.array(agencyCodeEntry), next: z.string().nullable() })
  .meta({ id: "AgencyCodePage" });
