import type { Adapter, CallContext, Fault } from "../../../contracts/adapter.ts";
import type { PlatformDossier } from "../../../contracts/comparer.ts";
import type { PlatformQuestions } from "../../resilience/platform-questions.ts";

type Source = NonNullable<NonNullable<Adapter["compare"]>["source"]>;

/** A platform that is asked dossier by dossier. */
export type LookUps = Extract<Source, { kind: "look-up" }>;

/** What the platform said of one dossier: what it holds, a readable refusal to say, or nothing readable. */
export type Told =
  | { readonly kind: "told"; readonly theirs: PlatformDossier | null }
  | { readonly kind: "refused" }
  | { readonly kind: "silent" };

/** Questions in flight at once: exchanges share the line, and matter more. */
const AT_ONCE = 4;
/** No question is begun later than this: a batch ends soon after, and with it what a stop waits for. */
const BEGIN_WITHIN_MS = 2000;
/** A single lost answer is asked for once more at once. */
const TRIES = 2;

const wasSilent = (fault: Fault): boolean => fault.outcome !== "refused";

const askOnce = async (source: LookUps, code: string, call: CallContext): Promise<Told> => {
  try {
    const reading = await source.find(code, call);
    if (reading.ok) return { kind: "told", theirs: reading.value };
    return { kind: wasSilent(reading.fault) ? "silent" : "refused" };
  } catch {
    return { kind: "silent" };
  }
};

const ask = async (source: LookUps, code: string, call: CallContext): Promise<Told> => {
  let told: Told = { kind: "silent" };
  for (let n = 0; n < TRIES && told.kind === "silent"; n++) told = await askOnce(source, code, call);
  return told;
};

/**
 * Asks about dossiers, some at a time, in their order. The answer is shorter than `codes` where the time was over or the
 * platform fell silent: what follows the last thing it said is left for another time, since nobody knows whether it would
 * have answered.
 *
 * @param elapsed monotonic milliseconds.
 */
export const askDossiers = async (
  questions: Pick<PlatformQuestions, "call">,
  source: LookUps,
  { codes, correlationId }: { readonly codes: readonly string[]; readonly correlationId: string },
  elapsed: () => number,
): Promise<Told[]> => {
  const begun = elapsed();
  const told: Told[] = [];
  let next = 0;
  let silent = 0;
  const worker = async (): Promise<void> => {
    while (next < codes.length && silent < AT_ONCE && elapsed() - begun < BEGIN_WITHIN_MS) {
      const at = next++;
      const answer = await ask(source, codes[at] ?? "", questions.call(correlationId));
      silent = answer.kind === "silent" ? silent + 1 : 0;
      told[at] = answer;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const last = told.findLastIndex(({ kind }) => kind !== "silent");
  return told.slice(0, last + 1);
};
