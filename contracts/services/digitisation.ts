import { z } from "zod";
import { PROCEDURE_POLICIES } from "./procedures.ts";

/** The report of digitisation rates, before and after the policies of procedures (domain sections 2.6 and 3.7). */

const moment = z.string().meta({ format: "date-time" });

const rate = z
  .strictObject({
    counted: z.int().min(0),
    met: z.int().min(0),
    /** Null: nothing is counted. */
    percent: z.number().nullable(),
  })
  .meta({ id: "DigitisationRate" });

const rates = z
  .strictObject({
    /** Indicator 4.1. */
    eResult: rate,
    /** Indicator 4.2. */
    digitised: rate,
  })
  .meta({ id: "DigitisationRates" });

/** Both indicators. */
export type DigitisationRates = z.infer<typeof rates>;

/** `GET /v1/reports/digitisation`: as put, and as the policies make it (domain sections 2.6 and 3.7). */
export const digitisationReportSchema = z
  .strictObject({
    from: moment,
    to: moment,
    definition: z.string(),
    /** Dossiers received in the period that can be judged. */
    dossiers: z.int().min(0),
    /** Recorded before files were noted: not judged. */
    unknown: z.int().min(0),
    before: rates,
    after: rates,
    policies: z
      .array(
        z.strictObject({
          policy: z.enum(PROCEDURE_POLICIES),
          procedures: z.int().min(0),
          dossiers: z.int().min(0),
          before: rates,
          after: rates,
        }),
      )
      .meta({ description: "The dossiers that each policy was in force for when they were last put." }),
    comparison: z
      .array(z.strictObject({ policy: z.enum(PROCEDURE_POLICIES), rates }))
      .meta({ description: "All dossiers, if every procedure without a result document had this policy." }),
    procedures: z.array(
      z.strictObject({
        code: z.string(),
        noResultDocument: z.boolean(),
        policy: z.enum(PROCEDURE_POLICIES),
        dossiers: z.int().min(0),
        before: rates,
        after: rates,
      }),
    ),
  })
  .meta({ id: "DigitisationReport" });

/** `GET /v1/reports/digitisation`. */
export type DigitisationReport = z.infer<typeof digitisationReportSchema>;
