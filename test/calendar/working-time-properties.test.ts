import fc from "fast-check";
import { expect, test } from "vitest";
import type { CalendarDay } from "../../contracts/services/calendar.ts";
import { dayOf } from "../../src/calendar/vietnam-day.ts";
import {
  addWorkingDays,
  addWorkingTime,
  nextWorkingMoment,
  workingTimeBetween,
} from "../../src/calendar/working-time.ts";
import { at, calendarWith } from "./calendars.ts";

const MINUTE = 60_000;

const FIRST = at("2024-01-01 00:00");
const moments = fc.integer({ min: 0, max: 4 * 366 * 24 * 60 * 60 }).map((seconds) => FIRST + seconds * 1000);
const spans = fc.integer({ min: 0, max: 60 * 24 * 60 }).map((minutes) => minutes * MINUTE);
const extraDays = fc
  .uniqueArray(
    fc.record({
      day: fc.integer({ min: 0, max: 4 * 365 }),
      kind: fc.constantFrom<CalendarDay["kind"]>("holiday", "tet", "working"),
      half: fc.boolean(),
    }),
    { selector: ({ day }) => day, maxLength: 30 },
  )
  .map((days) =>
    days.map(
      ({ day, kind, half }): CalendarDay => ({
        date: new Date(Date.parse("2024-01-01T00:00:00Z") + day * 86_400_000).toISOString().slice(0, 10),
        kind,
        name: "x",
        ...(half && kind === "working" && { hours: [{ from: "07:30", to: "11:30" }] }),
      }),
    ),
  );
const calendars = extraDays.map((days) => calendarWith(days));

// A failure prints its seed and path; give them to `fc.assert` to see it again.
const RUNS = { numRuns: 300 };

test("adding working time is additive: two spans one after the other are their sum", () => {
  fc.assert(
    fc.property(calendars, moments, spans, spans, (calendar, moment, a, b) => {
      expect(addWorkingTime(calendar, addWorkingTime(calendar, moment, a), b)).toBe(
        addWorkingTime(calendar, moment, a + b),
      );
    }),
    RUNS,
  );
});

test("adding working time is monotone in the moment and in the span", () => {
  fc.assert(
    fc.property(calendars, moments, moments, spans, spans, (calendar, one, other, a, b) => {
      const [early, late] = [Math.min(one, other), Math.max(one, other)];
      expect(addWorkingTime(calendar, early, a)).toBeLessThanOrEqual(addWorkingTime(calendar, late, a));
      expect(addWorkingTime(calendar, early, Math.min(a, b))).toBeLessThanOrEqual(
        addWorkingTime(calendar, early, Math.max(a, b)),
      );
    }),
    RUNS,
  );
});

test("what is added is what lies between, and lies in working time", () => {
  fc.assert(
    fc.property(calendars, moments, spans, (calendar, moment, span) => {
      const end = addWorkingTime(calendar, moment, span);
      expect(workingTimeBetween(calendar, moment, end)).toBe(span);
      expect(nextWorkingMoment(calendar, end)).toBe(end);
    }),
    RUNS,
  );
});

test("the working time of a whole is that of its parts", () => {
  fc.assert(
    fc.property(calendars, fc.tuple(moments, moments, moments), (calendar, three) => {
      const [a, b, c] = three.toSorted((x, y) => x - y) as [number, number, number];
      expect(workingTimeBetween(calendar, a, c)).toBe(
        workingTimeBetween(calendar, a, b) + workingTimeBetween(calendar, b, c),
      );
    }),
    RUNS,
  );
});

test("adding working days is monotone, and additive in the day it reaches", () => {
  const counts = fc.integer({ min: 0, max: 40 });
  fc.assert(
    fc.property(calendars, moments, moments, counts, counts, (calendar, one, other, a, b) => {
      const [early, late] = [Math.min(one, other), Math.max(one, other)];
      expect(addWorkingDays(calendar, early, a)).toBeLessThanOrEqual(addWorkingDays(calendar, late, a));
      expect(dayOf(addWorkingDays(calendar, addWorkingDays(calendar, one, a), b))).toBe(
        dayOf(addWorkingDays(calendar, one, a + b)),
      );
    }),
    RUNS,
  );
});
