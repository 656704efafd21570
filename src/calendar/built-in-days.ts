import { FIXED_HOLIDAYS } from "./fixed-holidays.ts";
import { movingHolidaysOf } from "./moving-holidays.ts";
import { dayNumber } from "./vietnam-day.ts";

/** Labour Code 2019, article 112: five days. Which five is decided each year; here the day before and the first four. */
const TET_FROM = -1;
const TET_DAYS = 5;

/** What is asked of a year. */
export interface BuiltInYear {
  readonly year: number;
  /** The province put this year's Tết itself: its days count, not ours. */
  readonly ownTet: boolean;
  /** Whether a day of the week is worked at all, by the day's number. */
  readonly isWeeklyRest: (day: number) => boolean;
}

const legalHolidays = ({ year, ownTet }: BuiltInYear): number[] => {
  const fixed = FIXED_HOLIDAYS.map(({ monthDay }) => dayNumber(`${String(year).padStart(4, "0")}-${monthDay}`));
  const moving = movingHolidaysOf(year);
  if (moving === null) return fixed;
  const first = dayNumber(moving.tet);
  const tet = ownTet ? [] : Array.from({ length: TET_DAYS }, (_, index) => first + TET_FROM + index);
  return [...fixed, dayNumber(moving.hungKings), ...tet];
};

/**
 * Pure: the days off of a year that need no data: fixed holidays, Tết, the Hùng Kings' day, and for each that falls on the
 * weekly rest the next working day instead (Labour Code 2019, article 111.3). The second day of the National Day is decided
 * each year and is data (domain section 3.4).
 */
export const builtInDaysOff = (asked: BuiltInYear): ReadonlySet<number> => {
  const holidays = legalHolidays(asked).toSorted((a, b) => a - b);
  const off = new Set(holidays);
  for (const holiday of holidays.filter(asked.isWeeklyRest)) {
    let instead = holiday + 1;
    while (off.has(instead) || asked.isWeeklyRest(instead)) instead += 1;
    off.add(instead);
  }
  return off;
};
