import type { ClaimedEntry, DispatchLedger, Settlement } from "../contracts/ledger.ts";
import type { FetchStep } from "./portal-inbound/fetch/open-fetching.ts";
import type { MirrorStep } from "./procedures/open-procedures.ts";
import type { PlatformCalls } from "./resilience/platform-calls.ts";
import type { PlatformQuestions } from "./resilience/platform-questions.ts";

/** The two halves of draining one platform, and what it is asked besides, all within the same guards. */
export interface PlatformDispatch {
  readonly ledger: DispatchLedger;
  readonly perform: (entry: ClaimedEntry, signal: AbortSignal) => Promise<Settlement>;
  /** One piece of mirroring the platform's catalogue, where it has one. */
  readonly mirror?: MirrorStep | undefined;
  /** Calls that somebody waits for. */
  readonly calls: PlatformCalls;
  /** One piece of fetching what waits at the platform, where something does. */
  readonly fetch?: FetchStep | undefined;
  /** Questions that are no exchanges. */
  readonly questions: PlatformQuestions;
}
