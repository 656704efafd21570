import { expect, test } from "vitest";
import { isCalendarDay } from "../../contracts/identifiers/vietnam-date.ts";

const DAY_MS = 24 * 3_600_000;

test("every day of four centuries is one, and the numbers between the months are none", () => {
  const days = new Set<string>();
  for (let at = Date.UTC(1800, 0, 1); at < Date.UTC(2201, 0, 1); at += DAY_MS) {
    days.add(new Date(at).toISOString().slice(0, 10));
  }
  const wrong: string[] = [];
  for (let year = 1800; year <= 2200; year++) {
    for (let month = 0; month <= 13; month++) {
      for (let day = 0; day <= 32; day++) {
        const text = `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
        if (isCalendarDay(text) !== days.has(text)) wrong.push(text);
      }
    }
  }
  expect(wrong).toEqual([]);
});

test.each([
  "",
  "2026-1-1",
  "2026-01-01T00:00:00Z",
  " 2026-01-01",
  "2026-01-01\n",
  "20260101",
  "+02026-01-01",
  "-001-01-01",
  "2026-0a-01",
  "٢٠٢٦-٠١-٠١",
])("%j is no day", (text) => {
  expect(isCalendarDay(text)).toBe(false);
});
