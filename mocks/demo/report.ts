import type { Comparison } from "./compare-held.ts";
import { atRest, type LedgerSums, type UnsettledEntry } from "./watch-ledger.ts";

/** A call that the gateway refused for good. */
export interface RefusedCall {
  readonly code: string;
  readonly cause: string;
}

/** Everything that one run of the demonstration found out. */
export interface RunFacts {
  readonly dossiers: number;
  readonly calls: number;
  readonly sent: number;
  readonly replayed: number;
  readonly repeated: number;
  readonly refused: readonly RefusedCall[];
  readonly sums: LedgerSums;
  readonly unsettled: readonly UnsettledEntry[];
  /** Null: the simulator could not be asked. */
  readonly comparison: Comparison | null;
  readonly sendSeconds: number;
  readonly settleSeconds: number;
}

/** What is told at the end, and whether all is well. */
export interface Report {
  readonly lines: readonly string[];
  readonly well: boolean;
}

const SHOWN = 10;
const LABEL_WIDTH = 44;
const NUMBER_WIDTH = 7;

const row = (label: string, value: number | string): string =>
  `  ${label.padEnd(LABEL_WIDTH)}${String(value).padStart(NUMBER_WIDTH)}`;

/** `count × cause, for example dossier`, the most frequent first. */
const grouped = (rows: readonly { readonly cause: string; readonly code: string }[]): string[] => {
  const groups = new Map<string, string[]>();
  for (const { cause, code } of rows) groups.set(cause, [...(groups.get(cause) ?? []), code]);
  const sorted = [...groups].sort(([, a], [, b]) => b.length - a.length);
  return [
    ...sorted.slice(0, SHOWN).map(([cause, codes]) => `  ${codes.length} × ${cause} (for example ${codes[0]})`),
    ...(sorted.length > SHOWN ? [`  and ${sorted.length - SHOWN} more causes`] : []),
  ];
};

const named = (title: string, codes: readonly string[]): string[] =>
  codes.length === 0
    ? []
    : [
        `${title}: ${codes.slice(0, SHOWN).join(", ")}${codes.length > SHOWN ? ` and ${codes.length - SHOWN} more` : ""}`,
      ];

const failuresOf = (unsettled: readonly UnsettledEntry[]) =>
  unsettled
    .filter(({ state }) => state === "failed")
    .map(({ error, operation, dossierCode = "" }) => ({
      cause: `${operation} ${error?.code ?? "failed"}${error?.platformCode ? ` (${error.platformCode})` : ""}: ${error?.detail ?? ""}`,
      code: dossierCode,
    }));

const portalRows = (comparison: Comparison | null): string[] =>
  comparison === null
    ? [row("Held by the simulator", "?")]
    : [
        row("Dossiers held by the simulator", comparison.held),
        row("  missing", comparison.missing.length),
        row("  not as put last", comparison.outdated.length),
        row("Progress steps held", comparison.stepsHeld),
        row("  missing", comparison.stepsSent - comparison.stepsHeld),
        row("  arrived again", comparison.stepsRepeated),
        row("Dossiers with steps out of order", comparison.outOfOrder.length),
      ];

const complaints = ({ refused, unsettled, comparison }: RunFacts): string[] => [
  ...(refused.length > 0 ? ["Refused by the gateway:", ...grouped(refused)] : []),
  ...(unsettled.some(({ state }) => state === "failed") ? ["Failed:", ...grouped(failuresOf(unsettled))] : []),
  ...(comparison === null
    ? ["The simulator could not be asked: set NATIONAL_PORTAL_SIMULATOR_URL to the address that npm start printed."]
    : [
        ...named("Missing at the portal", comparison.missing),
        ...named("Not as put last", comparison.outdated),
        ...named("Steps missing", comparison.stepsMissing),
        ...named("Steps out of order", comparison.outOfOrder),
      ]),
];

/** The table at the end of a run. Pure. */
export const reportOf = (facts: RunFacts): Report => {
  const { sums, unsettled, comparison } = facts;
  const wrong = complaints(facts);
  const resting = unsettled.filter((entry) => atRest(entry) && entry.state !== "failed").length;
  const moving = unsettled.filter((entry) => !atRest(entry)).length;
  const well = wrong.length === 0 && unsettled.length === 0;
  return {
    well,
    lines: [
      row("Dossiers of the sample", facts.dossiers),
      row("Calls of the sample", facts.calls),
      row("  sent anew", facts.sent),
      row("  already taken before", facts.replayed),
      row("  refused or left out", facts.calls - facts.sent - facts.replayed),
      row("Tries again after a fault, same key", facts.repeated),
      row("Ledger: accepted, all in all", sums.accepted),
      row("  delivered", sums.delivered),
      row("  superseded", sums.superseded),
      row("  failed", sums.failed),
      row("  cancelled", sums.cancelled),
      row("  pending", sums.pending),
      row("Of the sample: still waiting", moving),
      row("Of the sample: behind a failed entry", resting),
      ...portalRows(comparison),
      row("Seconds for sending", facts.sendSeconds.toFixed(1)),
      row("Seconds until delivered, from the last call", facts.settleSeconds.toFixed(1)),
      ...wrong,
      well
        ? `Well: nothing is missing, and every dossier's steps are in the order sent.${facts.sent === 0 ? " This run sent nothing new." : ""}`
        : "Not well.",
    ],
  };
};
