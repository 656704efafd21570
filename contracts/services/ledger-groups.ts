import { z } from "zod";
import { PLATFORMS } from "../adapter.ts";
import { ERROR_CODES } from "../errors.ts";

const moment = z.string().meta({ format: "date-time" });
const count = z.int().min(0);

/** Failures with one cause (api section 4): one line for an operator instead of four thousand. */
export const failureGroupSchema = z
  .strictObject({
    /** Names the cause; `group` of a replay takes it. */
    id: z.string(),
    platform: z.enum(PLATFORMS),
    code: z.enum(ERROR_CODES),
    platformCode: z.string().optional(),
    /** The platform's words with everything particular to one dossier taken out. */
    shape: z.string(),
    /** Entries that failed so. */
    count,
    /** Dossiers they belong to. */
    dossiers: count,
    /** Entries that wait behind them in their streams. */
    waitingBehind: count,
    firstSeen: moment,
    lastSeen: moment,
    remedy: z.string(),
  })
  .meta({ id: "FailureGroup" });

/** Failures with one cause. */
export type FailureGroup = z.infer<typeof failureGroupSchema>;

/** A page of failure groups, the largest first. */
export const failureGroupPageSchema = z
  .strictObject({ items: z.array(failureGroupSchema), next: z.string().nullable() })
  .meta({ id: "FailureGroupPage" });
