import { WEEKDAYS } from "../../contracts/services/calendar.ts";
import { type PlatformWindow, windowSchema } from "../../contracts/services/platforms.ts";
import type { SettingReading } from "../security/setting-reading.ts";

/** A window as it falls, in milliseconds; `to` is exclusive. */
export interface WindowSpan {
  readonly from: number;
  readonly to: number;
}

const DAY_MS = 24 * 3600 * 1000;
// Vietnam keeps one offset the whole year.
const VIETNAM_OFFSET_MS = 7 * 3600 * 1000;

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** The days to look at: one that began yesterday may last until today, and each weekday comes within a week. */
const NEARBY_DAYS = [-1, 0, 1, 2, 3, 4, 5, 6, 7];

const spansNear = ({ weekday, from, to }: PlatformWindow, now: number): WindowSpan[] => {
  if (weekday === undefined) return [{ from: Date.parse(from), to: Date.parse(to) }];
  const today = Math.floor((now + VIETNAM_OFFSET_MS) / DAY_MS);
  const crosses = minutesOf(to) <= minutesOf(from);
  return NEARBY_DAYS.flatMap((shift) => {
    const day = today + shift;
    // Day 0 of the epoch was a Thursday.
    if ((day + 3) % 7 !== WEEKDAYS.indexOf(weekday)) return [];
    const midnight = day * DAY_MS - VIETNAM_OFFSET_MS;
    return [
      { from: midnight + minutesOf(from) * 60_000, to: midnight + minutesOf(to) * 60_000 + (crosses ? DAY_MS : 0) },
    ];
  });
};

/** Pure: the window that holds at `now`, the longest lasting of those that overlap, or null. */
export const windowAt = (windows: readonly PlatformWindow[], now: number): WindowSpan | null =>
  windows
    .flatMap((window) => spansNear(window, now))
    .filter(({ from, to }) => from <= now && now < to)
    .reduce<WindowSpan | null>((longest, span) => (longest === null || span.to > longest.to ? span : longest), null);

/** Pure: the next window that begins after `now`, or null. */
export const windowAfter = (windows: readonly PlatformWindow[], now: number): WindowSpan | null =>
  windows
    .flatMap((window) => spansNear(window, now))
    .filter(({ from }) => from > now)
    .reduce<WindowSpan | null>((first, span) => (first === null || span.from < first.from ? span : first), null);

const parseOne = (source: string): unknown => {
  const weekly = /^(\w+)\s+(\d\d:\d\d)\s*-\s*(\d\d:\d\d)$/u.exec(source);
  if (weekly) return { weekday: weekly[1]?.toLowerCase(), from: weekly[2], to: weekly[3] };
  const [from, to] = source.split("/").map((part) => part.trim());
  return { from, to };
};

/**
 * Reads `<P>_WINDOWS`: a comma list of weekly windows (`sunday 22:00-02:00`) and single ones
 * (`2026-12-24T22:00:00+07:00/2026-12-25T04:00:00+07:00`).
 */
export const parseWindows = (setting: string, source: string): SettingReading<readonly PlatformWindow[]> => {
  const readings = source
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => ({ part, read: windowSchema.safeParse(parseOne(part)) }));
  const faults = readings
    .filter(({ read }) => !read.success)
    .map(({ part }) => `${setting}: "${part}" is no window, such as "sunday 22:00-02:00" or "<instant>/<instant>"`);
  if (faults.length > 0) return { ok: false, faults };
  return { ok: true, value: readings.flatMap(({ read }) => (read.data === undefined ? [] : [read.data])) };
};
