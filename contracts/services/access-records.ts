import { z } from "zod";
import { PLATFORMS } from "../adapter.ts";
import { ERROR_CODES } from "../errors.ts";

/** What a registry is asked, or handed out again (api section 5; design section 6). A new look-up adds its kinds here. */
export const ACCESS_KINDS = [
  "citizen.lookup",
  "citizen.lookup-deferred",
  "citizen.fetch",
  "business.lookup",
  "papers-found",
  "paper-fetched",
] as const;

/** What was asked. */
export type AccessKind = (typeof ACCESS_KINDS)[number];

/** Why a citizen is looked up (api section 5). */
export const LOOKUP_PURPOSES = [
  "intake-verification",
  "processing-verification",
  "result-issuance",
  "fee-exemption",
  "correction",
] as const;

/** Why a citizen is looked up. */
export type LookupPurposeName = (typeof LOOKUP_PURPOSES)[number];

/**
 * How an access ended. `refused`: by a rule of ours, nothing was asked; `failed`: the registry was asked and gave nothing that
 * could be used, or could not be asked now.
 */
export const ACCESS_OUTCOMES = ["matched", "not-matched", "found", "not-found", "refused", "failed"] as const;

/** How an access ended. */
export type AccessOutcome = (typeof ACCESS_OUTCOMES)[number];

const moment = z.string().meta({ format: "date-time" });

/** Who asked a registry about whom, what for, and how it ended. The subject is never shown whole. */
export const accessRecordSchema = z
  .strictObject({
    id: z.string(),
    begunAt: moment,
    platform: z.enum(PLATFORMS),
    kind: z.enum(ACCESS_KINDS),
    client: z.string(),
    agency: z.string(),
    officer: z
      .strictObject({ code: z.string(), name: z.string().optional() })
      .optional()
      .meta({ description: "`name` is absent when it was stored under a key that is no longer listed." }),
    dossierCode: z.string().optional(),
    dossierMissing: z.boolean().meta({ description: "The dossier had not been put when the registry was asked." }),
    procedureCode: z.string().optional(),
    purpose: z.enum(LOOKUP_PURPOSES).optional(),
    subject: z.string().meta({ description: "All but its last digits hidden.", example: "•••••••••001" }),
    correlationId: z.string(),
    end: z
      .strictObject({
        at: moment,
        outcome: z.enum(ACCESS_OUTCOMES),
        errorCode: z.enum(ERROR_CODES).optional(),
        fields: z.array(z.string()).meta({ description: "Names of the fields that were released." }),
        latencyMs: z.int().min(0),
        upstreamIds: z.array(z.string()),
      })
      .optional()
      .meta({ description: "Absent: it is under way, or its process died; what it released is not known." }),
  })
  .meta({ id: "AccessRecord" });

/** One access. */
export type AccessRecordView = z.infer<typeof accessRecordSchema>;

/** A page of accesses, newest first. */
export const accessRecordPageSchema = z
  .strictObject({ items: z.array(accessRecordSchema), next: z.string().nullable() })
  .meta({ id: "AccessRecordPage" });
