import type { DossierAccepted } from "../../../contracts/services/dossier-views.ts";
import type { Language } from "../../../contracts/text.ts";
import type { Database, Executor } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import { acceptGroup, type GroupResult } from "../../dossiers/acceptance/accept-group.ts";
import type { DossierOffice } from "../../dossiers/dossier-office.ts";
import { type Finding, type LineOutcome, refusedCall } from "./line-outcome.ts";
import type { PreparedLine } from "./prepare-line.ts";

/** Where lines are accepted. */
export interface Accepting {
  readonly executor: Executor;
  readonly office: DossierOffice;
  readonly provinceCode: string;
  readonly language: Language;
  /** Nothing may stay written. */
  readonly dryRun: boolean;
}

interface Progress {
  readonly prepared: PreparedLine;
  wrote: boolean;
  readonly findings: Finding[];
  refused?: LineOutcome;
  /** It was refused after something of it was written. */
  isHalf?: boolean;
}

const warningsOf = (dossierCode: string, place: string, body: string): Finding[] =>
  (JSON.parse(body) as Pick<DossierAccepted, "warnings">).warnings.map(({ code, field, message }) => ({
    dossierCode,
    kind: "warning",
    code,
    field: [place, field].filter(Boolean).join("."),
    message,
  }));

const note = (progress: Progress, place: string, result: GroupResult, language: Language): void => {
  const { line, code } = progress.prepared;
  if ("refused" in result) {
    progress.refused = refusedCall({ line, dossierCode: code, place }, result.refused, language);
    progress.isHalf = place !== "";
    return;
  }
  progress.wrote ||= result.wrote;
  progress.findings.push(...warningsOf(code, place, result.answer.body));
};

/** The same calls as one by one: first the puts of all lines, then the first step of each that has one, then the second. */
const acceptOnce = async (accepting: Accepting, lines: readonly PreparedLine[]): Promise<Progress[]> => {
  const { executor, office, provinceCode, language } = accepting;
  const database: Database = { execute: (query) => executor.execute(query), transaction: (work) => work(executor) };
  const joined = { ...office, database };
  const all = lines.map((prepared): Progress => ({ prepared, wrote: false, findings: [] }));
  const depth = Math.max(0, ...lines.map(({ events }) => events.length));
  for (let n = -1; n < depth; n++) {
    const going = all.flatMap((progress) => {
      const { put, events } = progress.prepared;
      const call = n === -1 ? put : events[n];
      return progress.refused !== undefined || call === undefined ? [] : [{ progress, call }];
    });
    const results =
      going.length === 0
        ? []
        : await acceptGroup(
            joined,
            provinceCode,
            going.map(({ call }) => call),
          );
    for (const [i, result] of results.entries()) {
      const progress = going[i]?.progress;
      if (progress !== undefined) note(progress, n === -1 ? "" : `events[${n}]`, result, language);
    }
  }
  return all;
};

const outcomeOf = ({ prepared, wrote, findings, refused }: Progress): LineOutcome =>
  refused ?? { line: prepared.line, result: wrote ? "accepted" : "unchanged", findings };

/**
 * Accepts lines about different dossiers in the caller's transaction, each wholly or not at all: where a step is refused whose dossier was taken
 * already, everything is taken back and done again without that line.
 */
export const acceptLines = async (accepting: Accepting, lines: readonly PreparedLine[]): Promise<LineOutcome[]> => {
  const { executor, dryRun } = accepting;
  const outcomes: LineOutcome[] = [];
  for (let left = lines; left.length > 0; ) {
    await executor.execute(sql`savepoint lines`);
    const tried = await acceptOnce(accepting, left);
    const half = new Set(tried.filter(({ isHalf }) => isHalf === true));
    if (half.size > 0 || dryRun) await executor.execute(sql`rollback to savepoint lines`);
    const settled = half.size > 0 ? tried.filter(({ refused }) => refused !== undefined) : tried;
    outcomes.push(...settled.map(outcomeOf));
    left = half.size > 0 ? tried.filter(({ refused }) => refused === undefined).map(({ prepared }) => prepared) : [];
  }
  return outcomes;
};
