const UTC_OFFSET_MS = 7 * 3_600_000;

/** The day in Vietnam (UTC+7, no summer time) at an instant, as `YYYY-MM-DD`. */
export const vietnamDate = (now: Date): string => new Date(now.getTime() + UTC_OFFSET_MS).toISOString().slice(0, 10);

/** Whether `YYYY-MM-DD` names a day of the calendar. */
export function isCalendarDay(date: string): boolean {
  const parsed = new Date(`${date}T00:00:00Z`);
  // A day such as 31 April is either refused or rolled over to the next month, depending on the engine.
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(date);
}
