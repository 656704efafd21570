import { z } from "zod";
import { OPERATIONS, PLATFORMS } from "../adapter.ts";
import { ERROR_CODES } from "../errors.ts";
import { ENTRY_STATES } from "../ledger.ts";
import { fieldError, instant, text } from "./fields.ts";

const moment = z.string().meta({ format: "date-time" });
const count = z.int().min(0);

/** Values of one filter: a list, or text with commas as in `GET /v1/ledger`; both mean "or". */
const valuesOf = <V extends z.ZodType<string, string>>(value: V) =>
  z
    .union([z.string().max(2000), z.array(z.string().max(500))])
    .transform((given) => (typeof given === "string" ? given.split(",") : given))
    .pipe(z.array(value).min(1).max(200))
    .optional()
    .meta({ anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }] });

const free = valuesOf(z.string().min(1).max(500));

/** The filters of `GET /v1/ledger`, and `id` for entries named one by one. */
export const replayFilterSchema = z
  .strictObject({
    id: valuesOf(z.string().regex(/^[1-9]\d{0,17}$/u)),
    state: valuesOf(z.enum(ENTRY_STATES)),
    platform: valuesOf(z.enum(PLATFORMS)),
    operation: valuesOf(z.enum(OPERATIONS)),
    subject: free,
    dossierCode: free,
    errorCode: valuesOf(z.enum(ERROR_CODES)),
    from: instant.optional(),
    to: instant.optional(),
  })
  .meta({ id: "ReplayFilter" });

/** Which entries a replay takes. */
export type ReplayFilter = z.infer<typeof replayFilterSchema>;

/** What is used when a replay does not say it. */
export const REPLAY_DEFAULTS = { canary: 5, ratePerSecond: 10, stopAtFailureShare: 0.2 } as const;

/** `POST /v1/ledger/replays` (api section 4). */
export const replayRequestSchema = z
  .strictObject({
    filter: replayFilterSchema.optional(),
    /** The id of a failure group; replays what failed so. */
    group: text(200).optional(),
    dryRun: z.boolean().optional().meta({ default: true }),
    /** Entries sent first; the others follow when all of these are settled without a failure. 0: none. */
    canary: z.int().min(0).max(1000).optional().meta({ default: REPLAY_DEFAULTS.canary }),
    ratePerSecond: z.number().min(0.1).max(1000).optional().meta({ default: REPLAY_DEFAULTS.ratePerSecond }),
    /** The replay stops by itself when more than this share of what it sent failed anew. */
    stopAtFailureShare: z.number().min(0).max(1).optional().meta({ default: REPLAY_DEFAULTS.stopAtFailureShare }),
    reason: text(1000).optional().meta({ description: "Required unless it is a dry run." }),
    /** Also sends delivered steps again, which the platform will show twice. */
    allowRepeats: z.boolean().optional().meta({ default: false }),
  })
  .superRefine((request, context) => {
    const required = (path: string[]) => context.addIssue({ code: "custom", path, ...fieldError("required") });
    const { filter, group, reason, dryRun, allowRepeats } = request;
    const named = filter !== undefined && Object.values(filter).some((value) => value !== undefined);
    if (!named && group === undefined) required(["filter"]);
    if (reason === undefined && (dryRun === false || allowRepeats === true)) required(["reason"]);
  })
  .meta({ id: "ReplayRequest" });

/** What is asked of a replay. */
export type ReplayRequest = z.infer<typeof replayRequestSchema>;

/** One field that differs between two messages; absent on one side is null, a hidden value is shown as dots. */
export const differenceSchema = z
  // biome-ignore lint/suspicious/noThenProperty: the name of api section 4; it holds a text, so nothing can call it.
  .strictObject({ field: z.string(), then: z.string().nullable(), now: z.string().nullable() })
  .meta({ id: "Difference" });

/** One field that differs. */
export type Difference = z.infer<typeof differenceSchema>;

/** 200 of a dry run: what would be sent, and how it differs from what was sent then. Nothing is changed. */
export const replayDryRunSchema = z
  .strictObject({
    /** Messages that would be sent. Several delivered updates of one dossier count as one: its present state. */
    count,
    byOperation: z.record(z.string(), count),
    /** Delivered steps that match and stay out because `allowRepeats` is not set. */
    leftOut: count,
    examples: z.array(
      z.strictObject({
        id: z.string(),
        difference: z.array(differenceSchema),
        /** Why it could not be sent, or not be compared. */
        problem: z.string().optional(),
      }),
    ),
  })
  .meta({ id: "ReplayDryRun" });

/** 200 of a dry run. */
export type ReplayDryRun = z.infer<typeof replayDryRunSchema>;

/** The states of a replay. `stopped` and `finished` are final. */
export const REPLAY_STATES = ["running", "paused", "stopped", "finished"] as const;

/** 202 of a started replay. */
export const replayStartedSchema = z
  .strictObject({ id: z.string(), state: z.enum(REPLAY_STATES) })
  .meta({ id: "ReplayStarted" });

/** A replay with its progress. */
export const replaySchema = z
  .strictObject({
    id: z.string(),
    state: z.enum(REPLAY_STATES),
    /** Why it stopped: a person, a failed canary, too many failures. */
    stopCause: z.enum(["operator", "canary", "failure-share"]).optional(),
    reason: z.string(),
    startedBy: z.string(),
    startedAt: moment,
    filter: replayFilterSchema.optional(),
    group: z.string().optional(),
    canary: count,
    canaryPassed: z.boolean(),
    ratePerSecond: z.number(),
    stopAtFailureShare: z.number(),
    allowRepeats: z.boolean(),
    /** True while entries are still being selected; `selected` grows until then. */
    selecting: z.boolean(),
    selected: count,
    /** Sent so far; `delivered + failed + outstanding` of these, the others were overtaken. */
    released: count,
    outstanding: count,
    delivered: count,
    failed: count,
    /** Left alone: somebody else moved the entry first, its stream is blocked, or retention erased its content. */
    skipped: count,
  })
  .meta({ id: "Replay" });

/** A replay with its progress. */
export type ReplayView = z.infer<typeof replaySchema>;
