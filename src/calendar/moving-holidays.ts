/**
 * The holidays that follow the moon: Tết (first day of the first lunar month) and the Hùng Kings' day (tenth of the third),
 * as days of the solar calendar. Vietnam reckons its lunar months at UTC+7, so that in 2030 Tết is a day before the
 * Chinese new year. Computed from the times of the new moons (Meeus, Astronomical Algorithms); those of 2024 to 2026 are
 * the ones the government announced. Years outside the table have these holidays only from the calendar as put.
 */
const LUNAR_DAYS: Readonly<Record<number, readonly [tet: string, hungKings: string]>> = {
  2020: ["01-25", "04-02"],
  2021: ["02-12", "04-21"],
  2022: ["02-01", "04-10"],
  2023: ["01-22", "04-29"],
  2024: ["02-10", "04-18"],
  2025: ["01-29", "04-07"],
  2026: ["02-17", "04-26"],
  2027: ["02-06", "04-16"],
  2028: ["01-26", "04-04"],
  2029: ["02-13", "04-23"],
  2030: ["02-02", "04-12"],
  2031: ["01-23", "04-01"],
  2032: ["02-11", "04-19"],
  2033: ["01-31", "04-09"],
  2034: ["02-19", "04-28"],
  2035: ["02-08", "04-17"],
  2036: ["01-28", "04-06"],
  2037: ["02-15", "04-24"],
  2038: ["02-04", "04-13"],
  2039: ["01-24", "04-03"],
  2040: ["02-12", "04-20"],
};

/** The moving holidays of a year as `YYYY-MM-DD`, or null outside the table. */
export const movingHolidaysOf = (year: number): { readonly tet: string; readonly hungKings: string } | null => {
  const days = LUNAR_DAYS[year];
  return days === undefined ? null : { tet: `${year}-${days[0]}`, hungKings: `${year}-${days[1]}` };
};
