import type {
  Adapter,
  CallContext,
  Fault,
  PlatformCache,
  PlatformId,
  Reading,
  Transport,
} from "../../contracts/adapter.ts";
import type { Database } from "../database/database.ts";
import { createAttemptRecorder } from "../ledger/attempt-recorder.ts";
import { verdictOf } from "./breaker-watch.ts";
import type { GuardSettings } from "./guard-settings.ts";
import { takeHalfOpenTry } from "./half-open-try.ts";
import { holdOf } from "./hold.ts";
import { lockBudget } from "./lock-budget.ts";
import type { PlatformGuards } from "./platform-guards.ts";
import type { PlatformFacts } from "./read-platform-facts.ts";
import { spendBudget } from "./spend-budget.ts";
import { windowAt } from "./windows.ts";

/** What one call is made under. */
export interface Calling {
  readonly correlationId: string;
  /** Ends the call when whoever waits for it has gone. */
  readonly signal: AbortSignal;
}

/** Calls that somebody waits for, within the platform's guards. */
export interface PlatformCalls {
  readonly adapter: Adapter;
  /**
   * Asks at once or not at all: a platform that is held, used up or found to be down is a fault without a call
   * (`upstream_unavailable`, with the time after which it may be asked again). Never rejects for what the platform does.
   */
  ask<T>(calling: Calling, question: (call: CallContext) => Promise<Reading<T>>): Promise<Reading<T>>;
}

/** What calls are guarded with. */
export interface CallParts {
  readonly database: Database;
  readonly tenant: string;
  readonly platform: PlatformId;
  readonly settings: GuardSettings;
  readonly guards: Pick<PlatformGuards, "attempts" | "claims">;
  readonly adapter: Adapter;
  /** Guarded. */
  readonly transport: Transport;
  readonly cache: PlatformCache;
  readonly now: () => Date;
}

const DAY_MS = 24 * 3_600_000;
const VIETNAM_MS = 7 * 3_600_000;
/** Nobody knows when a person will resume a platform. */
const PAUSED_SECONDS = 60;
/** A half-open try has the deadline of one call, and its lease outlives that by this much. */
const TRY_MARGIN_MS = 1000;

const held = (why: string, retryAfterSeconds: number): { readonly ok: false; readonly fault: Fault } => ({
  ok: false,
  fault: {
    outcome: "transient",
    code: "upstream_unavailable",
    message: `guard: ${why}`,
    retryAfterSeconds: Math.max(1, Math.ceil(retryAfterSeconds)),
  },
});

/** Pure: how many seconds a hold lasts at least. */
const holdSeconds = (why: string, facts: PlatformFacts, settings: GuardSettings, now: number): number => {
  if (why === "breaker") return ((facts.openedAt ?? now) + settings.breakerResetMs - now) / 1000;
  if (why === "window") return ((windowAt(facts.windows ?? settings.windows, now)?.to ?? now) - now) / 1000;
  return why === "quota" ? (DAY_MS - ((now + VIETNAM_MS) % DAY_MS)) / 1000 : PAUSED_SECONDS;
};

/** The calls of one process (or one request) to one platform. */
export const createPlatformCalls = (parts: CallParts): PlatformCalls => {
  const { database, tenant, platform, settings, guards, adapter, transport, cache, now } = parts;
  const { claims } = guards;
  const { budget } = settings;
  const isLimited = budget.dailyQuota !== undefined || budget.ratePerS !== undefined;

  const isPaid = (): Promise<boolean> =>
    database.transaction(async (executor) => {
      const left = await lockBudget(executor, tenant, platform, budget);
      return left >= 1 && (await spendBudget(executor, tenant, platform, budget, 1));
    });

  const send = async <T>({ correlationId, signal }: Calling, question: (call: CallContext) => Promise<Reading<T>>) => {
    if (isLimited && !(await isPaid())) return held("its rate is used up", 1);
    const { attempt } = createAttemptRecorder({ transport, now, signal });
    const reading = await question({ correlationId, now, cache, attempt: guards.attempts(attempt) });
    if (claims.tripped) await claims.report();
    return reading;
  };

  /** The one call that tries a breaker which has been open long enough. */
  const tryHalfOpen = async <T>(calling: Calling, question: (call: CallContext) => Promise<Reading<T>>) => {
    const lease = { resetMs: settings.breakerResetMs, leaseMs: settings.timeoutMs + TRY_MARGIN_MS };
    const fence = await takeHalfOpenTry(database, tenant, platform, lease);
    if (fence === null) return held("breaker", 1);
    const reading = await send(calling, question);
    const isGuards = !reading.ok && reading.fault.message.startsWith("guard: ");
    claims.endTry(fence, isGuards || calling.signal.aborted ? "neither" : verdictOf(reading));
    await claims.report();
    return reading;
  };

  return {
    adapter,
    ask: async (calling, question) => {
      const known = await claims.facts();
      if (known === undefined) return held("its state is not known", 1);
      const { facts, at } = known;
      const hold = holdOf(facts, settings, at);
      if (hold === null) return send(calling, question);
      const isHalfOpen = hold === "breaker" && at - (facts.openedAt ?? at) >= settings.breakerResetMs;
      if (isHalfOpen && at >= (facts.tryUntil ?? 0)) return tryHalfOpen(calling, question);
      return held(hold, holdSeconds(hold, facts, settings, at));
    },
  };
};
