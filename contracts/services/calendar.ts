import { z } from "zod";
import { fieldError, text } from "./fields.ts";

/** The days of the week, Monday first. */
export const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

/** A time of day in Vietnam, `HH:mm`. */
export const TIME_OF_DAY = /^(?:[01]\d|2[0-3]):[0-5]\d$/u;

const timeOfDay = z
  .string()
  .max(5)
  .refine((value) => TIME_OF_DAY.test(value), fieldError("invalid_format"))
  .meta({ example: "07:30", description: "A time of day in Vietnam, HH:mm." });

/** The hours worked on one day, in order and apart from each other. Both ends belong to them. */
const sessions = z
  .array(z.strictObject({ from: timeOfDay, to: timeOfDay }))
  .max(4)
  .superRefine((list, context) => {
    // What is no time of day is refused as such; nothing can be said of its order.
    if (!list.every(({ from, to }) => TIME_OF_DAY.test(from) && TIME_OF_DAY.test(to))) return;
    for (const [index, { from, to }] of list.entries()) {
      const refuse = (end: "from" | "to") =>
        context.addIssue({ code: "custom", path: [index, end], ...fieldError("out_of_range") });
      if (to <= from) refuse("to");
      const before = list[index - 1];
      if (before !== undefined && from <= before.to) refuse("from");
    }
  });

/** The hours worked on one day. */
export type Sessions = z.infer<typeof sessions>;

/** A day, `YYYY-MM-DD`, of the years that instants have (fields.ts): the database has no year 0. */
export const calendarDate = z.iso
  .date()
  .refine((value) => value >= "1950" && value < "9999", fieldError("invalid_date"))
  .meta({ format: "date", example: "2027-02-06" });

const calendarDay = z.strictObject({
  date: calendarDate,
  /** `holiday` and `tet` are days off; `working` is worked although it would be off, or in `hours` of its own. */
  kind: z.enum(["holiday", "tet", "working"]),
  name: text(200),
  hours: sessions.optional().meta({ description: "Of a working day only: its own hours, such as a half day's." }),
});

/** One day of the calendar. */
export type CalendarDay = z.infer<typeof calendarDay>;

/** The days that are data: moving holidays, Tết, compensatory days, working Saturdays. Putting them replaces those before. */
export const calendarSchema = z
  .strictObject({ days: z.array(calendarDay).max(2000) })
  .superRefine(({ days }, context) => {
    const seen = new Set<string>();
    for (const [index, { date, kind, hours }] of days.entries()) {
      const refuse = (field: "date" | "hours", error: ReturnType<typeof fieldError>) =>
        context.addIssue({ code: "custom", path: ["days", index, field], ...error });
      if (seen.has(date)) refuse("date", fieldError("not_allowed"));
      seen.add(date);
      if (hours !== undefined && kind !== "working") refuse("hours", fieldError("not_allowed"));
      if (hours?.length === 0) refuse("hours", fieldError("too_short"));
    }
  })
  .meta({ id: "Calendar" });

/** The calendar as answered: `days` as put, and the solar holidays of the present rule, which need no data. */
export const calendarViewSchema = z
  .strictObject({
    days: z.array(calendarDay),
    fixed: z.array(z.strictObject({ monthDay: z.string().meta({ example: "09-02" }), name: z.string() })),
  })
  .meta({ id: "CalendarView" });

const week = z.strictObject({
  monday: sessions,
  tuesday: sessions,
  wednesday: sessions,
  thursday: sessions,
  friday: sessions,
  saturday: sessions,
  sunday: sessions,
});

/** The hours of each day of the week; none: a day off. */
export type WeekHours = z.infer<typeof week>;

/** The working hours of the province (domain section 3.4: they differ). A week without any is refused. */
export const workingHoursSchema = z
  .strictObject({ hours: week })
  .superRefine(({ hours }, context) => {
    if (Object.values(hours).some((list) => list.length > 0)) return;
    context.addIssue({ code: "custom", path: ["hours"], ...fieldError("too_short") });
  })
  .meta({ id: "WorkingHours" });

const OFFICE_DAY: Sessions = [
  { from: "07:30", to: "11:30" },
  { from: "13:30", to: "17:00" },
];

/** The hours while the province put none. */
export const DEFAULT_WEEK_HOURS: WeekHours = {
  monday: OFFICE_DAY,
  tuesday: OFFICE_DAY,
  wednesday: OFFICE_DAY,
  thursday: OFFICE_DAY,
  friday: OFFICE_DAY,
  saturday: [],
  sunday: [],
};
