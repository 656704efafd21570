import { z } from "zod";

/**
 * What is fetched from the national portal: dossiers that were filed there and questions of citizens (national-portal sections 1.3
 * and 2.5), as `POST` and `GET /v1/portal/fetches` show it.
 */

const moment = z.string().meta({ format: "date-time" });
const count = z.int().min(0);

/** How far it is. `waiting`: the platform is held, its quota used up, or a call failed and is tried again. */
export const FETCH_STATES = ["never", "idle", "running", "waiting"] as const;

/** `listed`, `received` and `parked` count the round in hand, or the last one; the rest is as it stands now. */
export const fetchSchema = z
  .strictObject({
    state: z.enum(FETCH_STATES),
    requestedAt: moment.optional(),
    startedAt: moment.optional(),
    finishedAt: moment.optional(),
    /** Absent: only on demand. */
    nextAt: moment.optional(),
    listed: count,
    received: count.meta({ description: "Dossiers and questions that were new." }),
    parked: count.meta({ description: "Rows that could not be read; each is an inbound entry that failed." }),
    waiting: count.meta({ description: "Dossiers that are listed and not stored yet." }),
    unacknowledged: count.meta({ description: "Dossiers that are stored and that the portal was not told of yet." }),
    missingFiles: count.meta({
      description:
        "Files that messages named by their addresses and that could not be had; asking for a round tries them anew.",
    }),
    error: z.strictObject({ code: z.string(), message: z.string() }).optional(),
  })
  .meta({ id: "PortalFetch" });

/** How far it is. */
export type FetchView = z.infer<typeof fetchSchema>;
