import type { Adapter, CallContext, PlatformCache, PlatformId, Transport } from "../../contracts/adapter.ts";
import type { Hold } from "../../contracts/services/platforms.ts";
import type { Database } from "../database/database.ts";
import { createAttemptRecorder } from "../ledger/attempt-recorder.ts";
import type { GuardSettings } from "./guard-settings.ts";
import { endHalfOpenTry, type TryEnding, takeHalfOpenTry } from "./half-open-try.ts";
import { holdOf } from "./hold.ts";
import { lockBudget } from "./lock-budget.ts";
import type { PlatformGuards } from "./platform-guards.ts";
import { readPlatformFacts } from "./read-platform-facts.ts";
import { spendBudget } from "./spend-budget.ts";

/** How many questions may be asked now. */
interface Admission {
  /** Taken from the budget already. */
  readonly questions: number;
  /** Why there are none: the platform is held, or its rate is used up for the moment. */
  readonly held: Hold | "rate" | null;
  /** To be told how they went: a half-open breaker may close by them. */
  ended(ending: TryEnding): Promise<void>;
}

/** Questions to one platform that are no exchanges, within its guards: they wait while it is held, and leave room for what is delivered. */
export interface PlatformQuestions {
  readonly adapter: Adapter;
  /** Lets up to `most` questions through. */
  admit(most: number): Promise<Admission>;
  /** What one question that was let through is asked with; calls beyond its first are taken from the budget. */
  call(correlationId: string): CallContext;
}

/** What questions are guarded with. */
export interface QuestionParts {
  readonly database: Database;
  readonly tenant: string;
  readonly platform: PlatformId;
  readonly settings: GuardSettings;
  readonly guards: Pick<PlatformGuards, "attempts">;
  readonly adapter: Adapter;
  /** Guarded. */
  readonly transport: Transport;
  readonly cache: PlatformCache;
  readonly now: () => Date;
}

/** Exchanges matter more: questions use at most this share of a day's quota, and of what the rate allows at a moment. */
const SHARE = 1 / 2;
/** A half-open try has the deadline of one call, and its lease outlives that by this much. */
const TRY_MARGIN_MS = 1000;

const nothingToEnd = async (): Promise<void> => undefined;

const none = (held: Hold | "rate"): Admission => ({ questions: 0, held, ended: nothingToEnd });

/** The questions of one process to one platform. */
export const createPlatformQuestions = (parts: QuestionParts): PlatformQuestions => {
  const { database, tenant, platform, settings, guards, adapter, transport, cache, now } = parts;
  const { dailyQuota, ratePerS } = settings.budget;
  const isLimited = dailyQuota !== undefined || ratePerS !== undefined;
  const signal = new AbortController().signal;

  const admitWithin = async (most: number): Promise<Admission> => {
    if (!isLimited) return { questions: most, held: null, ended: nothingToEnd };
    const questions = await database.transaction(async (executor) => {
      const left = await lockBudget(executor, tenant, platform, settings.budget);
      const allowed = Math.min(most, Math.ceil(left * SHARE));
      if (allowed <= 0) return 0;
      return (await spendBudget(executor, tenant, platform, settings.budget, allowed)) ? allowed : 0;
    });
    return questions === 0 ? none("rate") : { questions, held: null, ended: nothingToEnd };
  };

  /** A breaker that opened by questions alone would stay open if only exchanges could try it. */
  const admitTry = async (): Promise<Admission> => {
    const lease = { resetMs: settings.breakerResetMs, leaseMs: settings.timeoutMs + TRY_MARGIN_MS };
    const fence = await takeHalfOpenTry(database, tenant, platform, lease);
    if (fence === null) return none("breaker");
    const { questions, held } = await admitWithin(1);
    const ended = async (ending: TryEnding): Promise<void> => {
      await endHalfOpenTry(database, tenant, platform, fence, ending);
    };
    if (questions === 0) await ended("neither");
    return { questions, held, ended };
  };

  return {
    adapter,
    admit: async (most) => {
      const [facts] = await readPlatformFacts(database, tenant, [platform]);
      if (facts === undefined) return none("breaker");
      const hold = holdOf(facts, settings);
      if (hold === "breaker") return admitTry();
      if (hold !== null) return none(hold);
      const isSpent = dailyQuota !== undefined && facts.usedToday >= dailyQuota * SHARE;
      return isSpent ? none("quota") : admitWithin(most);
    },
    call: (correlationId) => {
      const { attempt } = createAttemptRecorder({ transport, now, signal });
      return { correlationId, now, cache, attempt: guards.attempts(attempt) };
    },
  };
};
