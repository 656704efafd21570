import { z } from "zod";
import { dossierEventSchema, dossierSchema } from "./dossier.ts";

const moment = z.string().meta({ format: "date-time" });
const count = z.int().min(0);

/** What an import does with its file, and how large the file may be (api section 3). */
export const IMPORT_LIMITS = {
  /** One file, in bytes. */
  fileBytes: 2 * 1024 ** 3,
  /** One line of JSON, or one record of CSV, in bytes. */
  lineBytes: 1024 * 1024,
  /** Progress steps of one dossier. */
  events: 1000,
} as const;

/** The media types of a file: one dossier in each line. */
export const IMPORT_TYPES = ["application/x-ndjson", "text/csv"] as const;

/** Lines accepted in a second, unless the import says otherwise. */
export const IMPORT_RATE = 100;

/** One line of a JSON file: the code, the body of its PUT, and its progress steps in their order. */
export const importLineSchema = z
  .strictObject({
    code: z.string(),
    ...dossierSchema.shape,
    events: z.array(dossierEventSchema).max(IMPORT_LIMITS.events).optional(),
  })
  .meta({ id: "ImportLine" });

/** `incomplete`: its file did not come in whole, or not yet. `cancelled` and `finished` are final. */
export const IMPORT_STATES = ["incomplete", "running", "paused", "cancelled", "finished"] as const;

/** One state of an import. */
export type ImportState = (typeof IMPORT_STATES)[number];

const wholeNumberOrPart = /^\d{1,4}(\.\d{1,3})?$/u;

/** The query of `POST /v1/imports`. */
export const importOptionsSchema = z.strictObject({
  known: z
    .enum(["true", "false"])
    .optional()
    .meta({ description: "The platform holds these dossiers already: they are recorded, nothing is sent." }),
  dryRun: z
    .enum(["true", "false"])
    .optional()
    .meta({ description: "Every line is checked and reported as if it were accepted; no dossier is written." }),
  ratePerSecond: z
    .string()
    .regex(wholeNumberOrPart)
    .transform(Number)
    .pipe(z.number().min(0.1).max(1000))
    .optional()
    .meta({ type: "number", minimum: 0.1, maximum: 1000, default: IMPORT_RATE }),
});

/** 202 of `POST /v1/imports`: all its lines are stored and will be worked off. */
export const importStartedSchema = z
  .strictObject({ id: z.string(), state: z.enum(IMPORT_STATES), lines: count })
  .meta({ id: "ImportStarted" });

/** 202 of `POST /v1/imports`. */
export type ImportStarted = z.infer<typeof importStartedSchema>;

/** An import with its progress: `done = accepted + unchanged + refused`, of `lines`. */
export const importSchema = z
  .strictObject({
    id: z.string(),
    state: z.enum(IMPORT_STATES),
    format: z.enum(["jsonl", "csv"]),
    client: z.string(),
    known: z.boolean(),
    dryRun: z.boolean(),
    ratePerSecond: z.number(),
    /** Dossiers in the file; while it is incomplete, those that came. */
    lines: count,
    done: count,
    /** Written, with something to send unless they are known; in a dry run those that would be. */
    accepted: count,
    /** Equal to what is stored. */
    unchanged: count,
    refused: count,
    /** Warnings in the report, some of them of one dossier. */
    warnings: count,
    /** `backlog`: it waits until the platform took what was accepted before. */
    held: z.enum(["backlog"]).optional(),
    createdAt: moment,
    startedAt: moment.optional(),
    finishedAt: moment.optional(),
    /** While it runs, at the pace it has shown so far. */
    etaSeconds: count.optional(),
  })
  .meta({ id: "Import" });

/** An import with its progress. */
export type ImportView = z.infer<typeof importSchema>;

/** A page of imports, newest first. */
export const importPageSchema = z
  .strictObject({ items: z.array(importSchema), next: z.string().nullable() })
  .meta({ id: "ImportPage" });

/** One line of the report: why a line was refused, or what is implausible about it. */
export const importFindingSchema = z
  .strictObject({
    /** In the file, from 1; a record of CSV is named by its first line. */
    line: z.int().min(1),
    dossierCode: z.string().optional(),
    kind: z.enum(["refused", "warning"]),
    /** Of the lists of error codes, field error codes and warnings. */
    code: z.string(),
    /** As the file names it: a path, or a column of CSV; empty for the line as a whole. */
    field: z.string(),
    /** In the language that the upload preferred. */
    message: z.string(),
  })
  .meta({ id: "ImportFinding" });

/** One line of the report. */
export type ImportFinding = z.infer<typeof importFindingSchema>;
