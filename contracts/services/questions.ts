import { z } from "zod";

/**
 * Questions that citizens sent through the national portal (national-portal section 2.5), as `GET /v1/questions` lists them. They are
 * answered by `POST /v1/questions/{id}/answer`.
 */

const moment = z.string().meta({ format: "date-time" });

/** `open`: nobody answered; `answering`: an answer was accepted here, and the portal does not show it yet; `answered`: it shows one. */
export const QUESTION_STATES = ["open", "answering", "answered"] as const;

const askedQuestionSchema = z
  .strictObject({
    id: z.string().meta({ description: "The portal's number of it." }),
    state: z.enum(QUESTION_STATES),
    agency: z.string().meta({ example: "H04.15" }),
    fieldCode: z.string().optional(),
    procedureCode: z.string().optional(),
    receivedAt: moment.meta({ description: "When it was fetched first." }),
    changedAt: moment,
    /** Null: it was stored under a key that is no longer listed in `LEDGER_KEYS`. */
    content: z.string().nullable(),
    asker: z.strictObject({
      name: z.string().optional(),
      address: z.string().optional(),
      email: z.string().optional(),
      phone: z.string().optional(),
    }),
    answer: z.strictObject({ id: z.string(), content: z.string().optional() }).optional(),
  })
  .meta({ id: "AskedQuestion" });

/** One question. */
export type AskedQuestionView = z.infer<typeof askedQuestionSchema>;

/** A page of them, newest first. */
export const askedQuestionPageSchema = z
  .strictObject({ items: z.array(askedQuestionSchema), next: z.string().nullable() })
  .meta({ id: "AskedQuestionPage" });
