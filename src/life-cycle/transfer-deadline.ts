import { timeOfDayAt } from "../calendar/vietnam-day.ts";
import type { WorkingCalendar } from "../calendar/working-calendar.ts";
import { endOfWorkingDay, nextWorkingMoment, startOfNextWorkingDay } from "../calendar/working-time.ts";

const HOUR_MS = 3_600_000;
const LATE_RECEIPT = 15 * HOUR_MS;

/** "At the start of the working day" is its first hour. */
const START_OF_DAY_MS = HOUR_MS;

/**
 * Pure: until when a dossier is to be passed on (domain section 2.1, R6): within the working day of its receipt, or at the
 * start of the next one when it was received after 15:00. Convention: 15:00:00 sharp is not after 15:00. What is
 * received on a day off, or on a half day after its end, counts as received when work begins again.
 */
export const transferDeadline = (calendar: WorkingCalendar, receivedAt: number): number => {
  const isWorked = endOfWorkingDay(calendar, receivedAt) !== null;
  if (isWorked && timeOfDayAt(receivedAt) > LATE_RECEIPT) {
    return startOfNextWorkingDay(calendar, receivedAt) + START_OF_DAY_MS;
  }
  const received = nextWorkingMoment(calendar, receivedAt);
  return endOfWorkingDay(calendar, received) ?? received;
};
