import type { AttemptKind, Fault, HttpAnswer, Reading, Transport, WireCall } from "../../contracts/adapter.ts";
import { TransportError } from "../../contracts/adapter.ts";
import { IntermediaryFault } from "../../contracts/intermediary-fault.ts";
import type { AttemptRecord } from "../../contracts/ledger.ts";

/** What the recorder needs of its surroundings. */
export interface RecorderSurroundings {
  /** Ends every call at the platform's deadline by itself (src/resilience/deadline.ts). */
  readonly transport: Transport;
  readonly now: () => Date;
  /** Aborts everything, at shutdown. */
  readonly signal: AbortSignal;
}

/** An attempt; that of a packet with the evidence of each of its exchanges. */
export interface RecordedAttempt extends AttemptRecord {
  readonly shares?: readonly string[];
}

/** Sends, reads and records attempts for one try at one exchange, or at a packet of them. */
export interface AttemptRecorder {
  readonly attempt: <T>(call: WireCall<T>) => Promise<Reading<T>>;
  readonly records: readonly RecordedAttempt[];
}

/** Answers longer than this are cut and recorded as unreadable: no platform's answer here needs a fraction of it. */
export const MAX_ANSWER_BYTES = 1024 * 1024;

/** A platform's words longer than this are cut: they are shown line by line, and kept twice. */
export const MAX_MESSAGE_CHARACTERS = 2000;

/** Evidence longer than this is cut in the record, with a mark. */
export const MAX_EVIDENCE_CHARACTERS = 64 * 1024;

const capped = (evidence: string): string =>
  evidence.length <= MAX_EVIDENCE_CHARACTERS
    ? evidence
    : `${evidence.slice(0, MAX_EVIDENCE_CHARACTERS)}…[${evidence.length} characters]`;

// Only a message changes something at the platform: a lost login, look-up or probe is without effect.
const lost = (kind: AttemptKind, sent: boolean): Fault["outcome"] =>
  kind === "send" && sent ? "unknown" : "transient";

const transportFault = (kind: AttemptKind, error: unknown): Fault => {
  if (!(error instanceof TransportError)) {
    return {
      outcome: lost(kind, true),
      code: "internal",
      message: `unexpected ${(error as Error)?.name ?? "failure"}`,
    };
  }
  if (error.cause instanceof IntermediaryFault) {
    const { fault } = error.cause;
    return { ...fault, outcome: fault.outcome === "unknown" ? lost(kind, error.sent) : fault.outcome };
  }
  return {
    outcome: lost(kind, error.sent),
    code: error.reason === "timeout" && error.sent ? "upstream_timeout" : "upstream_unavailable",
    message: error.message,
  };
};

const cappedReading = <T>(reading: Reading<T>): Reading<T> =>
  reading.ok || reading.fault.message.length <= MAX_MESSAGE_CHARACTERS
    ? reading
    : { ok: false, fault: { ...reading.fault, message: `${reading.fault.message.slice(0, MAX_MESSAGE_CHARACTERS)}…` } };

const readSafely = <T>(call: WireCall<T>, answer: HttpAnswer): Reading<T> => {
  try {
    return cappedReading(call.read(answer));
  } catch (error) {
    const message = `the answer could not be read (${(error as Error)?.name ?? "failure"})`;
    return { ok: false, fault: { outcome: lost(call.kind, true), code: "upstream_malformed", message } };
  }
};

// An answer that cannot be cleaned of its secrets is withheld, but its attempt is recorded all the same: without the record
// a message that may have taken effect would pass for one that was never sent.
const cleaned = <T>(call: WireCall<T>, body: string): string => {
  try {
    return call.answerEvidence?.(body) ?? body;
  } catch (error) {
    return `[withheld: ${(error as Error)?.name ?? "failure"} while secrets were taken out]`;
  }
};

/** A recorder for one try: attempts come out numbered in the order they were made. */
export const createAttemptRecorder = (surroundings: RecorderSurroundings): AttemptRecorder => {
  const { transport, now, signal } = surroundings;
  const options = { signal, maxAnswerBytes: MAX_ANSWER_BYTES };
  const records: RecordedAttempt[] = [];

  const exchange = async <T>(call: WireCall<T>): Promise<{ reading: Reading<T>; answer?: HttpAnswer }> => {
    try {
      const answer = await transport(call.request, options);
      return { reading: readSafely(call, answer), answer };
    } catch (error) {
      return { reading: { ok: false, fault: transportFault(call.kind, error) } };
    }
  };

  return {
    records,
    attempt: async (call) => {
      const startedAt = now();
      const { reading, answer } = await exchange(call);
      const body = answer?.body ?? "";
      const fault = reading.ok ? undefined : reading.fault;
      records.push({
        kind: call.kind,
        startedAt,
        durationMs: Math.max(0, now().getTime() - startedAt.getTime()),
        outcome: fault?.outcome ?? "delivered",
        request: capped(call.evidence),
        ...(call.shares && { shares: call.shares.map(capped) }),
        response: capped(cleaned(call, body)),
        ...(answer && { httpStatus: answer.status }),
        ...(fault && { errorCode: fault.code, message: fault.message }),
        ...(fault?.platformCode !== undefined && { platformCode: fault.platformCode }),
      });
      return reading;
    },
  };
};
