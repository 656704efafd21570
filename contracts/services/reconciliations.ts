import { z } from "zod";
import { PLATFORMS } from "../adapter.ts";
import { COMPARED_KINDS, DISCREPANCY_KINDS } from "../comparer.ts";
import { DOSSIER_STATUSES } from "./dossier.ts";
import { fieldError, instant, text } from "./fields.ts";

const moment = z.string().meta({ format: "date-time" });
const count = z.int().min(0);
const id = z.string().regex(/^[1-9]\d{0,17}$/u);

/** At most so many values of one condition. */
const MOST_VALUES = 500;
const values = <V extends z.ZodType>(value: V) => z.array(value).min(1).max(MOST_VALUES).optional();

const isNamed = (filter: Readonly<Record<string, unknown>>): boolean =>
  Object.values(filter).some((value) => value !== undefined);

/** Conditions that are there and say nothing would mean everything: whoever means that leaves them out, or names a kind. */
const named = { path: [] as string[], ...fieldError("required") };

/** Which dossiers a reconciliation looks at; conditions are joined by "and", values of one by "or". */
const reconciliationFilterSchema = z
  .strictObject({
    dossierCode: values(text(100)),
    procedureCode: values(text(100)),
    status: values(z.enum(DOSSIER_STATUSES)),
    /** Inclusive. */
    receivedFrom: instant.optional(),
    /** Exclusive. */
    receivedTo: instant.optional(),
  })
  .refine(isNamed, named)
  .meta({ id: "ReconciliationFilter" });

/** Which dossiers a reconciliation looks at. */
export type ReconciliationFilter = z.infer<typeof reconciliationFilterSchema>;

/** `POST /v1/reconciliations` (design section 7). */
export const reconciliationRequestSchema = z
  .strictObject({
    platform: z.enum(PLATFORMS),
    /** Absent: every dossier of the caller. */
    filter: reconciliationFilterSchema.optional(),
    /** A list that was exported from the platform and uploaded; required where the profile cannot be asked. */
    list: id.optional(),
  })
  .meta({ id: "ReconciliationRequest" });

/** What a reconciliation is asked for. */
export type ReconciliationRequest = z.infer<typeof reconciliationRequestSchema>;

/** `stopped`: by a person, or because the platform gave no answer for long. */
const RECONCILIATION_STATES = ["running", "stopped", "finished"] as const;

/** How a platform's side is known: asked dossier by dossier, by its list, or by a list that a person uploaded. */
const COMPARISON_SOURCES = ["look-up", "list", "upload"] as const;

/** How a platform's side is known. */
export type ComparisonSource = (typeof COMPARISON_SOURCES)[number];

/** Why a reconciliation rests: the platform is held (HOLDS), its rate is used up, or it gives no answers. */
const RECONCILIATION_HOLDS = ["paused", "window", "breaker", "quota", "rate", "unanswered"] as const;

/** 202 of `POST /v1/reconciliations`. */
export const reconciliationStartedSchema = z
  .strictObject({ id: z.string(), state: z.enum(RECONCILIATION_STATES) })
  .meta({ id: "ReconciliationStarted" });

/** A reconciliation: `examined = inFlight + notCompared + present + equal + missing-at-portal + status-differs`. */
export const reconciliationSchema = z
  .strictObject({
    id: z.string(),
    platform: z.enum(PLATFORMS),
    /** The dialect that was spoken, and what it can tell: what is not among `sees` was not compared. */
    profile: z.string(),
    source: z.enum(COMPARISON_SOURCES),
    sees: z.array(z.enum(COMPARED_KINDS)),
    list: z.string().optional(),
    state: z.enum(RECONCILIATION_STATES),
    stopCause: z.enum(["operator", "unanswered"]).optional(),
    held: z.enum(RECONCILIATION_HOLDS).optional(),
    filter: reconciliationFilterSchema.optional(),
    startedBy: z.string(),
    startedAt: moment,
    finishedAt: moment.optional(),
    examined: count,
    /** Exchanges of them are not settled: looked at again by the next run. */
    inFlight: count,
    /** Never sent, not answered, or outside what the source can tell. */
    notCompared: count,
    /** The platform holds it; its status was not compared. */
    present: count,
    /** The platform holds it in the status that it was told. */
    equal: count,
    found: z.strictObject({ "missing-at-portal": count, "missing-here": count, "status-differs": count }),
    /** Discrepancies that this run closed. */
    closed: count,
    /** Put into repair by the policy `RECONCILE_REPAIR`. */
    repairing: count,
    /** Too much differed to be repaired without a person. */
    repairWithheld: z.boolean(),
  })
  .meta({ id: "Reconciliation" });

