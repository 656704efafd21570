import type { WorkingCalendar } from "../calendar/working-calendar.ts";
import { addWorkingDays } from "../calendar/working-time.ts";

const DAY_MS = 24 * 3_600_000;
/** No holidays last as long. */
const MOST_DAYS = 60;
const EXACT_MS = 1000;

/**
 * Pure: before which moment something began that is more than so many working days old now (milliseconds, to the second). More
 * working days are never over earlier, so it is found by halving.
 */
export const workingDaysBefore = (calendar: WorkingCalendar, now: number, days: number): number => {
  let old = now - (MOST_DAYS + 2 * days) * DAY_MS;
  let young = now;
  while (young - old > EXACT_MS) {
    const middle = old + Math.floor((young - old) / 2);
    if (addWorkingDays(calendar, middle, days) <= now) old = middle;
    else young = middle;
  }
  return old;
};
