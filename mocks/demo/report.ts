import type { Comparison } from "./compare-held.ts";
import type { DigitisationFinding, OriginFinding } from "./read-findings.ts";
import { atRest, type LedgerSums, type UndeliveredEntry } from "./watch-ledger.ts";

/** A call that the gateway refused for good. */
export interface RefusedCall {
  readonly code: string;
  readonly cause: string;
}

/** What became of what the portal had to push: portal codes. */
export interface PushFinding {
  readonly taken: readonly string[];
  /** Pushed in an earlier run. */
  readonly known: readonly string[];
  readonly notTaken: readonly { readonly code: string; readonly cause: string }[];
}

/** Everything that one run of the demonstration found out. */
export interface RunFacts {
  readonly dossiers: number;
  /** Procedures that the gateway mirrored; null: it has no catalogue. */
  readonly procedures: number | null;
  /** Null: the simulator could not be asked to push. */
  readonly pushes: PushFinding | null;
  readonly calls: number;
  readonly sent: number;
  readonly replayed: number;
  readonly repeated: number;
  readonly refused: readonly RefusedCall[];
  readonly sums: LedgerSums;
  readonly unsettled: readonly UndeliveredEntry[];
  /** Null: the simulator could not be asked. */
  readonly comparison: Comparison | null;
  readonly origin: OriginFinding;
  readonly digitisation: DigitisationFinding;
  readonly sendSeconds: number;
  readonly settleSeconds: number;
}

/** What is told at the end, and whether every dossier was delivered. */
export interface Report {
  readonly lines: readonly string[];
  readonly well: boolean;
}

const SHOWN = 10;
const LABEL_WIDTH = 20;
const COLUMN = 11;

const row = (label: string, value: number | string): string => `${`${label}:`.padEnd(LABEL_WIDTH)}${value}`;

const seconds = (value: number): string => `${value.toFixed(1)} s`;

/** `count × cause, for example dossier`, the most frequent first. */
const grouped = (rows: readonly RefusedCall[]): string[] => {
  const groups = new Map<string, string[]>();
  for (const { cause, code } of rows) groups.set(cause, [...(groups.get(cause) ?? []), code]);
  const sorted = [...groups].sort(([, a], [, b]) => b.length - a.length);
  return [
    ...sorted.slice(0, SHOWN).map(([cause, codes]) => `  ${codes.length} × ${cause} (for example ${codes[0]})`),
    ...(sorted.length > SHOWN ? [`  and ${sorted.length - SHOWN} more causes`] : []),
  ];
};

/** A line naming the dossiers, each once; none without any. */
const named = (title: string, all: readonly string[]): string[] => {
  const codes = [...new Set(all)];
  if (codes.length === 0) return [];
  return [
    `${title}: ${codes.slice(0, SHOWN).join(", ")}${codes.length > SHOWN ? ` and ${codes.length - SHOWN} more` : ""}`,
  ];
};

const codesOf = (entries: readonly UndeliveredEntry[]): string[] => entries.map(({ dossierCode = "" }) => dossierCode);

const isFailed = ({ state }: UndeliveredEntry): boolean => state === "failed";
const isCancelled = ({ state }: UndeliveredEntry): boolean => state === "cancelled";

const failuresOf = (unsettled: readonly UndeliveredEntry[]): RefusedCall[] =>
  unsettled.filter(isFailed).map(({ error, operation, dossierCode = "" }) => ({
    cause: `${operation} ${error?.code ?? "failed"}${error?.platformCode ? ` (${error.platformCode})` : ""}: ${error?.detail ?? ""}`,
    code: dossierCode,
  }));

/**
 * How many dossiers are delivered: every call taken by the gateway, every entry delivered or superseded, and the
 * simulator holds the dossier as put last with every step in order. Null: there is no simulator to prove it.
 */
const countDelivered = ({ dossiers, refused, unsettled, comparison }: RunFacts): number | null => {
  if (comparison === null) return null;
  const { missing, outdated, stepsMissing, outOfOrder } = comparison;
  const refusedCodes = refused.map(({ code }) => code);
  const wanting = [refusedCodes, codesOf(unsettled), missing, outdated, stepsMissing, outOfOrder];
  return dossiers - new Set(wanting.flat()).size;
};

/** A dossier that is not held is missing with its steps: naming it once is enough. */
const steplessOf = ({ missing, stepsMissing }: Comparison): string[] =>
  stepsMissing.filter((code) => !missing.includes(code));

