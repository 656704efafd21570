import type {
  Adapter,
  CallContext,
  Fault,
  HttpRequest,
  Reading,
  Transport,
  WireCall,
} from "../../contracts/adapter.ts";
import { TransportError } from "../../contracts/adapter.ts";
import type { ClaimedEntry, DispatchLedger, Settlement } from "../../contracts/ledger.ts";
import { createBreakerWatch, type Verdict, verdictOf, verdictOfFault } from "./breaker-watch.ts";
import { createBulkhead } from "./bulkhead.ts";
import { type ClaimGuard, type ClaimGuardParts, createClaimGuard } from "./claim-guard.ts";
import { withDeadline } from "./deadline.ts";
import { spendBudget } from "./spend-budget.ts";

type Perform = (entry: ClaimedEntry, signal: AbortSignal) => Promise<Settlement>;

/** The guards of one platform in one process. Each wraps a port and returns the same port. */
export interface PlatformGuards {
  /** Deadline and bulkhead around every call. */
  readonly transport: (transport: Transport) => Transport;
  /** Counts what attempts say about the platform; takes calls beyond an exchange's first from the budget. */
  readonly adapter: (adapter: Adapter) => Adapter;
  /** The same for the attempts of one question that is no exchange. */
  readonly attempts: (attempt: CallContext["attempt"]) => CallContext["attempt"];
  /** Holds entries while the platform is paused, in a window, open or used up; otherwise claims within the budget. */
  readonly ledger: (ledger: DispatchLedger) => DispatchLedger;
  /** What the platform's state is, and what this process saw of it: for calls that are no exchanges. */
  readonly claims: Pick<ClaimGuard, "facts" | "report" | "tripped" | "endTry">;
  /** Ends the half-open try of the entry that makes it. */
  readonly perform: (perform: Perform) => Perform;
}

/** Everything but the watch, which the guards make for themselves. */
export type PlatformGuardsParts = Omit<ClaimGuardParts, "watch">;

const NO_QUOTA_LEFT: Fault = {
  outcome: "transient",
  code: "upstream_unavailable",
  message: "guard: the daily quota is used up",
};

const endingOf = ({ next }: Settlement): Verdict => {
  if (next.state === "delivered") return "good";
  if (next.fault === NO_QUOTA_LEFT) return "neither";
  // A session that is refused again and again is still an answer.
  return next.fault.sessionDied === true ? "good" : verdictOfFault(next.fault);
};

/** A half-open try costs its entries no waiting: the breaker decides when they are sent again. */
const withoutBackOff = (settlement: Settlement): Settlement => {
  const { next, followers } = settlement;
  if (next.state !== "waiting" || next.fault.retryAfterSeconds !== undefined) return settlement;
  return {
    ...settlement,
    next: { ...next, delayMs: 0 },
    ...(followers && { followers: followers.map(withoutBackOff) }),
  };
};

/** Puts the guards of one platform together. */
export const createPlatformGuards = (parts: PlatformGuardsParts): PlatformGuards => {
  const { database, tenant, platform, settings, elapsed } = parts;
  const { budget, timeoutMs, concurrency, breakerErrorPercent } = settings;
  const limited = budget.ratePerS !== undefined || budget.dailyQuota !== undefined;
  const watch = createBreakerWatch(breakerErrorPercent, elapsed);
  const claims = createClaimGuard({ ...parts, watch });
  /** Requests that ended by our own doing: a guard's refusal, or the end of the process. */
  const ours = new WeakSet<HttpRequest>();

  const watched =
    (attempt: CallContext["attempt"]): CallContext["attempt"] =>
    async <T>(call: WireCall<T>): Promise<Reading<T>> => {
      const begun = watch.begun();
      const reading = await attempt(call);
      await watch.ended(begun, ours.has(call.request) ? "neither" : verdictOf(reading));
      return reading;
    };

  /** The claim paid for the first call of an exchange; a login or a probe before it is one more. */
  const paid = (attempt: CallContext["attempt"]): CallContext["attempt"] => {
    if (!limited) return attempt;
    let calls = 0;
    return async (call) => {
      calls += 1;
      if (calls > 1 && !(await spendBudget(database, tenant, platform, budget, 1)))
        return { ok: false, fault: NO_QUOTA_LEFT };
      return attempt(call);
    };
  };

  const attempts: PlatformGuards["attempts"] = (attempt) => paid(watched(attempt));

  return {
    transport: (inner) => {
      const bulkhead = createBulkhead(inner, concurrency, (request) => ours.add(request));
      const bounded = withDeadline(bulkhead.transport, timeoutMs);
      return async (request, options) => {
        try {
          return await bounded(request, options);
        } catch (error) {
          if (error instanceof TransportError && error.reason === "cancelled") ours.add(request);
          throw error;
        }
      };
    },
    adapter: (adapter) => {
      const { packets } = adapter;
      const guarded = (call: CallContext): CallContext => ({ ...call, attempt: attempts(call.attempt) });
      return {
        ...adapter,
        perform: (message, call) => adapter.perform(message, guarded(call)),
        ...(packets && {
          packets: { ...packets, perform: (messages, call) => packets.perform(messages, guarded(call)) },
        }),
      };
    },
    attempts,
    claims,
    ledger: (ledger) => ({ ...ledger, claim: claims.claim }),
    perform: (perform) => async (entry, signal) => {
      const fence = claims.takeTry(entry);
      if (fence === undefined) return perform(entry, signal);
      const settlement = await perform(entry, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
      claims.endTry(fence, signal.aborted ? "neither" : endingOf(settlement));
      return withoutBackOff(settlement);
    },
  };
};
