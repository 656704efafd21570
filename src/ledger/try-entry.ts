import type { Adapter, CallContext, Message, Outcome, PlatformCache, Transport } from "../../contracts/adapter.ts";
import type { ClaimedEntry, OpenMessage, Settlement } from "../../contracts/ledger.ts";
import type { BackOff } from "../resilience/back-off.ts";
import { createAttemptRecorder } from "./attempt-recorder.ts";
import { decideNext } from "./decide-next.ts";
import { hideWords, personalWords } from "./personal-words.ts";

/** Everything one try at an exchange needs. */
export interface TryDependencies {
  readonly adapter: Adapter;
  readonly transport: Transport;
  readonly cache: PlatformCache;
  readonly openMessage: OpenMessage;
  readonly now: () => Date;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly backOff: BackOff;
  /** For the platform that webhooks are delivered to. */
  readonly endpoint?: CallContext["endpoint"];
}

// A fault of ours (an unreadable payload, a bug in an adapter) must neither lose the entry nor spin on it:
// it waits like any transient fault, and its outcome counts as unknown if something had been sent.
const ownFault = (error: unknown, sent: boolean): Outcome => ({
  delivered: false,
  fault: {
    outcome: sent ? "unknown" : "transient",
    code: "internal",
    message: `our own failure: ${(error as Error)?.name ?? "unnamed"}`,
  },
});

/** What a platform said is shown to operators: the people it is about are hidden before it is kept as the cause. */
const withoutPeople = (outcome: Outcome, about: Message): Outcome =>
  outcome.delivered
    ? outcome
    : {
        delivered: false,
        fault: { ...outcome.fault, message: hideWords(outcome.fault.message, personalWords(about)) },
      };

/** One try at one claimed entry, with every attempt recorded. Never rejects. */
export const tryEntry = async (
  entry: ClaimedEntry,
  dependencies: TryDependencies,
  signal: AbortSignal,
): Promise<Settlement> => {
  const { adapter, cache, now } = dependencies;
  const recorder = createAttemptRecorder({ ...dependencies, signal });
  let outcome: Outcome;
  try {
    const message = dependencies.openMessage(entry);
    const { endpoint } = dependencies;
    const given = { correlationId: entry.correlationId, now, cache, attempt: recorder.attempt };
    const call = { ...given, ...(endpoint && { endpoint }) };
    outcome = withoutPeople(await adapter.perform(message, call), message);
  } catch (error) {
    const sent = recorder.records.some(({ kind, outcome: ended }) => kind === "send" && ended !== "transient");
    outcome = ownFault(error, sent);
  }
  const next = decideNext(entry, outcome, dependencies.backOff, dependencies.random());
  return { entry, next, attempts: recorder.records };
};
