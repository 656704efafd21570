import { z } from "zod";
import { OPERATIONS } from "../adapter.ts";
import { DOSSIER_STATUSES } from "./dossier.ts";
import { instant, text } from "./fields.ts";
import { differenceSchema } from "./replays.ts";

const moment = z.string().meta({ format: "date-time" });

/** `POST /v1/ledger/{id}/corrections` (api section 4): `payload` has the shape of the entry's own operation. */
export const correctionRequestSchema = z
  .strictObject({ payload: z.record(z.string(), z.unknown()), reason: text(1000) })
  .meta({ id: "CorrectionRequest" });

/** The payload of a correction of a `dossier.status` entry: the dossier and its portal code stay what they are. */
export const statusCorrectionSchema = z.strictObject({
  status: z.enum(DOSSIER_STATUSES),
  content: text(10_000),
  occurredAt: instant,
});

/** Why a proposal is refused. */
export const rejectionSchema = z.strictObject({ reason: text(1000) }).meta({ id: "Rejection" });

/** What can become of a proposal. */
export const CORRECTION_STATES = ["proposed", "approved", "rejected"] as const;

/** A proposal to send a failed entry with other content. */
export const correctionSchema = z
  .strictObject({
    id: z.string(),
    entryId: z.string(),
    operation: z.enum(OPERATIONS),
    dossierCode: z.string().optional(),
    state: z.enum(CORRECTION_STATES),
    reason: z.string(),
    proposedBy: z.string(),
    proposedAt: moment,
    decidedBy: z.string().optional(),
    decidedAt: moment.optional(),
    /** Why it was rejected. */
    decisionReason: z.string().optional(),
    /** The entry that took the failed one's place. */
    newEntry: z.string().optional(),
    /** Which fields change; personal values are dots, except for an approver who reads one proposal. */
    difference: z.array(differenceSchema),
  })
  .meta({ id: "Correction" });

/** A proposal. */
export type CorrectionView = z.infer<typeof correctionSchema>;

/** A page of proposals, newest first. */
export const correctionPageSchema = z
  .strictObject({ items: z.array(correctionSchema), next: z.string().nullable() })
  .meta({ id: "CorrectionPage" });
