import { type CalendarDay, DEFAULT_WEEK_HOURS, type WeekHours } from "../../contracts/services/calendar.ts";
import { createWorkingCalendar } from "../../src/calendar/working-calendar.ts";

/** The office hours of the product, with the days a province put. */
export const calendarWith = (days: readonly CalendarDay[] = [], week: Partial<WeekHours> = {}) =>
  createWorkingCalendar({ ...DEFAULT_WEEK_HOURS, ...week }, days);

/** An instant of Vietnam: `2027-02-04 16:00`, seconds if given. */
export const at = (moment: string): number => Date.parse(`${moment.replace(" ", "T")}+07:00`);

/** The same the other way, to the second where there are any. */
export const shown = (moment: number): string =>
  new Date(moment + 7 * 3_600_000).toISOString().slice(0, 19).replace("T", " ").replace(/:00$/u, "");
