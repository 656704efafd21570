import { expect, test } from "vitest";
import type { CalendarDay } from "../../contracts/services/calendar.ts";
import { movingHolidaysOf } from "../../src/calendar/moving-holidays.ts";
import { addWorkingDays, addWorkingHours, isWorkingDay, workingTimeBetween } from "../../src/calendar/working-time.ts";
import { at, calendarWith, shown } from "./calendars.ts";

const HOUR = 3_600_000;
const office = calendarWith();
const worked = (calendar: ReturnType<typeof calendarWith>, days: readonly string[]): boolean[] =>
  days.map((day) => isWorkingDay(calendar, at(`${day} 10:00`)));
const put = (date: string, kind: CalendarDay["kind"], hours?: CalendarDay["hours"]): CalendarDay => ({
  date,
  kind,
  name: "theo thông báo",
  ...(hours && { hours }),
});

test("the holidays of many years are known at once, not those of one year alone", () => {
  for (let year = 2020; year <= 2040; year += 1) {
    const days = [`${year}-01-01`, `${year}-04-30`, `${year}-05-01`, `${year}-09-02`];
    expect([year, worked(office, days)]).toEqual([year, days.map(() => false)]);
    const moving = movingHolidaysOf(year);
    expect([year, worked(office, [moving?.tet ?? "", moving?.hungKings ?? ""])]).toEqual([year, [false, false]]);
  }
});

test("Tết is reckoned in Vietnam: in 2030 it is a day before the Chinese new year", () => {
  expect(movingHolidaysOf(2030)?.tet).toBe("2030-02-02");
  expect(movingHolidaysOf(2026)).toEqual({ tet: "2026-02-17", hungKings: "2026-04-26" });
  expect(movingHolidaysOf(2050)).toBeNull();
});

test("a holiday on a weekend gives the next working day off", () => {
  // The Hùng Kings' day of 2026 is a Sunday, New Year's day of 2028 a Saturday.
  expect(worked(office, ["2026-04-27", "2026-04-28"])).toEqual([false, true]);
  expect(worked(office, ["2028-01-03", "2028-01-04"])).toEqual([false, true]);
});

test("Tết 2027 lies on a weekend: its five days and the two instead of them are off", () => {
  const days = ["2027-02-04", "2027-02-05", "2027-02-08", "2027-02-09", "2027-02-10", "2027-02-11", "2027-02-12"];
  expect(worked(office, days)).toEqual([true, false, false, false, false, false, true]);
});

test("the days of Tết as put take the place of the built-in ones, in their year only", () => {
  const calendar = calendarWith([put("2027-02-08", "tet"), put("2027-02-09", "tet")]);
  expect(worked(calendar, ["2027-02-05", "2027-02-08", "2027-02-09", "2027-02-10"])).toEqual([
    true,
    false,
    false,
    true,
  ]);
  expect(worked(calendar, ["2028-01-25", "2028-01-26"])).toEqual([false, false]);
});

test("a swapped Saturday is worked for the Monday that is off", () => {
  // As in 2026: 31 August off, worked on Saturday 22 August instead.
  const calendar = calendarWith([put("2026-08-31", "holiday"), put("2026-08-22", "working")]);
  expect(worked(calendar, ["2026-08-22", "2026-08-31"])).toEqual([true, false]);
  expect(workingTimeBetween(calendar, at("2026-08-22 00:00"), at("2026-08-23 00:00"))).toBe(7.5 * HOUR);
  expect(shown(addWorkingDays(calendar, at("2026-08-21 09:00"), 1))).toBe("2026-08-22 09:00");
});

test("a half day has its own hours, and what would end after it ends with it", () => {
  const calendar = calendarWith([put("2027-02-04", "working", [{ from: "07:30", to: "11:30" }])]);
  expect(workingTimeBetween(calendar, at("2027-02-04 00:00"), at("2027-02-05 00:00"))).toBe(4 * HOUR);
  expect(shown(addWorkingDays(calendar, at("2027-02-03 16:00"), 1))).toBe("2027-02-04 11:30");
  expect(shown(addWorkingHours(calendar, at("2027-02-04 10:30"), 2))).toBe("2027-02-12 08:30");
});

test("a day put as working is worked although the law has it off", () => {
  expect(worked(calendarWith([put("2026-04-27", "working")]), ["2026-04-27"])).toEqual([true]);
});

test("a province that works on Saturday mornings has no day instead of a holiday on a Saturday", () => {
  const calendar = calendarWith([], { saturday: [{ from: "07:30", to: "11:30" }] });
  expect(worked(calendar, ["2028-01-01", "2028-01-03", "2026-11-21"])).toEqual([false, true, true]);
});

test("24 November is a working day until the province says otherwise", () => {
  expect(worked(office, ["2026-11-24"])).toEqual([true]);
  expect(worked(calendarWith([put("2026-11-24", "holiday")]), ["2026-11-24"])).toEqual([false]);
});
