import type { Adapter, CallContext, Reading, Transport } from "../../../contracts/adapter.ts";
import type { Database } from "../../database/database.ts";
import { createAttemptRecorder } from "../../ledger/attempt-recorder.ts";
import { createPlatformCache } from "../../ledger/platform-cache.ts";
import type { BackOff } from "../../resilience/back-off.ts";
import type { PlatformQuestions } from "../../resilience/platform-questions.ts";
import type { InboundParts } from "../inbound-parts.ts";
import type { FetchParts } from "./fetch-parts.ts";
import { stepFetch } from "./step-fetch.ts";

/** A platform within its guards, to be asked for what it has for us. */
export interface FetchedPlatform {
  readonly database: Database;
  readonly adapter: Adapter;
  readonly transport: Transport;
  /** What attempts say about the platform is counted, and all but the first of a question are paid for. */
  readonly attempts: (attempt: CallContext["attempt"]) => CallContext["attempt"];
  readonly questions: Pick<PlatformQuestions, "admit">;
  readonly backOff: BackOff;
}

/** One piece of fetching; false: a pause is in order. */
export type FetchStep = (signal: AbortSignal) => Promise<boolean>;

/** A list of dossiers with all that they say. */
const MAX_LIST_BYTES = 16 * 1024 * 1024;
const LONGEST_REST_MS = 60_000;

/** What fetches from this platform; undefined: it brings by itself what it has. */
export const openFetching = (
  inbound: InboundParts,
  settings: Pick<FetchParts, "everyMs" | "mostFileBytes">,
  { database, adapter, transport, attempts, questions, backOff }: FetchedPlatform,
): FetchStep | undefined => {
  const { fetching, platform } = adapter;
  if (fetching === undefined) return undefined;
  const { now } = inbound;
  const cache = createPlatformCache(database, inbound.tenant, platform);
  const large: Transport = (request, options) => transport(request, { ...options, maxAnswerBytes: MAX_LIST_BYTES });
  const restSeconds = Math.min(backOff.maxMs, LONGEST_REST_MS) / 1000;
  return (signal) => {
    const ask = async <T>(question: (call: CallContext) => Promise<Reading<T>>, isList = false) => {
      const admission = await questions.admit(1);
      if (admission.questions === 0) return { held: admission.held ?? "rate" };
      const { attempt } = createAttemptRecorder({ transport: isList ? large : transport, now, signal });
      const call = { correlationId: crypto.randomUUID(), now, cache, attempt: attempts(attempt) };
      let ending: "good" | "bad" | "neither" = "neither";
      try {
        const reading = await question(call);
        ending = reading.ok || reading.fault.outcome === "refused" ? "good" : "bad";
        return { held: null, reading };
      } finally {
        await admission.ended(signal.aborted ? "neither" : ending);
      }
    };
    return stepFetch({ database, inbound, fetching, ask, restSeconds, ...settings });
  };
};
