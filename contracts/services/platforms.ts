import { z } from "zod";
import { PLATFORMS } from "../adapter.ts";
import { TIME_OF_DAY, WEEKDAYS } from "./calendar.ts";
import { fieldError, instant, text } from "./fields.ts";

/** Why entries of a platform are kept unsent (design section 2, "hold"): nothing is lost and no attempt is spent. */
export const HOLDS = ["paused", "window", "breaker", "quota"] as const;

/** One reason to hold. */
export type Hold = (typeof HOLDS)[number];

const TIMES = "With a weekday: a time of day in Vietnam, HH:mm. Without: a date and time with its offset.";

/**
 * A maintenance window. Weekly: `weekday`, and `from` to `to` as times of day; an end at or before the beginning is on
 * the next day, so `22:00` to `02:00` crosses midnight. Once: two instants. `from` is inclusive, `to` exclusive.
 */
export const windowSchema = z
  .strictObject({
    weekday: z.enum(WEEKDAYS).optional(),
    from: z.string().max(40).meta({ description: TIMES }),
    to: z.string().max(40).meta({ description: TIMES }),
  })
  .superRefine(({ weekday, from, to }, context) => {
    const refuse = (path: "from" | "to", error: ReturnType<typeof fieldError>) =>
      context.addIssue({ code: "custom", path: [path], ...error });
    const wellFormed = (["from", "to"] as const).filter((name) => {
      const value = name === "from" ? from : to;
      if (weekday !== undefined && TIME_OF_DAY.test(value)) return true;
      if (weekday === undefined && instant.safeParse(value).success) return true;
      refuse(name, fieldError(weekday === undefined ? "invalid_instant" : "invalid_format"));
      return false;
    });
    if (wellFormed.length < 2) return;
    // An empty week-day window would read as one of a whole day: neither is meant by somebody who writes it.
    const ends = weekday === undefined ? Date.parse(to) > Date.parse(from) : from !== to;
    if (!ends) refuse("to", fieldError("out_of_range"));
  })
  .meta({ id: "PlatformWindow" });

/** One maintenance window. */
export type PlatformWindow = z.infer<typeof windowSchema>;

/** All windows of a platform; putting them replaces those before. */
export const windowsSchema = z
  .strictObject({ windows: z.array(windowSchema).max(100) })
  .meta({ id: "PlatformWindows" });

/** Why a person pauses a platform. It is kept in the audit trail: no personal data of citizens. */
export const pauseSchema = z.strictObject({ reason: text(500).optional() }).meta({ id: "PlatformPause" });

/**
 * What a platform is for us: `up`; `degraded` (the breaker tries again, or the day's quota is used up); `down` (the
 * breaker is open); `paused` by a person; in a maintenance `window`; `not-configured`.
 */
export const PLATFORM_STATES = ["up", "degraded", "down", "paused", "window", "not-configured"] as const;

const moment = z.string().meta({ format: "date-time" });
const count = z.int().min(0);

/** One platform's line (api section 4). */
export const platformLineSchema = z
  .strictObject({
    id: z.enum(PLATFORMS),
    state: z.enum(PLATFORM_STATES),
    breaker: z.enum(["closed", "open", "half-open"]),
    /** When this state began; absent while it never changed. */
    since: moment.optional(),
    lastGoodCallAt: moment.optional(),
    /** Calls left of `<P>_DAILY_QUOTA` for this day in Vietnam; absent without a quota. */
    quotaLeft: count.optional(),
    /** Entries on their way: queued, sending or waiting. */
    backlog: count,
    /** Age of the oldest entry that is queued or waiting, in seconds. */
    oldestWaitingSeconds: count.optional(),
    /** The window that holds entries now, or else the next one. */
    nextWindow: z.strictObject({ from: moment, to: moment }).optional(),
    /** When the client certificate (`<P>_TLS_CERT`) ends, or the first of its chain; absent without one. */
    certificateExpiresAt: moment.optional(),
  })
  .meta({ id: "Platform" });

/** One platform's line. */
export type PlatformLine = z.infer<typeof platformLineSchema>;

/** All platforms, also those that are not configured. */
export const platformListSchema = z.strictObject({ items: z.array(platformLineSchema) }).meta({ id: "PlatformList" });
