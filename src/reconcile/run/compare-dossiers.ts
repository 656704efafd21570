import type { PlatformDossier } from "../../../contracts/comparer.ts";
import type { PlatformQuestions } from "../../resilience/platform-questions.ts";
import { askDossiers, type LookUps, type Told } from "./ask-dossiers.ts";
import { judge } from "./judge.ts";
import { type LocalDossier, readDossiers } from "./read-dossiers.ts";
import { type Finding, recordFindings } from "./record-findings.ts";
import type { RunRow } from "./run-row.ts";
import type { RunnerParts } from "./runner-parts.ts";
import { restRun } from "./take-run.ts";

/** Dossiers of one batch, where each of them is a question, and where the list is at hand. */
const BATCH = { asked: 100, listed: 1000 } as const;
/** How long to rest when the platform is held, when its rate is used up, and when it does not answer. */
const REST_SECONDS = { held: 10, rate: 0.25, silent: 30 } as const;

/** What a batch came to. */
export type Batch = "worked" | "rests" | "nothing-left";

const findingOf = (dossier: LocalDossier, told: Told | undefined, { parts, run }: Comparison): Finding => {
  const { status, portal_code: portalCode, expected } = dossier;
  const ours = parts.comparerOf(run.platform)?.statusOf(status, portalCode !== null) ?? null;
  if (dossier.in_flight) return { dossier, judgement: { verdict: "in-flight" }, ours, theirs: null };
  if (told?.kind !== "told") return { dossier, judgement: { verdict: "not-compared" }, ours, theirs: null };
  const { theirs } = told;
  const judgement = judge({ expected, ours, word: status, theirs }, run.sees);
  return { dossier, judgement, ours, theirs: theirs?.status ?? null };
};

interface Comparison {
  readonly parts: RunnerParts;
  readonly run: RunRow;
}

const record = async ({ parts, run }: Comparison, findings: readonly Finding[]): Promise<Batch> => {
  await parts.database.transaction((executor) => recordFindings(executor, parts.tenant, run, findings));
  return "worked";
};

/** Only what the platform was given is asked for: of another dossier its answer would say nothing. */
const isAsked = ({ in_flight: inFlight, expected }: LocalDossier): boolean => !inFlight && expected;

const rest = async (
  { parts, run }: Comparison,
  how: { seconds: number; held: string; isFruitless?: boolean },
): Promise<Batch> => {
  await restRun(parts.database, parts.tenant, run, how);
  return "rests";
};

/** Compares the next dossiers by asking the platform about each; holds no transaction meanwhile. */
export const compareAsked = async (
  comparison: Comparison,
  questions: PlatformQuestions,
  source: LookUps,
): Promise<Batch> => {
  const { parts, run } = comparison;
  const dossiers = await readDossiers(parts.database, parts.tenant, run, BATCH.asked);
  if (dossiers.length === 0) return "nothing-left";
  const asked = dossiers.filter(isAsked);
  const admission = asked.length === 0 ? null : await questions.admit(asked.length);
  const admitted = asked.slice(0, admission?.questions ?? 0);
  const codes = admitted.map(({ code }) => code);
  const told = await askDossiers(questions, source, { codes, correlationId: run.correlation_id }, parts.elapsed);
  if (codes.length > 0) await admission?.ended(told.length > 0 ? "good" : "bad");
  const tolds = new Map(told.map((one, i) => [codes[i], one]));
  const end = dossiers.findIndex((dossier) => isAsked(dossier) && !tolds.has(dossier.code));
  const findings = (end === -1 ? dossiers : dossiers.slice(0, end)).map((dossier) =>
    findingOf(dossier, tolds.get(dossier.code), comparison),
  );
  if (findings.length > 0) return record(comparison, findings);
  const held = admission?.held ?? null;
  if (held === null) return rest(comparison, { seconds: REST_SECONDS.silent, held: "unanswered", isFruitless: true });
  return rest(comparison, { seconds: REST_SECONDS[held === "rate" ? "rate" : "held"], held });
};

const listedOf = ({ code, listed, listed_status: status }: LocalDossier): PlatformDossier | null =>
  listed ? { code, ...(status !== null && { status }) } : null;

/** Compares the next dossiers with the list of the run. */
export const compareListed = async (comparison: Comparison): Promise<Batch> => {
  const { parts, run } = comparison;
  const dossiers = await readDossiers(parts.database, parts.tenant, run, BATCH.listed);
  if (dossiers.length === 0) return "nothing-left";
  return record(
    comparison,
    dossiers.map((dossier) => findingOf(dossier, { kind: "told", theirs: listedOf(dossier) }, comparison)),
  );
};
