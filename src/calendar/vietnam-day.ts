import { isCalendarDay } from "../../contracts/identifiers/vietnam-date.ts";

/** Milliseconds of a day. */
export const DAY_MS = 24 * 3600 * 1000;

// Vietnam keeps one offset the whole year.
const OFFSET_MS = 7 * 3600 * 1000;

/** The day in Vietnam at an instant, counted from 1 January 1970. */
export const dayOf = (at: number): number => Math.floor((at + OFFSET_MS) / DAY_MS);

/** The instant at which a day begins in Vietnam. */
export const midnightOf = (day: number): number => day * DAY_MS - OFFSET_MS;

/** Milliseconds since midnight in Vietnam. */
export const timeOfDayAt = (at: number): number => at - midnightOf(dayOf(at));

/** 0 is Monday, as in `WEEKDAYS`. Day 0 of the count was a Thursday. */
export const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7;

/** The year of a day. */
export const yearOf = (day: number): number => new Date(day * DAY_MS).getUTCFullYear();

/** The number of the day `YYYY-MM-DD`. @throws RangeError for what is no day of the calendar. */
export const dayNumber = (date: string): number => {
  if (!isCalendarDay(date)) throw new RangeError(`no day of the calendar: ${date}`);
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
};
