const UTC_OFFSET_MS = 7 * 3_600_000;

/** The day in Vietnam (UTC+7, no summer time) at an instant, as `YYYY-MM-DD`. */
export const vietnamDate = (now: Date): string => new Date(now.getTime() + UTC_OFFSET_MS).toISOString().slice(0, 10);

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/u;
const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const isLeapYear = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** Whether `YYYY-MM-DD` names a day of the calendar. Reckoned: it is asked of every dossier code, and a `Date` is dear to print. */
export function isCalendarDay(date: string): boolean {
  const parts = DAY.exec(date);
  if (parts === null) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const last = month === 2 && isLeapYear(year) ? 29 : (DAYS_OF_MONTH[month - 1] ?? 0);
  return day >= 1 && day <= last;
}
