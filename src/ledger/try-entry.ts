import type { Adapter, CallContext, Message, Outcome, PlatformCache, Transport } from "../../contracts/adapter.ts";
import type { AttemptRecord, ClaimedEntry, OpenMessage, Settlement } from "../../contracts/ledger.ts";
import type { BackOff } from "../resilience/back-off.ts";
import { createAttemptRecorder, type RecordedAttempt } from "./attempt-recorder.ts";
import { decideNext } from "./decide-next.ts";
import { inPacket } from "./packet.ts";
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
const withoutPeople = (outcome: Outcome, about: readonly Message[]): Outcome =>
  outcome.delivered
    ? outcome
    : {
        delivered: false,
        fault: { ...outcome.fault, message: hideWords(outcome.fault.message, about.flatMap(personalWords)) },
      };

const performAll = async (adapter: Adapter, messages: readonly Message[], call: CallContext): Promise<Outcome> => {
  const [first, ...others] = messages;
  if (first !== undefined && others.length === 0) return adapter.perform(first, call);
  if (adapter.packets === undefined) throw new Error("the adapter knows no packets");
  return adapter.packets.perform(messages, call);
};

/** What an entry of a packet has to show: its share of the messages; logins and look-ups are its head's. */
const attemptsOf = (records: readonly RecordedAttempt[], place: number): AttemptRecord[] =>
  records.flatMap(({ shares, ...record }) => {
    if (shares !== undefined) return [{ ...record, request: shares[place] ?? record.request }];
    return place === 0 || record.kind === "send" ? [record] : [];
  });

// One answer for all does not say whom it means (np 6, item 4): each goes alone then, and the one that is meant fails alone.
const aloneNext = (next: Settlement["next"]): Settlement["next"] =>
  next.state === "failed" && next.fault.outcome === "refused"
    ? { state: "waiting", fault: next.fault, delayMs: 0 }
    : next;

/** One try at one claimed entry, and at those that go in the same call, with every attempt recorded. Never rejects. */
export const tryEntry = async (
  entry: ClaimedEntry,
  dependencies: TryDependencies,
  signal: AbortSignal,
): Promise<Settlement> => {
  const { adapter, cache, now, backOff } = dependencies;
  const entries = inPacket(entry);
  const recorder = createAttemptRecorder({ ...dependencies, signal });
  let outcome: Outcome;
  try {
    const messages = entries.map((one) => dependencies.openMessage(one));
    const { endpoint } = dependencies;
    const given = { correlationId: entry.correlationId, now, cache, attempt: recorder.attempt };
    const call = { ...given, ...(endpoint && { endpoint }) };
    outcome = withoutPeople(await performAll(adapter, messages, call), messages);
  } catch (error) {
    const sent = recorder.records.some(({ kind, outcome: ended }) => kind === "send" && ended !== "transient");
    outcome = ownFault(error, sent);
  }
  const random = dependencies.random();
  const settlement = (one: ClaimedEntry, place: number): Settlement => {
    const next = decideNext(one, outcome, backOff, random);
    return {
      entry: one,
      next: entries.length > 1 ? aloneNext(next) : next,
      attempts: attemptsOf(recorder.records, place),
    };
  };
  const followers = (entry.followers ?? []).map((one, n) => settlement(one, n + 1));
  return { ...settlement(entry, 0), ...(followers.length > 0 && { followers }) };
};