const complaints = ({ pushes, refused, unsettled, comparison, origin }: RunFacts): string[] => {
  const failures = failuresOf(unsettled);
  const notTaken = pushes?.notTaken ?? [];
  return [
    ...(notTaken.length > 0 ? ["Pushes not taken by the gateway:", ...grouped(notTaken)] : []),
    ...named("Not found by origin", origin.missing),
    ...named("Found by origin, though they are none", origin.strange),
    ...(refused.length > 0 ? ["Refused by the gateway:", ...grouped(refused)] : []),
    ...(failures.length > 0 ? ["Failed:", ...grouped(failures)] : []),
    ...named("Behind a failed call", codesOf(unsettled.filter(({ blockedBy }) => blockedBy !== undefined))),
    ...named("Cancelled", codesOf(unsettled.filter(isCancelled))),
    ...named("Still on the way", codesOf(unsettled.filter((entry) => !atRest(entry)))),
    ...(comparison === null
      ? ["The simulator could not be asked: set NATIONAL_PORTAL_SIMULATOR_URL to the address that npm start printed."]
      : [
          ...named("Missing at the portal", comparison.missing),
          ...named("Not as put last", comparison.outdated),
          ...named("Steps missing", steplessOf(comparison)),
          ...named("Steps out of order", comparison.outOfOrder),
        ]),
  ];
};

const percent = (value: number | null): string => (value === null ? "–" : `${value.toFixed(2)} %`).padStart(COLUMN);

/** What the procedures' policies make of the rates (domain sections 2.6 and 3.7). */
const ratesOf = ({ dossiers, unknown, before, after, comparison }: DigitisationFinding): string[] => {
  const line = (label: string, { eResult, digitised }: DigitisationFinding["before"]): string =>
    `  ${label.padEnd(22)}${percent(eResult.percent)}${percent(digitised.percent)}${`${digitised.counted}`.padStart(COLUMN)}`;
  return [
    `Digitisation of ${dossiers} dossiers${unknown > 0 ? ` (${unknown} more cannot be judged)` : ""}, by policy of procedures without a result:`,
    `  ${"".padEnd(22)}${"result".padStart(COLUMN)}${"digitised".padStart(COLUMN)}${"counted".padStart(COLUMN)}`,
    line("before any", before),
    line("now", after),
    ...comparison.map(({ policy, rates }) => line(policy, rates)),
  ];
};

/** What the portal has and pushed, and whether the search by origin finds it. */
const bornLines = ({ procedures, pushes, origin }: RunFacts): string[] => {
  const had = pushes && pushes.taken.length + pushes.known.length;
  const all = pushes && (had ?? 0) + pushes.notTaken.length;
  return [
    row("Catalogue", procedures === null ? "none" : `${procedures} procedures mirrored`),
    row("Pushed by portal", pushes ? `${had} of ${all}, ${pushes.known.length} of them before` : "?"),
    row("Found by origin", `${origin.found} of ${origin.wanted}, ${origin.strange.length} others`),
  ];
};

const details = ({ calls, sent, replayed, repeated, sums, comparison }: RunFacts): string[] => {
  const left = calls - sent - replayed;
  const { accepted, delivered, superseded, failed, cancelled, pending } = sums;
  const held = comparison && `${comparison.stepsHeld} of ${comparison.stepsSent}`;
  return [
    row(
      "Calls",
      `${calls}: ${sent} new, ${replayed} taken before, ${left} not taken; ${repeated} repeated after a fault`,
    ),
    row("Steps held", comparison ? `${held}, ${comparison.stepsRepeated} arrived again` : "?"),
    row(
      "Ledger, in all",
      `${accepted} accepted = ${delivered} delivered + ${superseded} superseded + ${failed} failed + ${cancelled} cancelled + ${pending} pending`,
    ),
  ];
};

/** The table at the end of a run. Pure. */
export const reportOf = (facts: RunFacts): Report => {
  const { dossiers, refused, unsettled, comparison, sendSeconds, settleSeconds } = facts;
  const delivered = countDelivered(facts);
  const { pushes, origin } = facts;
  const found = origin.missing.length === 0 && origin.strange.length === 0;
  const well = delivered === dossiers && found && pushes?.notTaken.length === 0;
  const nothingNew = facts.sent === 0 ? " This run sent nothing new." : "";
  return {
    well,
    lines: [
      row("Dossiers sent", dossiers - new Set(refused.map(({ code }) => code)).size),
      row("Dossiers delivered", `${delivered ?? "?"} of ${dossiers}`),
      row("Held by simulator", comparison?.held ?? "?"),
      row("Failures", refused.length + unsettled.filter(isFailed).length),
      row(
        "Time",
        `${seconds(sendSeconds + settleSeconds)}: ${seconds(sendSeconds)} for sending, ${seconds(settleSeconds)} until all was at rest`,
      ),
      "",
      ...details(facts),
      ...bornLines(facts),
      ...ratesOf(facts.digitisation),
      ...complaints(facts),
      well
        ? `Well: every dossier is delivered, with every step in the order sent.${nothingNew}`
        : delivered === dossiers
          ? "Not well: every dossier is delivered, but not everything the portal pushed is found."
          : "Not well: not every dossier is delivered.",
    ],
  };
};
