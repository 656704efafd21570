import { expect, test } from "vitest";
import type { DossierEvent } from "../../contracts/services/dossier.ts";
import { factsAfterEvent, factsAfterPut, type LifeCycleFacts, type StoredLife } from "../../src/life-cycle/facts.ts";
import { at, calendarWith, shown } from "../calendar/calendars.ts";
import { putOf, stepOf, storedLife } from "./life-scene.ts";

const calendar = calendarWith();
const NOW = new Date("2026-11-25T10:00:00+07:00");
const due = ({ dueAt }: LifeCycleFacts): string | undefined => dueAt && shown(Date.parse(dueAt));
const after = (stored: StoredLife, event: DossierEvent): StoredLife => ({
  ...stored,
  status: event.status,
  facts: factsAfterEvent(stored, event, calendar),
});
const request = (occurredAt: string, parts: Readonly<Record<string, unknown>> = {}) =>
  stepOf({ kind: "supplement-request", status: "supplement-required", occurredAt: `${occurredAt}:00+07:00`, ...parts });
const received = (occurredAt: string) =>
  stepOf({ kind: "supplement-received", status: "processing", occurredAt: `${occurredAt}:00+07:00` });

test("an extension counts and puts its due date in force", () => {
  const extended = after(
    storedLife(),
    stepOf({ kind: "extension", reason: "x", newDueAt: "2026-12-07T17:00:00+07:00" }),
  );
  expect(extended.facts).toEqual({ extensions: 1, supplements: 0, dueAt: "2026-12-07T17:00:00+07:00" });
});

test("a supplement pauses the clock by working time: a weekend in it moves the due date by nothing", () => {
  const asked = after(storedLife(), request("2026-11-20T16:00"));
  expect(asked.facts).toMatchObject({ supplements: 1, pausedSince: "2026-11-20T09:00:00.000Z" });
  const answered = after(asked, received("2026-11-23T08:30"));
  // One hour on Friday and one on Monday: a pause reckoned in elapsed time would be 64 hours and a half.
  expect(due(answered.facts)).toBe("2026-12-01 09:30");
  expect(answered.facts).not.toHaveProperty("pausedSince");
});

test("a supplement over Tết moves the due date by working days alone", () => {
  const stored = storedLife({
    receivedAt: at("2026-02-10 08:00"),
    putDueAt: at("2026-02-24 17:00"),
    facts: { extensions: 0, supplements: 0, dueAt: "2026-02-24T17:00:00+07:00" },
  });
  const answered = after(after(stored, request("2026-02-12T07:30")), received("2026-02-24T07:30"));
  // Thursday and Friday before, Monday after.
  expect(due(answered.facts)).toBe("2026-02-27 17:00");
});

test("before acceptance no clock runs, so nothing is paused", () => {
  const asked = after(storedLife({ status: "submitted" }), request("2026-11-20T10:00"));
  expect(asked.facts).toEqual({ extensions: 0, supplements: 1, requestTold: true, dueAt: "2026-11-30T17:00:00+07:00" });
});

test("a second request during one pause leaves its beginning where it was", () => {
  const twice = after(after(storedLife(), request("2026-11-23T08:00")), request("2026-11-24T08:00"));
  expect(twice.facts).toMatchObject({ supplements: 2, pausedSince: "2026-11-23T01:00:00.000Z" });
});

test("a citizen who asks to withdraw has not brought the supplement: the pause goes on", () => {
  const asked = after(storedLife(), request("2026-11-23T08:00"));
  const withdrawn = after(asked, stepOf({ kind: "withdrawal", status: "withdrawn" }));
  expect(withdrawn.facts.pausedSince).toBe("2026-11-23T01:00:00.000Z");
});

test("a pause that names absurd moments ends at a bound, and one that ends before it began pauses nothing", () => {
  const asked = after(storedLife(), request("1950-01-02T08:00"));
  const answered = after(asked, received("9990-01-02T08:00"));
  expect(Date.parse(answered.facts.dueAt ?? "")).toBeLessThan(Date.parse("2031-01-01T00:00:00Z"));
  const backwards = after(after(storedLife(), request("2026-11-25T08:00")), received("2026-11-23T08:00"));
  expect(due(backwards.facts)).toBe("2026-11-30 17:00");
});

test("a put that repeats its due date keeps the one in force, another one takes its place", () => {
  const extended = storedLife({ facts: { extensions: 1, supplements: 0, dueAt: "2026-12-07T17:00:00+07:00" } });
  const same = factsAfterPut(extended, putOf({ status: "processing" }), NOW, calendar);
  expect(same).toEqual(extended.facts);
  const other = putOf({ status: "processing", dueAt: "2026-12-10T17:00:00+07:00" });
  expect(factsAfterPut(extended, other, NOW, calendar).dueAt).toBe("2026-12-10T17:00:00+07:00");
});

test("puts pause and go on as well: by the moments of their supplements, else by now", () => {
  const asked = factsAfterPut(storedLife(), putOf({ status: "supplement-required" }), NOW, calendar);
  expect(asked).toMatchObject({ supplements: 1, pausedSince: NOW.toISOString() });
  const supplements = [
    {
      id: "s1",
      requestedBy: "Lê Văn Mẫu",
      content: "bổ sung",
      requestedAt: "2026-11-24T08:00:00+07:00",
      receivedAt: "2026-11-25T08:00:00+07:00",
      status: "2",
    },
  ];
  const listed = factsAfterPut(storedLife(), putOf({ status: "supplement-required", supplements }), NOW, calendar);
  expect(listed).toMatchObject({ supplements: 1, pausedSince: "2026-11-24T01:00:00.000Z" });
  const paused = storedLife({ status: "supplement-required", facts: { ...listed, requestTold: true } });
  const answered = factsAfterPut(paused, putOf({ status: "processing", supplements }), NOW, calendar);
  expect([due(answered), answered.supplements]).toEqual(["2026-12-01 17:00", 1]);
  expect(answered).not.toHaveProperty("pausedSince");
  expect(answered).not.toHaveProperty("requestTold");
});

test("a due date that the province moves itself holds what was paused already", () => {
  const paused = storedLife({
    status: "supplement-required",
    facts: { extensions: 0, supplements: 1, dueAt: "2026-11-30T17:00:00+07:00", pausedSince: "2026-11-23T01:00:00Z" },
  });
  const put = putOf({ status: "processing", dueAt: "2026-12-03T17:00:00+07:00" });
  expect(factsAfterPut(paused, put, NOW, calendar)).toEqual({
    extensions: 0,
    supplements: 1,
    dueAt: "2026-12-03T17:00:00+07:00",
  });
});

test("the first put begins the facts", () => {
  expect(factsAfterPut(undefined, putOf(), NOW, calendar)).toEqual({
    extensions: 0,
    supplements: 0,
    dueAt: "2026-11-30T17:00:00+07:00",
  });
});
