import { z } from "zod";
import { text } from "./fields.ts";

/**
 * The mirrored national catalogue of procedures, and our policy for each (api section 3 routes `/v1/procedures`; domain
 * sections 1 no. 5, 2.6 and 3.7; national-portal 2.4).
 */

const moment = z.string().meta({ format: "date-time" });

/** Units of a processing time (domain section 3.4). */
export const PROCESSING_UNITS = ["working-hours", "working-days", "days"] as const;

const fee = z.strictObject({
  code: z.string(),
  /** VND; null where the catalogue gives no number. */
  amount: z.number().nullable(),
  unit: z.string().optional(),
  note: z.string().optional(),
});

const term = z.strictObject({
  /** As the catalogue writes it. */
  text: z.string(),
  /** Null: the catalogue names no number of a unit that time is reckoned in. */
  time: z.strictObject({ unit: z.enum(PROCESSING_UNITS), amount: z.number() }).nullable(),
  note: z.string().optional(),
  fees: z.array(fee),
});

const named = z.strictObject({ code: z.string(), name: z.string() });

/** What a catalogue says of a procedure, in our words. Order is the catalogue's. */
export const procedureContentSchema = z
  .strictObject({
    name: z.string(),
    /** The catalogue still publishes it. */
    isPublic: z.boolean(),
    publishedBy: z.string().optional(),
    fields: z.array(named),
    channels: z.array(
      z.strictObject({
        /** Null: a channel of no known name. */
        channel: z.enum(["counter", "online", "post"]).nullable(),
        terms: z.array(term),
      }),
    ),
    components: z.array(
      z.strictObject({
        case: z.string().optional(),
        papers: z.array(
          z.strictObject({
            code: z.string(),
            name: z.string(),
            form: z.string().optional(),
            formUrl: z.string().optional(),
            originals: z.int().min(0),
            copies: z.int().min(0),
          }),
        ),
      }),
    ),
    /** Documents that end it; null: the catalogue says nothing, which is not the same as none. */
    results: z.array(named).nullable(),
    agencies: z.array(named),
    applicants: z.array(z.string()),
    requirements: z.string().optional(),
    legalBases: z.array(z.strictObject({ number: z.string(), name: z.string() })),
  })
  .meta({ id: "ProcedureContent" });

/** What a catalogue says of a procedure. */
export type ProcedureContent = z.infer<typeof procedureContentSchema>;

/** One term of a channel: how long it takes and what it costs. */
export type ProcedureTerm = z.infer<typeof term>;

/** How a procedure's dossiers are treated (domain section 2.6). */
export const PROCEDURE_POLICIES = [
  "exclude-by-metadata",
  "auto-acknowledgement",
  "mark-digitised",
  "do-not-sync",
  "none",
] as const;

/** How a procedure's dossiers are treated. */
export type ProcedurePolicy = (typeof PROCEDURE_POLICIES)[number];

/** `PUT /v1/procedures/{code}/policy`. */
export const procedurePolicySchema = z
  .strictObject({
    policy: z.enum(PROCEDURE_POLICIES),
    decision: text(200).meta({ description: "Number of the decision that orders it.", example: "1143/SCT-VP" }),
    reason: text(2000).optional(),
  })
  .meta({ id: "ProcedurePolicyPut" });

/** The policy in force for a procedure; without `decision` nobody ordered it, it follows from the catalogue. */
export const policyViewSchema = z
  .strictObject({
    policy: z.enum(PROCEDURE_POLICIES),
    isDefault: z.boolean(),
    decision: z.string().optional(),
    reason: z.string().optional(),
    since: moment.optional(),
    setBy: z.string().optional(),
  })
  .meta({ id: "ProcedurePolicy" });

/** The policy in force for a procedure. */
export type PolicyView = z.infer<typeof policyViewSchema>;

/** What `PUT /v1/procedures/{code}/policy` answers. */
export const policyStoredSchema = z
  .strictObject({ code: z.string(), inCatalogue: z.boolean(), policy: policyViewSchema })
  .meta({ id: "ProcedurePolicyStored" });

const derived = {
  /** No document ends it: indicators about results leave it out (domain section 2.6). */
  noResultDocument: z.boolean(),
  /** Nothing is charged in any channel. */
  allFeesZero: z.boolean(),
};

/** One line of `GET /v1/procedures`. */
export const procedureLineSchema = z
  .strictObject({
    code: z.string(),
    name: z.string(),
    isListed: z.boolean(),
    validFrom: moment,
    ...derived,
    policy: policyViewSchema,
  })
  .meta({ id: "ProcedureLine" });

/** One line of `GET /v1/procedures`. */
export type ProcedureLine = z.infer<typeof procedureLineSchema>;

/** A page of procedures in the order of their codes. */
export const procedurePageSchema = z
  .strictObject({ items: z.array(procedureLineSchema), next: z.string().nullable() })
  .meta({ id: "ProcedurePage" });

/** `GET /v1/procedures/{code}`: the version valid at the moment asked for, and when each version began. */
export const procedureSchema = z
  .strictObject({
    code: z.string(),
    isListed: z.boolean(),
    fetchedAt: moment,
    validFrom: moment,
    /** Exclusive; absent: it is the newest version. */
    validTo: moment.optional(),
    ...derived,
    content: procedureContentSchema,
    policy: policyViewSchema,
    policies: z.array(policyViewSchema).meta({ description: "Every policy that was put, newest first." }),
    versions: z.array(z.strictObject({ validFrom: moment })).meta({ description: "Newest first." }),
  })
  .meta({ id: "Procedure" });

/** `GET /v1/procedures/{code}`. */
export type ProcedureView = z.infer<typeof procedureSchema>;

/** How far the mirror is. `waiting`: its platform is held, its quota used up, or a call failed and is tried again. */
export const MIRROR_STATES = ["never", "idle", "running", "waiting"] as const;

/** What `POST` and `GET /v1/procedures/refresh` answer. Counts are of the run in hand, or of the last one. */
export const mirrorSchema = z
  .strictObject({
    state: z.enum(MIRROR_STATES),
    requestedAt: moment.optional(),
    startedAt: moment.optional(),
    finishedAt: moment.optional(),
    nextAt: moment.optional(),
    listed: z.int().min(0),
    read: z.int().min(0),
    changed: z.int().min(0).meta({ description: "New versions." }),
    skipped: z.int().min(0).meta({ description: "Listed, but without a row that can be read." }),
    error: z.strictObject({ code: z.string(), message: z.string() }).optional(),
  })
  .meta({ id: "ProcedureMirror" });

/** How far the mirror is. */
export type MirrorView = z.infer<typeof mirrorSchema>;

/** Pure: a catalogue that names its results and names none. */
export const hasNoResult = ({ results }: Pick<ProcedureContent, "results">): boolean =>
  results !== null && results.length === 0;

/** Pure: whether nothing is charged in any channel; a fee without a number may be anything. */
export const hasNoFees = ({ channels }: Pick<ProcedureContent, "channels">): boolean =>
  channels.every(({ terms }) => terms.every(({ fees }) => fees.every(({ amount }) => amount === 0)));
