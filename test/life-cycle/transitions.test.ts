import { expect, test } from "vitest";
import { DOSSIER_STATUSES, EVENT_KINDS } from "../../contracts/services/dossier.ts";
import { leadsTo, mayFollow, slipBelongs } from "../../contracts/services/life-cycle.ts";

/** Domain section 3.2, in national codes: from, and everything that may follow besides itself. */
const FOLLOWERS: Readonly<Record<number, readonly number[]>> = {
  1: [2, 3, 5, 6, 7],
  2: [4, 6, 7],
  3: [],
  4: [5, 6, 7, 8, 9],
  5: [1, 2, 4, 7, 8],
  6: [2, 4, 7, 8],
  7: [1, 2, 4, 5, 6, 8],
  8: [],
  9: [10],
  10: [],
};

test("of the hundred pairs of statuses exactly those of the model may follow each other", () => {
  const found = Object.fromEntries(
    DOSSIER_STATUSES.map((from, i) => [
      i + 1,
      DOSSIER_STATUSES.flatMap((to, j) => (from !== to && mayFollow(from, to, "stopped") ? [j + 1] : [])),
    ]),
  );
  expect(found).toEqual(FOLLOWERS);
  for (const status of DOSSIER_STATUSES) expect(mayFollow(status, status, "stopped")).toBe(true);
});

test("a refusal after review ends in 8, or in 3 where the province says so", () => {
  expect(mayFollow("processing", "not-accepted", "stopped")).toBe(false);
  expect(mayFollow("processing", "not-accepted", "not-accepted")).toBe(true);
  expect(mayFollow("finished", "not-accepted", "either")).toBe(false);
  expect(leadsTo("refusal", "processing", "stopped", "stopped")).toBe(true);
  expect(leadsTo("refusal", "processing", "not-accepted", "stopped")).toBe(false);
  expect(leadsTo("refusal", "processing", "stopped", "not-accepted")).toBe(false);
  expect(leadsTo("refusal", "processing", "not-accepted", "either")).toBe(true);
  expect(leadsTo("refusal", "submitted", "not-accepted", "stopped")).toBe(true);
  expect(leadsTo("refusal", "submitted", "stopped", "either")).toBe(false);
});

test("each kind of step leads where it should, and a plain step or a correction anywhere", () => {
  const where = (kind: (typeof EVENT_KINDS)[number]) =>
    DOSSIER_STATUSES.flatMap((to, i) => (leadsTo(kind, "processing", to, "either") ? [i + 1] : [])).join();
  expect(Object.fromEntries(EVENT_KINDS.map((kind) => [kind, where(kind)]))).toEqual({
    step: "1,2,3,4,5,6,7,8,9,10",
    transfer: "4",
    extension: "4",
    "supplement-request": "5",
    "supplement-received": "1,2,4",
    "fee-request": "6",
    refusal: "3,8",
    stop: "8",
    withdrawal: "7,8",
    correction: "1,2,3,4,5,6,7,8,9,10",
  });
});

test.each([
  ["01", "step", "accepted", true],
  ["01", "step", "processing", false],
  ["02", "supplement-request", "supplement-required", true],
  ["02", "step", "processing", false],
  ["03", "refusal", "not-accepted", true],
  ["03", "refusal", "stopped", true],
  ["03", "step", "processing", false],
  ["04", "extension", "processing", true],
  ["04", "step", "processing", false],
  ["05", "stop", "stopped", true],
  ["05", "transfer", "processing", false],
  ["06", "transfer", "processing", true],
  ["07", "step", "returned", true],
] as const)("the slip %s with a step %s to %s belongs there: %s", (form, kind, status, belongs) => {
  expect(slipBelongs(form, "2026-11-20", kind, status)).toBe(belongs);
});

test("a slip is judged by the circular of its day: 05 was the control slip until 14 September 2025", () => {
  expect(slipBelongs("05", "2025-09-14", "transfer", "processing")).toBe(true);
  expect(slipBelongs("05", "2025-09-15", "transfer", "processing")).toBe(false);
  expect(slipBelongs("02", "2019-01-01", "step", "processing")).toBe(false);
});

test("forms are read as people write them, and unknown ones are not judged", () => {
  for (const form of ["1", "01", "Mẫu 01", "mẫu số 1", " MẪU SỐ 01 "]) {
    expect([form, slipBelongs(form, "2026-11-20", "step", "finished")]).toEqual([form, false]);
  }
  for (const form of ["08", "9", "12/PC", "BM-01", "0", "", "Mẫu"]) {
    expect([form, slipBelongs(form, "2026-11-20", "step", "finished")]).toEqual([form, true]);
  }
});
