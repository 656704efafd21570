import { z } from "zod";
import { checkOldId, checkPersonalId, dossierCodeShape, procedureCode } from "../identifiers.ts";
import { CITIZEN_FIELDS } from "../registries.ts";
import { LOOKUP_PURPOSES } from "./access-records.ts";
import { fieldError, text } from "./fields.ts";

// Refusals do not depend on the day.
const ANY_DAY = new Date(0);

/** The 12 digits of a citizen. */
export const personalId = z
  .string()
  .refine((value) => checkPersonalId(value, ANY_DAY).ok, fieldError("invalid_personal_id"))
  .meta({ example: "001199000001" });

const oldId = z
  .string()
  .refine((value) => checkOldId(value).ok, fieldError("invalid_old_id"))
  .meta({ example: "001234567" });

// A registry matches one citizen named completely: it is never searched (registries section 0, fact 5). What XML gives a
// meaning to is data.
const WILDCARD = /[*%?_]/u;

const fullName = text(100)
  .refine((name) => /\p{L}/u.test(name) && !WILDCARD.test(name), fieldError("invalid_format"))
  .meta({ description: "As written, with accents. Wildcards are refused.", example: "Trần Thị Ví Dụ" });

const birthDate = z
  .string()
  .refine((value) => z.iso.date().safeParse(value).success, fieldError("invalid_date"))
  .meta({ format: "date", example: "1999-03-01" });

const exactlyOne = (
  value: Readonly<Record<string, unknown>>,
  names: readonly [string, string],
  context: z.RefinementCtx,
): void => {
  const given = names.filter((name) => value[name] !== undefined);
  if (given.length === 1) return;
  const code = given.length === 0 ? "required" : "not_allowed";
  context.addIssue({ code: "custom", path: [names[given.length === 0 ? 0 : 1]], ...fieldError(code) });
};

/** `POST /v1/citizens/lookup` (api section 5): one citizen, named completely, for one dossier. A factory: dossier codes have a setting. */
export const citizenLookupSchema = (dossierCodePattern?: RegExp) =>
  z
    .strictObject({
      dossierCode: dossierCodeShape(dossierCodePattern),
      procedureCode,
      purpose: z.enum(LOOKUP_PURPOSES),
      personalId: personalId.optional().meta({ description: "This or `oldId`." }),
      oldId: oldId.optional().meta({ description: "The former 9 digits; this or `personalId`." }),
      fullName,
      birthDate: birthDate.optional().meta({ description: "This or `birthYear`." }),
      birthYear: z.int().min(1850).max(2200).optional().meta({ description: "Where no more is known." }),
      fields: z
        .array(z.enum(CITIZEN_FIELDS))
        .max(CITIZEN_FIELDS.length)
        .optional()
        .meta({ description: "Release no others than these, of those that the procedure may see." }),
      deferred: z.boolean().optional().meta({ description: "Answer 202 now; the answer is fetched later, once." }),
    })
    .superRefine((value, context) => {
      exactlyOne(value, ["personalId", "oldId"], context);
      exactlyOne(value, ["birthDate", "birthYear"], context);
    })
    .meta({ id: "CitizenLookup" });

/** A look-up as asked. */
export type CitizenLookup = z.infer<ReturnType<typeof citizenLookupSchema>>;

const address = z.strictObject({
  provinceCode: z.string().optional(),
  districtCode: z.string().optional(),
  wardCode: z.string().optional(),
  detail: z.string().optional(),
  country: z.string().optional(),
});

const relative = z.strictObject({
  fullName: z.string(),
  personalId: z.string().optional(),
  oldId: z.string().optional(),
  nationality: z.string().optional(),
  relation: z.string().optional(),
});

const word = z.string().optional();

/** The fields of a citizen that were released; codes are the registry's own (registries section 2.4). */
const citizenSchema = z
  .strictObject({
    personalId: word,
    oldId: word,
    fullName: word,
    born: word,
    gender: word,
    ethnicity: word,
    religion: word,
    maritalStatus: word,
    bloodGroup: word,
    nationality: word,
    birthRegistration: address.optional(),
    origin: address.optional(),
    permanentResidence: address.optional(),
    currentResidence: address.optional(),
    father: relative.optional(),
    mother: relative.optional(),
    spouse: relative.optional(),
    representative: relative.optional(),
    householdHead: relative.optional(),
  })
  .meta({ id: "Citizen" });

/** What a look-up answers. `not-matched`: nobody has this number, or other data: the registry does not tell which. */
export const citizenAnswerSchema = z
  .strictObject({
    outcome: z.enum(["matched", "not-matched"]),
    citizen: citizenSchema.optional().meta({ description: "Only fields that the procedure may see; absent: none." }),
    requestId: z.string().meta({ description: "Names the access record; the registry knows the question by it." }),
  })
  .meta({ id: "CitizenAnswer" });

/** What a look-up answers. */
export type CitizenAnswer = z.infer<typeof citizenAnswerSchema>;

/** What a deferred look-up answers. */
export const deferredLookupSchema = z.strictObject({ lookupId: z.string() }).meta({ id: "DeferredLookup" });

/** `PUT /v1/look-up-policies/{procedureCode}`. */
export const lookUpPolicyPutSchema = z
  .strictObject({
    fields: z
      .array(z.enum(CITIZEN_FIELDS))
      .max(CITIZEN_FIELDS.length)
      .meta({ description: "What a look-up for such a dossier may release; an empty list: only whether it matched." }),
    reason: text(1000).meta({ description: "Why, and by which decision." }),
  })
  .meta({ id: "LookUpPolicyPut" });

/** Which fields of a citizen look-ups for a procedure may release. */
export const lookUpPolicySchema = z
  .strictObject({
    procedureCode: z.string(),
    fields: z.array(z.enum(CITIZEN_FIELDS)),
    isDefault: z.boolean().meta({ description: "Nobody put one: only whether it matched is told." }),
    reason: z.string().optional(),
    since: z.string().meta({ format: "date-time" }).optional(),
    setBy: z.string().optional(),
  })
  .meta({ id: "LookUpPolicy" });

/** Which fields of a citizen look-ups for a procedure may release. */
export type LookUpPolicyView = z.infer<typeof lookUpPolicySchema>;
