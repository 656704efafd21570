import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toWireTime } from "../../../adapters/national-portal/map.ts";

describe("times", () => {
  test.each([
    ["2026-11-20T09:15:00+07:00", "20261120091500"],
    ["2026-11-20T02:15:00Z", "20261120091500"],
    ["2026-11-19T21:15:00-05:00", "20261120091500"],
    ["2026-11-20T07:45:00+05:30", "20261120091500"],
    ["2026-12-31T17:00:00Z", "20270101000000"],
    ["2026-12-31T16:59:59Z", "20261231235959"],
    ["2027-01-01T00:00:00+14:00", "20261231170000"],
    ["2028-02-28T17:00:00Z", "20280229000000"],
    ["2026-02-28T17:00:00Z", "20260301000000"],
    ["2026-11-20T09:15:00.999+07:00", "20261120091500"],
    ["2026-11-20T09:15:00.123456789+07:00", "20261120091500"],
    ["2026-11-20T09:15+07:00", "20261120091500"],
    ["1969-12-31T23:59:59.500Z", "19700101065959"],
    ["0999-06-01T00:00:00+07:00", "09990601000000"],
  ])("%s is written %s", (instant, wire) => {
    expect(toWireTime(instant)).toBe(wire);
  });

  test("an absent time is empty", () => {
    expect(toWireTime(undefined)).toBe("");
  });

  test("every moment is the clock of Viet Nam, whatever offset it was written with", () => {
    const moment = fc.date({ min: new Date("1976-01-01"), max: new Date("2199-12-31"), noInvalidDate: true });
    const offset = fc.integer({ min: -14 * 60, max: 14 * 60 });
    fc.assert(
      fc.property(moment, offset, (at, minutes) => {
        const local = new Date(at.getTime() + minutes * 60_000).toISOString().slice(0, 19);
        const hours = String(Math.trunc(Math.abs(minutes) / 60)).padStart(2, "0");
        const rest = String(Math.abs(minutes) % 60).padStart(2, "0");
        const written = `${local}${minutes < 0 ? "-" : "+"}${hours}:${rest}`;
        const parts = new Intl.DateTimeFormat("en-CA", {
          timeZone: "Asia/Ho_Chi_Minh",
          dateStyle: "short",
          timeStyle: "medium",
          hourCycle: "h23",
        }).format(at);
        expect(toWireTime(written)).toBe(parts.replace(/\D/gu, ""));
      }),
      { seed: 20261120, numRuns: 300 },
    );
  });
});
