import { z } from "zod";
import { warningSchema } from "./fields.ts";
import { exchangeSchema } from "./ledger.ts";

const accepted = { exchanges: z.array(exchangeSchema), warnings: z.array(warningSchema) };

/** 202 of `PUT /v1/questions/{id}` and of `POST /v1/questions/{id}/answer`. */
export const questionAcceptedSchema = z
  .strictObject({ questionId: z.string(), ...accepted })
  .meta({ id: "QuestionAccepted" });

/** 202 of `POST /v1/satisfaction`. */
export const satisfactionAcceptedSchema = z
  .strictObject({ month: z.string(), procedureCode: z.string(), ...accepted })
  .meta({ id: "SatisfactionAccepted" });

/** What both answer besides their own names. */
export type SubmissionAccepted = Pick<z.infer<typeof questionAcceptedSchema>, "exchanges" | "warnings">;
