import { z } from "zod";
import { ENTRY_OPERATIONS, OPERATIONS, PLATFORMS } from "../adapter.ts";
import { ERROR_CODES } from "../errors.ts";
import { ENTRY_STATES } from "../ledger.ts";
import { text, warningSchema } from "./fields.ts";
import { HOLDS } from "./platforms.ts";

const moment = z.string().meta({ format: "date-time" });

/** What one call started, as PUT and POST answer it. */
export const exchangeSchema = z
  .strictObject({
    id: z.string(),
    platform: z.enum(PLATFORMS),
    operation: z.enum(OPERATIONS),
    state: z.enum(ENTRY_STATES),
  })
  .meta({ id: "Exchange" });

/** One exchange as a caller sees it. */
export type Exchange = z.infer<typeof exchangeSchema>;

const entryError = z.strictObject({
  code: z.enum(ERROR_CODES),
  platformCode: z.string().optional(),
  title: z.string(),
  detail: z.string(),
  remedy: z.string(),
  retry: z.enum(["never", "later", "same-key"]),
});

/** A ledger entry (api section 4). */
export const entrySchema = z
  .strictObject({
    id: z.string(),
    direction: z.enum(["out", "in"]),
    platform: z.enum(PLATFORMS),
    operation: z.enum(ENTRY_OPERATIONS),
    subject: z.string(),
    dossierCode: z.string().optional(),
    client: z.string(),
    state: z.enum(ENTRY_STATES),
    /** Why a queued or waiting entry is kept unsent for now; absent while its platform takes entries. */
    held: z.enum(HOLDS).optional(),
    blockedBy: z.string().optional(),
    priority: z.int(),
    attempts: z.int(),
    acceptedAt: moment,
    nextAttemptAt: moment.optional(),
    settledAt: moment.optional(),
    supersededBy: z.string().optional(),
    /** The delivered entry that this one repeats. */
    replayOf: z.string().optional(),
    correlationId: z.string(),
    error: entryError.optional(),
  })
  .meta({ id: "LedgerEntry" });

/** A ledger entry in a list. */
export type EntryView = z.infer<typeof entrySchema>;

const attemptSchema = z.strictObject({
  n: z.int(),
  kind: z.enum(["send", "probe", "login", "read"]),
  startedAt: moment,
  durationMs: z.int(),
  outcome: z.enum(["delivered", "refused", "transient", "unknown"]),
  httpStatus: z.int().optional(),
  errorCode: z.enum(ERROR_CODES).optional(),
  request: z.string(),
  response: z.string(),
});

/** One attempt with masked bodies. */
export type AttemptView = z.infer<typeof attemptSchema>;

/** A ledger entry with its attempts. */
export const entryDetailSchema = z
  .strictObject({
    ...entrySchema.shape,
    /** When retention erased what was sent and received; `request` and `response` are empty since. */
    bodiesErasedAt: moment.optional(),
    /** What is wrong with the files it carried, as last looked at; it failed nothing. */
    warnings: z.array(warningSchema).optional(),
    attemptLog: z.array(attemptSchema),
  })
  .meta({ id: "LedgerEntryDetail" });

/** A ledger entry with its attempts. */
export type EntryDetail = z.infer<typeof entryDetailSchema>;

/** A page of entries, newest first. */
export const entryPageSchema = z
  .strictObject({ items: z.array(entrySchema), next: z.string().nullable() })
  .meta({ id: "LedgerPage" });

const count = z.int().min(0);

/** `accepted = delivered + failed + cancelled + superseded + pending`, per direction and platform, at every moment. */
export const ledgerSummarySchema = z
  .strictObject({
    items: z.array(
      z.strictObject({
        direction: z.enum(["out", "in"]),
        platform: z.enum(PLATFORMS),
        accepted: count,
        delivered: count,
        failed: count,
        cancelled: count,
        superseded: count,
        pending: count,
      }),
    ),
  })
  .meta({ id: "LedgerSummary" });

/** The sums of the ledger. */
export type LedgerSummary = z.infer<typeof ledgerSummarySchema>;

/** Why a person cancels an entry. */
export const cancelSchema = z.strictObject({ reason: text(1000) }).meta({ id: "Cancel" });