/** A reconciliation with its progress. */
export type ReconciliationView = z.infer<typeof reconciliationSchema>;

/** A page of reconciliations, newest first. */
export const reconciliationPageSchema = z
  .strictObject({ items: z.array(reconciliationSchema), next: z.string().nullable() })
  .meta({ id: "ReconciliationPage" });

/** The media types of an uploaded list: one dossier in each line. */
export const LIST_TYPES = ["application/x-ndjson", "text/csv"] as const;

/** One line of an uploaded list: the platform's code of a dossier, and its status as the platform or we call it. */
export const listLineSchema = z
  .strictObject({ code: text(100), status: text(50).optional() })
  .meta({ id: "ReconciliationListLine" });

/** The query of `POST /v1/reconciliation-lists`. */
export const listOptionsSchema = z.strictObject({
  platform: z.enum(PLATFORMS),
  asOf: instant.meta({ description: "When the list was exported: what was exchanged since is not judged by it." }),
  whole: z.enum(["true", "false"]).optional().meta({
    description: "`false`: a part only; that a dossier is not listed then says nothing.",
    default: "true",
  }),
});

/** 201 of `POST /v1/reconciliation-lists`. */
export const listReceivedSchema = z.strictObject({ id: z.string(), lines: count }).meta({ id: "ReconciliationList" });

/** 201 of `POST /v1/reconciliation-lists`. */
export type ListReceived = z.infer<typeof listReceivedSchema>;

/** `repairing`: an exchange that cures it is on its way; the next run decides between `repaired` and `open`. `gone`: it ended by itself. */
export const DISCREPANCY_STATES = ["open", "repairing", "repaired", "dismissed", "gone"] as const;

/** One state of a discrepancy. */
export type DiscrepancyState = (typeof DISCREPANCY_STATES)[number];

/** `put`: the whole dossier again; `status`: the status of a portal-born dossier; `none`: a person has to look. */
const PROPOSED_REPAIRS = ["put", "status", "none"] as const;

/** A difference between the province and a platform about one dossier (design section 2). */
export const discrepancySchema = z
  .strictObject({
    id: z.string(),
    platform: z.enum(PLATFORMS),
    kind: z.enum(DISCREPANCY_KINDS),
    /** Of a `missing-here` the platform's. */
    dossierCode: z.string(),
    state: z.enum(DISCREPANCY_STATES),
    /** The platform's code for the status that we hold. */
    ours: z.string().optional(),
    theirs: z.string().optional(),
    proposedRepair: z.enum(PROPOSED_REPAIRS),
    firstSeenAt: moment,
    lastSeenAt: moment,
    /** From the first sight to now, or to the end. */
    ageSeconds: count,
    /** The reconciliation that saw it last; absent where no comparison did. */
    reconciliation: z.string().optional(),
    /** How often an exchange was made to cure it, and the last one. */
    repairs: count,
    exchange: z.string().optional(),
    /** Of who dismissed it. */
    reason: z.string().optional(),
    decidedBy: z.string().optional(),
    closedAt: moment.optional(),
  })
  .meta({ id: "Discrepancy" });

/** A difference about one dossier. */
export type DiscrepancyView = z.infer<typeof discrepancySchema>;

/** A page of discrepancies, newest first. */
export const discrepancyPageSchema = z
  .strictObject({ items: z.array(discrepancySchema), next: z.string().nullable() })
  .meta({ id: "DiscrepancyPage" });

/** Why a discrepancy is none to be mended. Kept encrypted. */
export const dismissSchema = z.strictObject({ reason: text(1000) }).meta({ id: "DiscrepancyDismissal" });

/** Which discrepancies a bulk repair takes, of the open ones that can be repaired. */
const repairFilterSchema = z
  .strictObject({
    id: values(id),
    platform: values(z.enum(PLATFORMS)),
    kind: values(z.enum(DISCREPANCY_KINDS)),
    dossierCode: values(text(100)),
    reconciliation: values(id),
  })
  .refine(isNamed, named)
  .meta({ id: "RepairFilter" });

/** Which discrepancies a bulk repair takes. */
export type RepairFilter = z.infer<typeof repairFilterSchema>;

/** `POST /v1/discrepancies/repairs`. */
export const repairRequestSchema = z
  .strictObject({ filter: repairFilterSchema, dryRun: z.boolean().optional().meta({ default: true }) })
  .meta({ id: "RepairRequest" });

/** Its answer: how many are taken, and how many match that no exchange can cure. */
export const repairsSchema = z
  .strictObject({ count, byKind: z.record(z.string(), count), leftOut: count })
  .meta({ id: "Repairs" });

/** How many discrepancies a bulk repair takes. */
export type Repairs = z.infer<typeof repairsSchema>;
