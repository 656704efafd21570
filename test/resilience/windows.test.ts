import { expect, test } from "vitest";
import { type PlatformWindow, windowsSchema } from "../../contracts/services/platforms.ts";
import { parseWindows, windowAfter, windowAt } from "../../src/resilience/windows.ts";

const at = (instant: string) => Date.parse(instant);
const span = (from: string, to: string) => ({ from: at(from), to: at(to) });

// 22 November 2026 is a Sunday.
const SUNDAY_NIGHT: PlatformWindow = { weekday: "sunday", from: "22:00", to: "02:00" };
const NIGHT = span("2026-11-22T22:00:00+07:00", "2026-11-23T02:00:00+07:00");

test.for([
  ["2026-11-22T21:59:59.999+07:00", null],
  ["2026-11-22T22:00:00+07:00", NIGHT],
  ["2026-11-23T00:00:00+07:00", NIGHT],
  ["2026-11-23T01:59:59.999+07:00", NIGHT],
  ["2026-11-23T02:00:00+07:00", null],
  ["2026-11-23T23:00:00+07:00", null],
] as const)(
  "a weekly window that crosses midnight holds from Sunday to Monday, in Vietnam's time: %s",
  ([now, held]) => {
    expect(windowAt([SUNDAY_NIGHT], at(now))).toEqual(held);
  },
);

test("a window of one weekday is found from any day of the week", () => {
  for (let day = 16; day <= 22; day += 1) {
    expect(windowAfter([SUNDAY_NIGHT], at(`2026-11-${day}T12:00:00+07:00`))).toEqual(NIGHT);
  }
  expect(windowAfter([SUNDAY_NIGHT], NIGHT.from)?.from).toBe(NIGHT.from + 7 * 24 * 3600 * 1000);
});

test("a window in the same day holds in that day alone", () => {
  const noon: PlatformWindow = { weekday: "monday", from: "12:00", to: "13:30" };
  expect(windowAt([noon], at("2026-11-23T05:00:00Z"))).toEqual(
    span("2026-11-23T12:00:00+07:00", "2026-11-23T13:30:00+07:00"),
  );
  expect(windowAt([noon], at("2026-11-23T12:00:00Z"))).toBeNull();
  expect(windowAt([noon], at("2026-11-24T12:30:00+07:00"))).toBeNull();
});

test("a single window holds once, whatever offset it is written in", () => {
  const once: PlatformWindow = { from: "2026-12-24T15:00:00Z", to: "2026-12-25T04:00:00+07:00" };
  const held = span("2026-12-24T22:00:00+07:00", "2026-12-25T04:00:00+07:00");
  expect(windowAt([once], at("2026-12-24T22:00:00+07:00"))).toEqual(held);
  expect(windowAt([once], held.to)).toBeNull();
  expect(windowAfter([once], at("2026-11-01T00:00:00Z"))).toEqual(held);
  expect(windowAfter([once], held.to)).toBeNull();
});

test("of windows that overlap the one that lasts longest is told, and of the next the earliest", () => {
  const long: PlatformWindow = { from: "2026-11-22T21:00:00+07:00", to: "2026-11-23T05:00:00+07:00" };
  expect(windowAt([SUNDAY_NIGHT, long], NIGHT.from)?.to).toBe(at(long.to));
  expect(windowAfter([SUNDAY_NIGHT, long], at("2026-11-22T00:00:00+07:00"))?.from).toBe(at(long.from));
});

test("the setting names weekly and single windows; every fault is told", () => {
  const source = "sunday 22:00-02:00, 2026-12-24T22:00:00+07:00/2026-12-25T04:00:00+07:00";
  expect(parseWindows("P_WINDOWS", source)).toEqual({
    ok: true,
    value: [SUNDAY_NIGHT, { from: "2026-12-24T22:00:00+07:00", to: "2026-12-25T04:00:00+07:00" }],
  });
  const faulty = parseWindows("P_WINDOWS", "sonntag 22:00-02:00,monday 25:00-02:00,2026-12-24");
  expect(faulty).toMatchObject({
    ok: false,
    faults: [expect.stringContaining("sonntag"), {}, {}].map(() => expect.any(String)),
  });
});

const refused = (window: unknown) =>
  windowsSchema.safeParse({ windows: [window] }).error?.issues.map(({ path }) => path.join("."));

test.for([
  [{ from: "2026-12-25T04:00:00+07:00", to: "2026-12-24T22:00:00+07:00" }, ["windows.0.to"]],
  [{ from: "2026-12-25T04:00:00+07:00", to: "2026-12-24T21:00:00Z" }, ["windows.0.to"]],
  [{ weekday: "monday", from: "12:00", to: "12:00" }, ["windows.0.to"]],
  [{ weekday: "monday", from: "24:00", to: "7:00" }, ["windows.0.from", "windows.0.to"]],
  [{ weekday: "monday", from: "2026-12-25T04:00:00+07:00", to: "12:00" }, ["windows.0.from"]],
  [{ from: "12:00", to: "13:00" }, ["windows.0.from", "windows.0.to"]],
  [{ weekday: 1, from: "12:00", to: "13:00" }, ["windows.0.weekday"]],
] as const)("a window that makes no sense is refused by name: %j", ([window, fields]) => {
  expect(refused(window)).toEqual(fields);
});
