import { type CalendarDay, type Sessions, WEEKDAYS, type WeekHours } from "../../contracts/services/calendar.ts";
import { builtInDaysOff } from "./built-in-days.ts";
import { dayNumber, weekdayOf, yearOf } from "./vietnam-day.ts";

/** A stretch of work in milliseconds since midnight in Vietnam; both ends belong to it. */
export interface Session {
  readonly from: number;
  readonly to: number;
}

/** What is worked on which day. Pure: everything about time is reckoned from it. */
export interface WorkingCalendar {
  /** The sessions of a day (its number since 1970), in order; none on a day off. */
  sessions(day: number): readonly Session[];
}

const timeMs = (time: string): number => (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * 60_000;
const sessionsOf = (hours: Sessions): readonly Session[] =>
  hours.map(({ from, to }) => ({ from: timeMs(from), to: timeMs(to) }));

const NONE: readonly Session[] = [];

/**
 * Puts a calendar together: the days as put come first, then the holidays of the law, then the week. A working day
 * without hours of its own has those of its weekday, and at the weekend those of the first weekday that is worked.
 * Every year is known, whatever the day it is made on (domain section 3.4).
 */
export const createWorkingCalendar = (week: WeekHours, days: readonly CalendarDay[]): WorkingCalendar => {
  const weekly = WEEKDAYS.map((weekday) => sessionsOf(week[weekday]));
  const usual = weekly.find((sessions) => sessions.length > 0) ?? NONE;
  const ofWeekday = (day: number): readonly Session[] => weekly[weekdayOf(day)] ?? NONE;
  const worked = (day: number): readonly Session[] => (ofWeekday(day).length > 0 ? ofWeekday(day) : usual);
  const put = new Map(
    days.map(({ date, kind, hours }) => {
      const day = dayNumber(date);
      if (kind !== "working") return [day, NONE] as const;
      return [day, hours === undefined ? worked(day) : sessionsOf(hours)] as const;
    }),
  );
  const tetYears = new Set(days.filter(({ kind }) => kind === "tet").map(({ date }) => Number(date.slice(0, 4))));
  const isWeeklyRest = (day: number): boolean => usual.length > 0 && ofWeekday(day).length === 0;
  const years = new Map<number, ReadonlySet<number>>();
  const offIn = (year: number): ReadonlySet<number> => {
    const known = years.get(year) ?? builtInDaysOff({ year, ownTet: tetYears.has(year), isWeeklyRest });
    years.set(year, known);
    return known;
  };
  return {
    sessions: (day) => put.get(day) ?? (offIn(yearOf(day)).has(day) ? NONE : ofWeekday(day)),
  };
};
