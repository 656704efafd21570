import { expect, test } from "vitest";
import type { Comparison } from "../../mocks/demo/compare-held.ts";
import { type RunFacts, reportOf } from "../../mocks/demo/report.ts";
import type { UndeliveredEntry } from "../../mocks/demo/watch-ledger.ts";

const AS_SENT: Comparison = {
  held: 3,
  missing: [],
  outdated: [],
  stepsSent: 6,
  stepsHeld: 6,
  stepsRepeated: 0,
  stepsMissing: [],
  outOfOrder: [],
};

const RATE = { counted: 3, met: 2, percent: 66.67 };
const RATES = { eResult: RATE, digitised: { counted: 0, met: 0, percent: null } };

const DELIVERED: RunFacts = {
  dossiers: 3,
  procedures: 10,
  pushes: { taken: ["G22.99-250401-0001"], known: [], notTaken: [] },
  origin: { wanted: 1, found: 1, missing: [], strange: [] },
  digitisation: {
    dossiers: 3,
    unknown: 0,
    before: RATES,
    after: RATES,
    comparison: [{ policy: "mark-digitised", rates: RATES }],
  },
  calls: 9,
  sent: 9,
  replayed: 0,
  repeated: 0,
  refused: [],
  sums: { accepted: 9, delivered: 8, superseded: 1, failed: 0, cancelled: 0, pending: 0 },
  unsettled: [],
  comparison: AS_SENT,
  sendSeconds: 1.26,
  settleSeconds: 2.5,
};

const entry = (dossierCode: string, state: string, rest: Partial<UndeliveredEntry> = {}): UndeliveredEntry => ({
  id: "1",
  operation: "dossier.step",
  dossierCode,
  state,
  ...rest,
});

test("a run that delivered everything says so in five lines, and then what was counted", () => {
  const { lines, well } = reportOf(DELIVERED);
  expect(well).toBe(true);
  expect(lines).toEqual([
    "Dossiers sent:      3",
    "Dossiers delivered: 3 of 3",
    "Held by simulator:  3",
    "Failures:           0",
    "Time:               3.8 s: 1.3 s for sending, 2.5 s until all was at rest",
    "",
    "Calls:              9: 9 new, 0 taken before, 0 not taken; 0 repeated after a fault",
    "Steps held:         6 of 6, 0 arrived again",
    "Ledger, in all:     9 accepted = 8 delivered + 1 superseded + 0 failed + 0 cancelled + 0 pending",
    "Catalogue:          10 procedures mirrored",
    "Pushed by portal:   1 of 1, 0 of them before",
    "Found by origin:    1 of 1, 0 others",
    "Digitisation of 3 dossiers, by policy of procedures without a result:",
    "                             result  digitised    counted",
    "  before any                66.67 %          –          0",
    "  now                       66.67 %          –          0",
    "  mark-digitised            66.67 %          –          0",
    "Well: every dossier is delivered, with every step in the order sent.",
  ]);
});

const WANTING: readonly (readonly [string, Partial<RunFacts>, string])[] = [
  ["on its way", { unsettled: [entry("a", "waiting")] }, "Still on the way: a"],
  ["failed", { unsettled: [entry("a", "failed")] }, "  1 × dossier.step failed:  (for example a)"],
  ["given up by a person", { unsettled: [entry("a", "cancelled")] }, "Cancelled: a"],
  [
    "not held",
    { comparison: { ...AS_SENT, held: 2, missing: ["a"], stepsMissing: ["a"] } },
    "Missing at the portal: a",
  ],
  ["not as put last", { comparison: { ...AS_SENT, outdated: ["a"] } }, "Not as put last: a"],
  ["without a step", { comparison: { ...AS_SENT, stepsHeld: 5, stepsMissing: ["a"] } }, "Steps missing: a"],
  ["out of order", { comparison: { ...AS_SENT, outOfOrder: ["a"] } }, "Steps out of order: a"],
];

test.for(WANTING)("a dossier that is %s is not delivered, and it is named", ([, facts, named]) => {
  const { lines, well } = reportOf({ ...DELIVERED, ...facts });
  expect(well).toBe(false);
  expect(lines).toContain("Dossiers delivered: 2 of 3");
  expect(lines).toContain(named);
});

test.for<readonly [string, Partial<RunFacts>, string]>([
  [
    "was not taken",
    { pushes: { taken: [], known: [], notTaken: [{ code: "g", cause: "401 " }] } },
    "  1 × 401  (for example g)",
  ],
  [
    "is not found by its origin",
    { origin: { wanted: 1, found: 0, missing: ["a"], strange: [] } },
    "Not found by origin: a",
  ],
  [
    "is found beside others",
    { origin: { wanted: 1, found: 1, missing: [], strange: ["b"] } },
    "Found by origin, though they are none: b",
  ],
])("what the portal pushed and %s is named, and the run is not well", ([, facts, named]) => {
  const { lines, well } = reportOf({ ...DELIVERED, ...facts });
  expect(well).toBe(false);
  expect(lines).toContain(named);
  expect(lines.at(-1)).toBe("Not well: every dossier is delivered, but not everything the portal pushed is found.");
});

test("a dossier that is not held is named once, not again for each of its steps", () => {
  const { lines } = reportOf({ ...DELIVERED, comparison: { ...AS_SENT, missing: ["a"], stepsMissing: ["a", "b"] } });
  expect(lines).toContain("Missing at the portal: a");
  expect(lines).toContain("Steps missing: b");
});

test("a dossier with several faults is missed once", () => {
  const behind = entry("a", "queued", { blockedBy: "1" });
  const unsettled = [entry("a", "failed"), behind, { ...behind, id: "2" }];
  const { lines } = reportOf({ ...DELIVERED, unsettled, comparison: { ...AS_SENT, outdated: ["a", "b"] } });
  expect(lines).toContain("Dossiers delivered: 1 of 3");
  expect(lines).toContain("Failures:           1");
  expect(lines).toContain("Behind a failed call: a");
});

test("a dossier of which the gateway refused a call is neither sent nor delivered", () => {
  const refused = [{ code: "a", cause: "PUT 400 invalid_request" }];
  const { lines, well } = reportOf({ ...DELIVERED, sent: 5, refused });
  expect(well).toBe(false);
  expect(lines).toContain("Dossiers sent:      2");
  expect(lines).toContain("Dossiers delivered: 2 of 3");
  expect(lines).toContain("Failures:           1");
  expect(lines.join("\n")).toContain("5 new, 0 taken before, 4 not taken");
});

test("without a simulator nothing proves that a dossier is delivered", () => {
  const { lines, well } = reportOf({ ...DELIVERED, comparison: null });
  expect(well).toBe(false);
  expect(lines).toContain("Dossiers delivered: ? of 3");
  expect(lines).toContain("Held by simulator:  ?");
});
