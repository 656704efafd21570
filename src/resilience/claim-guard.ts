import type { PlatformId } from "../../contracts/adapter.ts";
import type { ClaimedEntry } from "../../contracts/ledger.ts";
import type { Database, Executor } from "../database/database.ts";
import type { BreakerWatch } from "./breaker-watch.ts";
import type { GuardSettings } from "./guard-settings.ts";
import { endHalfOpenTry, type TryEnding, takeHalfOpenTry } from "./half-open-try.ts";
import { holdOf } from "./hold.ts";
import { lockBudget } from "./lock-budget.ts";
import { noteGoodCall } from "./note-good-call.ts";
import { openBreaker } from "./open-breaker.ts";
import { type PlatformFacts, readPlatformFacts } from "./read-platform-facts.ts";
import { spendBudget } from "./spend-budget.ts";

/** Told once in the whole deployment for each change: by the process that made it. */
export type BreakerObserver = (change: "opened" | "closed") => void;

/** What claims are guarded with. */
export interface ClaimGuardParts {
  readonly database: Database;
  readonly tenant: string;
  readonly platform: PlatformId;
  readonly settings: GuardSettings;
  readonly watch: BreakerWatch;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
  readonly onBreaker: BreakerObserver;
  /** The unguarded claim, in whatever transaction the guard needs. */
  readonly claim: (executor: Executor, limit: number) => Promise<ClaimedEntry[]>;
}

/** Decides how many entries may be claimed now, and which of them tries a half-open breaker. */
export interface ClaimGuard {
  claim(limit: number): Promise<ClaimedEntry[]>;
  /** The number of the half-open try that this entry makes, once; undefined for any other entry. */
  takeTry(entry: ClaimedEntry): number | undefined;
  /** A half-open try is over; written with the next claim or report. */
  endTry(fence: number, ending: TryEnding): void;
  /** What the database said a moment ago, and what time it is there now (milliseconds). */
  facts(): Promise<{ readonly facts: PlatformFacts; readonly at: number } | undefined>;
  /** The breaker has to open and nobody wrote it yet. */
  readonly tripped: boolean;
  /** Writes what was seen since the last claim: that the breaker opens, how a half-open try ended. */
  report(): Promise<void>;
}

/** What the database said is believed this long; so long a pause or an open breaker may go unnoticed. */
export const FACTS_MS = 250;

/** `lastGoodCallAt` is written once in this time at most, by each process. */
const GOOD_CALL_MS = 5_000;

/** A half-open try has the deadline of one call, and its lease outlives that by this much. */
const TRY_MARGIN_MS = 1_000;

/** Undoes a claim whose half-open try somebody else took first. */
class TryTaken extends Error {}

/** A guard over one database, for one process. */
export const createClaimGuard = (parts: ClaimGuardParts): ClaimGuard => {
  const { database, tenant, platform, settings, watch, elapsed, onBreaker } = parts;
  const { budget, breakerResetMs, timeoutMs } = settings;
  const limited = budget.ratePerS !== undefined || budget.dailyQuota !== undefined;
  const tries = new Map<string, number>();
  let known: { readonly facts: PlatformFacts; readonly at: number } | undefined;
  let ended: { readonly fence: number; readonly ending: TryEnding } | undefined;
  let forgotten: number | null = null;
  let goodNotedAt = Number.NEGATIVE_INFINITY;

  // Written here, one after the other, and not where it happened: a failure of the store is then the claim's failure,
  // which is tried again, and nothing runs behind anybody's back.
  const report = async (): Promise<void> => {
    if (watch.tripped) {
      if (await openBreaker(database, tenant, platform)) onBreaker("opened");
      watch.forget();
      known = undefined;
    }
    if (ended !== undefined) {
      const { fence, ending } = ended;
      const counted = await endHalfOpenTry(database, tenant, platform, fence, ending);
      ended = undefined;
      known = undefined;
      if (counted && ending === "good") onBreaker("closed");
    }
    if (elapsed() - goodNotedAt >= GOOD_CALL_MS && watch.takeGood()) {
      goodNotedAt = elapsed();
      await noteGoodCall(database, tenant, platform);
    }
  };

  const readFacts = async (): Promise<PlatformFacts | undefined> => {
    if (known === undefined || elapsed() - known.at >= FACTS_MS) {
      const at = elapsed();
      const [facts] = await readPlatformFacts(database, tenant, [platform]);
      known = facts === undefined ? undefined : { facts, at };
    }
    const facts = known?.facts;
    // Another process opened or closed it: what this one saw before counts no longer.
    if (facts !== undefined && facts.openedAt !== forgotten) {
      forgotten = facts.openedAt;
      watch.forget();
    }
    return facts;
  };

  const claimWithin = async (executor: Executor, limit: number): Promise<ClaimedEntry[]> => {
    const allowed = limited ? Math.min(limit, await lockBudget(executor, tenant, platform, budget)) : limit;
    const claimed = allowed > 0 ? await parts.claim(executor, allowed) : [];
    if (limited && claimed.length > 0) await spendBudget(executor, tenant, platform, budget, claimed.length);
    return claimed;
  };

  const claimTry = async (): Promise<ClaimedEntry[]> => {
    try {
      return await database.transaction(async (executor) => {
        const claimed = await claimWithin(executor, 1);
        const [entry] = claimed;
        if (entry === undefined) return [];
        const lease = { resetMs: breakerResetMs, leaseMs: timeoutMs + TRY_MARGIN_MS };
        const fence = await takeHalfOpenTry(executor, tenant, platform, lease);
        if (fence === null) throw new TryTaken();
        tries.set(entry.id, fence);
        return claimed;
      });
    } catch (error) {
      if (error instanceof TryTaken) return [];
      throw error;
    } finally {
      known = undefined;
    }
  };

  return {
    report,
    get tripped() {
      return watch.tripped;
    },
    facts: async () => {
      const facts = await readFacts();
      return facts && { facts, at: facts.now + (elapsed() - (known?.at ?? elapsed())) };
    },
    claim: async (limit) => {
      await report();
      const facts = await readFacts();
      if (facts === undefined || limit <= 0) return [];
      const now = facts.now + (elapsed() - (known?.at ?? elapsed()));
      const hold = holdOf(facts, settings, now);
      if (hold === null) {
        return limited
          ? database.transaction((executor) => claimWithin(executor, limit))
          : parts.claim(database, limit);
      }
      const mayTry =
        hold === "breaker" && now - (facts.openedAt ?? now) >= breakerResetMs && now >= (facts.tryUntil ?? 0);
      return mayTry ? claimTry() : [];
    },
    takeTry: (entry) => {
      const fence = tries.get(entry.id);
      tries.delete(entry.id);
      return fence;
    },
    endTry: (fence, ending) => {
      ended = { fence, ending };
    },
  };
};
