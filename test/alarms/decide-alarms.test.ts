import { expect, test } from "vitest";
import type { PlatformLine } from "../../contracts/services/platforms.ts";
import { ALARM_LIMITS, type AlarmSignals, decideAlarms } from "../../src/alarms/decide-alarms.ts";

const now = new Date("2026-11-20T09:00:00Z");
const line = (parts: Partial<PlatformLine> = {}): PlatformLine => ({
  id: "national-portal",
  state: "up",
  breaker: "closed",
  backlog: 0,
  ...parts,
});
const ago = (seconds: number): string => new Date(now.getTime() - seconds * 1000).toISOString();
const inDays = (days: number): string => ago(-days * 86_400);
const kinds = (parts: Partial<PlatformLine>, signals: Partial<AlarmSignals> = {}): string[] =>
  decideAlarms(
    { now, platforms: [line(parts)], quotaOf: () => 1000, waiting: [], newCauses: [], ...signals },
    ALARM_LIMITS,
  ).map(({ kind }) => kind);
const waiting = (oldestSeconds: number, tried = true) => ({
  waiting: [{ platform: "national-portal", oldestSeconds, tried }] as const,
});

test("a quiet, healthy platform raises nothing", () => {
  expect(kinds({ lastGoodCallAt: ago(86_400) })).toEqual([]);
  expect(kinds({ lastGoodCallAt: ago(5) }, waiting(900))).toEqual([]);
});

test("an open breaker is a platform down, a half-open one is not", () => {
  expect(kinds({ breaker: "open", state: "down" })).toEqual(["platform-down"]);
  expect(kinds({ breaker: "half-open", state: "degraded" })).toEqual([]);
});

test("tries in vain for ten minutes without one good call are a platform down", () => {
  expect(kinds({ lastGoodCallAt: ago(601) }, waiting(601))).toEqual(["platform-down"]);
  expect(kinds({}, waiting(601))).toEqual(["platform-down"]);
  expect(kinds({ lastGoodCallAt: ago(601) }, waiting(599))).toEqual([]);
  expect(kinds({ lastGoodCallAt: ago(601) }, waiting(601, false))).toEqual([]);
});

test("a platform that a person or a window holds is not down", () => {
  expect(kinds({ state: "paused" }, waiting(601))).toEqual([]);
  expect(kinds({ state: "window" }, waiting(601))).toEqual([]);
});

test("an entry that waits longer than an hour is told, whatever keeps it", () => {
  expect(kinds({ state: "paused" }, waiting(3601))).toEqual(["oldest-waiting"]);
  expect(kinds({ lastGoodCallAt: ago(1) }, waiting(3600))).toEqual([]);
});

test("four fifths of the quota and thirty days of the certificate are the limits", () => {
  expect(kinds({ quotaLeft: 201 })).toEqual([]);
  expect(kinds({ quotaLeft: 200 })).toEqual(["quota-low"]);
  expect(kinds({ quotaLeft: 0 }, { quotaOf: () => undefined })).toEqual([]);
  expect(kinds({ certificateExpiresAt: inDays(31) })).toEqual([]);
  expect(kinds({ certificateExpiresAt: inDays(29) })).toEqual(["certificate-expiring"]);
  expect(kinds({ certificateExpiresAt: inDays(-1) })).toEqual(["certificate-expiring"]);
});

test("a certificate that has ended is critical, one that ends soon is not", () => {
  const severities = (certificateExpiresAt: string) =>
    decideAlarms(
      { now, platforms: [line({ certificateExpiresAt })], quotaOf: () => undefined, waiting: [], newCauses: [] },
      ALARM_LIMITS,
    );
  expect(severities(inDays(1))).toEqual([{ kind: "certificate-expiring", subject: "national-portal" }]);
  expect(severities(inDays(0))).toEqual([
    { kind: "certificate-expiring", subject: "national-portal", severity: "critical" },
  ]);
});

test("each new cause is an alarm about its group", () => {
  const signals: AlarmSignals = { now, platforms: [], quotaOf: () => undefined, waiting: [], newCauses: ["a", "b"] };
  expect(decideAlarms(signals, ALARM_LIMITS)).toEqual([
    { kind: "new-cause", subject: "a" },
    { kind: "new-cause", subject: "b" },
  ]);
});
