import { type Batch, compareAsked, compareListed } from "./compare-dossiers.ts";
import { fetchList } from "./fetch-list.ts";
import { findStrangers } from "./find-strangers.ts";
import { enterPhase, finishRun, giveUpRun } from "./finish-run.ts";
import type { RunRow } from "./run-row.ts";
import type { RunnerParts } from "./runner-parts.ts";
import { restRun, takeRun } from "./take-run.ts";

/** Beside the deadline of one call: how long a batch may take to ask, read and write. */
const LEASE_SECONDS = 60;
/** Batches in a row without any answer, half a minute apart: the platform is not held, and does not answer. */
const MOST_FRUITLESS = 20;
/** How long a run is left to processes that can ask its platform. */
const ELSEWHERE_SECONDS = 10;

/** The source of a run's questions, or null: this process cannot ask (another one may). */
const sourceOf = ({ questionsOf }: RunnerParts, { platform }: RunRow) => {
  const questions = questionsOf(platform);
  const source = questions?.adapter.compare?.source;
  return questions === undefined || source === undefined ? null : { questions, source };
};

const compare = async (parts: RunnerParts, run: RunRow): Promise<Batch> => {
  if (run.phase === "strangers") {
    const found = await parts.database.transaction((executor) =>
      findStrangers(executor, parts.tenant, run, parts.province),
    );
    return found ? "worked" : "nothing-left";
  }
  if (run.phase === "dossiers" && run.source !== "look-up") return compareListed({ parts, run });
  const asked = sourceOf(parts, run);
  if (asked?.source.kind === "look-up" && run.source === "look-up")
    return compareAsked({ parts, run }, asked.questions, asked.source);
  if (asked?.source.kind === "list" && run.source === "list")
    return fetchList(parts, run, asked.questions, asked.source);
  // Counted as fruitless: a profile that was changed meanwhile will never answer.
  const held = { seconds: ELSEWHERE_SECONDS, held: "unanswered", isFruitless: true };
  await restRun(parts.database, parts.tenant, run, held);
  return "rests";
};

const next = async (parts: RunnerParts, run: RunRow): Promise<void> => {
  const { database, tenant, settings } = parts;
  if (run.phase === "fetch") return enterPhase(database, tenant, run, "dossiers");
  const looksForStrangers = run.phase === "dossiers" && run.list_id !== null && run.sees.includes("missing-here");
  if (looksForStrangers) return enterPhase(database, tenant, run, "strangers");
  await database.transaction((executor) => finishRun(executor, tenant, run, settings));
};

/**
 * Does one bounded piece of the run that is due first. How far it is stands in the tables alone, so that any process goes on
 * where another ended or was killed; no dossier is counted twice.
 *
 * @returns whether anything was done: when not, a pause is in order.
 */
export const stepRun = async (parts: RunnerParts): Promise<boolean> => {
  const { database, tenant } = parts;
  const run = await takeRun(database, tenant, LEASE_SECONDS);
  if (run === null) return false;
  if (run.fruitless >= MOST_FRUITLESS) {
    await database.transaction((executor) => giveUpRun(executor, tenant, run));
    return true;
  }
  const batch = await compare(parts, run);
  if (batch === "nothing-left") await next(parts, run);
  return batch !== "rests";
};
