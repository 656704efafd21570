import { expect, test } from "vitest";
import {
  addWorkingDays,
  addWorkingHours,
  dueAt,
  endOfPreviousWorkingDay,
  isWorkingDay,
  nextWorkingMoment,
  workingTimeBetween,
} from "../../src/calendar/working-time.ts";
import { at, calendarWith, shown } from "./calendars.ts";

const HOUR = 3_600_000;
const office = calendarWith();
/** One Vietnamese back office's hours: eight of them. */
const EIGHT = [
  { from: "07:00", to: "11:30" },
  { from: "13:30", to: "17:00" },
];
const eightHours = calendarWith([], {
  monday: EIGHT,
  tuesday: EIGHT,
  wednesday: EIGHT,
  thursday: EIGHT,
  friday: EIGHT,
});

// 20 November 2026 is a Friday.
test.each([
  ["2026-11-20 09:15", "2026-11-20 09:15", "within a session"],
  ["2026-11-20 06:00", "2026-11-20 07:30", "before the doors open"],
  ["2026-11-20 12:10", "2026-11-20 13:30", "at lunch: the afternoon"],
  ["2026-11-20 17:00", "2026-11-20 17:00", "at the last moment: still that day"],
  ["2026-11-20 17:00:01", "2026-11-23 07:30", "after closing on a Friday: Monday"],
  ["2026-11-21 10:00", "2026-11-23 07:30", "on a Saturday: Monday"],
  ["2026-11-22 23:59:59", "2026-11-23 07:30", "on a Sunday night: Monday"],
  ["2026-12-31 18:00", "2027-01-04 07:30", "on New Year's eve: the Monday after New Year's day"],
])("a receipt at %s counts from %s (%s)", (received, expected) => {
  expect(shown(nextWorkingMoment(office, at(received)))).toBe(expected);
});

test("hours run through lunch, nights and weekends, and end at the end of a session", () => {
  expect(shown(addWorkingHours(office, at("2026-11-20 10:30"), 1))).toBe("2026-11-20 11:30");
  expect(shown(addWorkingHours(office, at("2026-11-20 10:30"), 2))).toBe("2026-11-20 14:30");
  expect(shown(addWorkingHours(office, at("2026-11-20 16:00"), 1))).toBe("2026-11-20 17:00");
  expect(shown(addWorkingHours(office, at("2026-11-20 16:00"), 1.5))).toBe("2026-11-23 08:00");
  expect(shown(addWorkingHours(eightHours, at("2026-11-20 08:00"), 8))).toBe("2026-11-23 08:00");
});

test("a span is the working time in it, and none the other way round", () => {
  expect(workingTimeBetween(office, at("2026-11-20 10:30"), at("2026-11-20 14:00"))).toBe(1.5 * HOUR);
  expect(workingTimeBetween(office, at("2026-11-20 16:00"), at("2026-11-23 08:00"))).toBe(1.5 * HOUR);
  expect(workingTimeBetween(office, at("2026-11-21 00:00"), at("2026-11-22 23:00"))).toBe(0);
  expect(workingTimeBetween(office, at("2026-11-23 08:00"), at("2026-11-20 08:00"))).toBe(0);
  expect(workingTimeBetween(office, at("2026-11-16 00:00"), at("2026-11-23 00:00"))).toBe(5 * 7.5 * HOUR);
});

test("working days keep the time of day and skip what is off", () => {
  expect(shown(addWorkingDays(office, at("2026-11-20 09:15"), 1))).toBe("2026-11-23 09:15");
  expect(shown(addWorkingDays(office, at("2026-11-21 09:15"), 1))).toBe("2026-11-24 07:30");
  expect(shown(addWorkingDays(office, at("2026-11-20 18:00"), 5))).toBe("2026-11-30 07:30");
  expect(shown(addWorkingDays(office, at("2026-11-20 12:00"), 0))).toBe("2026-11-20 13:30");
});

test("the working day before is found across a weekend and across Tết", () => {
  expect(shown(endOfPreviousWorkingDay(office, at("2026-11-24 10:00")))).toBe("2026-11-23 17:00");
  expect(shown(endOfPreviousWorkingDay(office, at("2026-11-23 07:30")))).toBe("2026-11-20 17:00");
  // Tết 2026: 16 to 20 February off, a weekend on either side.
  expect(shown(endOfPreviousWorkingDay(office, at("2026-02-23 09:00")))).toBe("2026-02-13 17:00");
});

test("a day is that of Vietnam, whatever the offset of the instant", () => {
  expect(isWorkingDay(office, Date.parse("2026-11-19T17:00:00Z"))).toBe(true);
  expect(isWorkingDay(office, Date.parse("2026-11-20T17:00:00Z"))).toBe(false);
  expect(shown(nextWorkingMoment(office, Date.parse("2026-11-20T01:00:00Z")))).toBe("2026-11-20 08:00");
});

test("eight hours of a limit are a day even where the province works seven and a half", () => {
  expect(shown(dueAt(office, at("2026-11-20 09:15"), { unit: "working-hours", amount: 8 }))).toBe("2026-11-23 09:15");
  expect(shown(dueAt(office, at("2026-11-20 09:15"), { unit: "working-hours", amount: 20 }))).toBe("2026-11-24 15:15");
  expect(shown(dueAt(office, at("2026-11-20 09:15"), { unit: "working-days", amount: 5 }))).toBe("2026-11-27 09:15");
});

test("half a working day is four hours", () => {
  expect(shown(dueAt(office, at("2026-11-20 07:30"), { unit: "working-days", amount: 0.5 }))).toBe("2026-11-20 11:30");
  expect(shown(dueAt(office, at("2026-11-20 13:30"), { unit: "working-days", amount: 1.5 }))).toBe("2026-11-24 08:00");
});

test("a limit in calendar days that ends on a day off goes to the next working day", () => {
  const days = (amount: number) => dueAt(office, at("2026-11-20 09:15"), { unit: "days", amount });
  expect(shown(days(5))).toBe("2026-11-25 09:15");
  expect(shown(days(1))).toBe("2026-11-23 09:15");
  expect(shown(dueAt(office, at("2026-02-10 09:15"), { unit: "days", amount: 7 }))).toBe("2026-02-23 09:15");
});

test("a dossier received before Tết is due after it, counted over the turn of the year as well", () => {
  expect(shown(dueAt(office, at("2026-02-12 16:00"), { unit: "working-days", amount: 3 }))).toBe("2026-02-24 16:00");
  expect(shown(dueAt(office, at("2026-12-30 16:00"), { unit: "working-days", amount: 3 }))).toBe("2027-01-05 16:00");
});
