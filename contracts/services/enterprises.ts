import { z } from "zod";
import { businessCodeFault } from "../identifiers/business-code.ts";
import { BUSINESS_KINDS, BUSINESS_STATUSES } from "../registries.ts";
import { fieldError, text } from "./fields.ts";

const code = text(20).meta({ example: "0100109106" });

const withCode = <S extends z.ZodType<{ readonly kind: (typeof BUSINESS_KINDS)[number]; readonly code: string }>>(
  schema: S,
): S =>
  schema.superRefine(({ kind, code: value }, context) => {
    const fault = businessCodeFault(kind, value);
    if (fault !== null) context.addIssue({ code: "custom", path: ["code"], ...fieldError(fault) });
  });

/** The code of an enterprise in a path; a malformed one is refused (registries section 3.3). */
export const enterpriseParamSchema = z.strictObject({
  code: code.superRefine((value, context) => {
    const fault = businessCodeFault("enterprise", value);
    if (fault !== null) context.addIssue({ code: "custom", ...fieldError(fault) });
  }),
});

/** `POST /v1/enterprises/lookup`: one business of one register. */
export const businessLookupSchema = withCode(z.strictObject({ kind: z.enum(BUSINESS_KINDS), code })).meta({
  id: "BusinessLookup",
});

/** A business as its register knows it, and when the register said so (api section 5). */
export const businessSchema = z
  .strictObject({
    code: z.string(),
    names: z.strictObject({
      vietnamese: z.string(),
      foreign: z.string().optional(),
      short: z.string().optional(),
    }),
    status: z.enum(BUSINESS_STATUSES).meta({ description: "`unknown`: the register says what we do not know." }),
    statusText: z.string().optional(),
    type: z.string().optional(),
    foundedAt: z.string().optional(),
    lastChangedAt: z.string().optional(),
    address: z.string().optional(),
    capital: z.string().optional().meta({ description: "VND as exact decimal text." }),
    representatives: z.array(z.strictObject({ fullName: z.string(), title: z.string().optional() })),
    activities: z.array(z.strictObject({ code: z.string(), name: z.string(), main: z.boolean() })),
    fetchedAt: z.string().meta({ format: "date-time", description: "At most 24 hours ago." }),
  })
  .meta({ id: "Business" });

/** A business with the time of its answer. */
export type BusinessView = z.infer<typeof businessSchema>;
