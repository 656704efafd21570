import { DAY_MS, dayOf, midnightOf, timeOfDayAt } from "./vietnam-day.ts";
import type { Session, WorkingCalendar } from "./working-calendar.ts";

/**
 * Working time in Vietnam (domain section 3.4). Instants and spans are milliseconds; all functions are pure. What falls
 * outside working time counts as the beginning of the next session: at lunch the afternoon, on a day off the next
 * working day.
 */

/** No calendar has so many days off on end: the days that can be put are 2,000. */
const LONGEST_REST_DAYS = 3000;

/** Eight working hours are one day of a limit, however long the province's own day is. */
const DAY_HOURS = 8;

/** Whether anything is worked on the day of an instant. */
export const isWorkingDay = (calendar: WorkingCalendar, at: number): boolean => calendar.sessions(dayOf(at)).length > 0;

const nearestWorkingDay = (calendar: WorkingCalendar, from: number, step: 1 | -1): number => {
  for (let passed = 0; passed <= LONGEST_REST_DAYS; passed += 1) {
    const day = from + step * passed;
    if (calendar.sessions(day).length > 0) return day;
  }
  throw new RangeError("the calendar has no working day");
};

const closing = (calendar: WorkingCalendar, day: number): number =>
  midnightOf(day) + (calendar.sessions(day).at(-1)?.to ?? 0);

/** The instant itself within a session, else the beginning of the next one. */
export const nextWorkingMoment = (calendar: WorkingCalendar, at: number): number => {
  const today = dayOf(at);
  const time = timeOfDayAt(at);
  const session = calendar.sessions(today).find(({ to }) => time <= to);
  if (session !== undefined) return Math.max(at, midnightOf(today) + session.from);
  const day = nearestWorkingDay(calendar, today + 1, 1);
  return midnightOf(day) + (calendar.sessions(day)[0]?.from ?? 0);
};

/** When work ends on the day of an instant; null on a day off. */
export const endOfWorkingDay = (calendar: WorkingCalendar, at: number): number | null =>
  isWorkingDay(calendar, at) ? closing(calendar, dayOf(at)) : null;

/** When work ends on the last working day before the day of an instant. */
export const endOfPreviousWorkingDay = (calendar: WorkingCalendar, at: number): number =>
  closing(calendar, nearestWorkingDay(calendar, dayOf(at) - 1, -1));

/** When work begins on the first working day after the day of an instant. */
export const startOfNextWorkingDay = (calendar: WorkingCalendar, at: number): number =>
  nextWorkingMoment(calendar, midnightOf(dayOf(at) + 1));

/** When `spanMs` of working time have passed since an instant: at the end of a session rather than at the next one's beginning. */
export const addWorkingTime = (calendar: WorkingCalendar, at: number, spanMs: number): number => {
  let moment = nextWorkingMoment(calendar, at);
  let left = spanMs;
  for (;;) {
    const midnight = midnightOf(dayOf(moment));
    const time = moment - midnight;
    const session = calendar.sessions(dayOf(moment)).find(({ to }) => time <= to);
    const room = session === undefined ? 0 : midnight + session.to - moment;
    if (left <= room) return moment + left;
    left -= room;
    moment = nextWorkingMoment(calendar, moment + room + 1);
  }
};

/** `addWorkingTime` in hours. */
export const addWorkingHours = (calendar: WorkingCalendar, at: number, hours: number): number =>
  addWorkingTime(calendar, at, hours * 3_600_000);

const workedUntil = (sessions: readonly Session[], time: number): number =>
  sessions.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(time, to) - from), 0);

/** The working time between two instants; none when the second is not after the first. */
export const workingTimeBetween = (calendar: WorkingCalendar, from: number, to: number): number => {
  if (to <= from) return 0;
  let sum = workedUntil(calendar.sessions(dayOf(to)), timeOfDayAt(to));
  for (let day = dayOf(from); day < dayOf(to); day += 1) sum += workedUntil(calendar.sessions(day), DAY_MS);
  return sum - workedUntil(calendar.sessions(dayOf(from)), timeOfDayAt(from));
};

/** The same time of day on this day, moved into its sessions: to the end of the session before rather than beyond it. */
const atTimeOfDay = (calendar: WorkingCalendar, day: number, time: number): number => {
  const sessions = calendar.sessions(day);
  const begun = sessions.findLast(({ from }) => from <= time);
  return midnightOf(day) + (begun === undefined ? (sessions[0]?.from ?? 0) : Math.min(time, begun.to));
};

/** The same time of day so many working days later; days off are not counted. */
export const addWorkingDays = (calendar: WorkingCalendar, at: number, days: number): number => {
  const moment = nextWorkingMoment(calendar, at);
  let day = dayOf(moment);
  for (let left = days; left > 0; left -= 1) day = nearestWorkingDay(calendar, day + 1, 1);
  return days <= 0 ? moment : atTimeOfDay(calendar, day, timeOfDayAt(moment));
};

/** How long a procedure may take: working hours, working days (halves count four hours), or days of the calendar. */
export interface ProcessingTime {
  readonly unit: "working-hours" | "working-days" | "days";
  readonly amount: number;
}

/**
 * When a dossier is due. Hours are split into days of eight and a rest, as the one-stop products do; a due date in
 * calendar days that falls on a day off goes to the next working day (domain section 3.4). Supplements are no part of it:
 * what they pause is added when they are answered.
 */
export const dueAt = (calendar: WorkingCalendar, receivedAt: number, { unit, amount }: ProcessingTime): number => {
  const received = nextWorkingMoment(calendar, receivedAt);
  if (unit === "days") {
    const day = nearestWorkingDay(calendar, dayOf(received) + amount, 1);
    return atTimeOfDay(calendar, day, timeOfDayAt(received));
  }
  const hours = unit === "working-hours" ? amount : amount * DAY_HOURS;
  const days = Math.floor(hours / DAY_HOURS);
  return addWorkingHours(calendar, addWorkingDays(calendar, received, days), hours - days * DAY_HOURS);
};
