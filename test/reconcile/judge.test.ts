import { expect, test } from "vitest";
import { COMPARED_KINDS } from "../../contracts/comparer.ts";
import { readReconcileSettings } from "../../src/reconcile/reconcile-settings.ts";
import { judge, type Sides } from "../../src/reconcile/run/judge.ts";
import { createSettingsReader } from "../../src/settings-reader.ts";

const sides = (parts: Partial<Sides>): Sides => ({
  expected: true,
  ours: "4",
  word: "processing",
  theirs: { code: "c", status: "4" },
  ...parts,
});
const verdictOf = (parts: Partial<Sides>, sees: readonly (typeof COMPARED_KINDS)[number][] = COMPARED_KINDS) =>
  judge(sides(parts), sees).verdict;

test("equal is only what was compared in existence and status", () => {
  expect(verdictOf({})).toBe("equal");
  expect(verdictOf({ theirs: { code: "c" } })).toBe("present");
  expect(verdictOf({ ours: null })).toBe("present");
  expect(verdictOf({}, ["missing-at-portal"])).toBe("present");
});

test("a status may be written with leading zeros or as our own word", () => {
  for (const status of ["04", " 4 ", "processing", "Processing"]) {
    expect([status, verdictOf({ theirs: { code: "c", status } })]).toEqual([status, "equal"]);
  }
  for (const status of ["40", "14", "finished", "0"]) {
    expect([status, verdictOf({ theirs: { code: "c", status } })]).toEqual([status, "status-differs"]);
  }
});

test("what the platform does not show is missing only where it was given and the source proves absence", () => {
  expect(verdictOf({ theirs: null })).toBe("missing-at-portal");
  expect(verdictOf({ theirs: null, expected: false })).toBe("not-compared");
  expect(verdictOf({ theirs: null }, ["missing-here", "status-differs"])).toBe("not-compared");
});

test("the settings take a time of day in Vietnam or off, and name their faults", () => {
  const read = (settings: Record<string, string>) => {
    const reader = createSettingsReader(settings);
    return { ...readReconcileSettings(reader, "01:30"), faults: reader.faults };
  };
  expect(read({})).toEqual({ at: 90, repair: "off", faults: [] });
  expect(read({ RECONCILE_AT: "off", RECONCILE_REPAIR: "safe" })).toEqual({ at: null, repair: "safe", faults: [] });
  expect(read({ RECONCILE_AT: "23:59" }).at).toBe(23 * 60 + 59);
  for (const at of ["24:00", "1:30", "never", "01:60"]) {
    expect([at, read({ RECONCILE_AT: at }).faults.length]).toEqual([at, 1]);
  }
  expect(read({ RECONCILE_REPAIR: "all" }).faults).toHaveLength(1);
});
