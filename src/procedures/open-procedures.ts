import type { Adapter, CallContext, Transport } from "../../contracts/adapter.ts";
import type { Database } from "../database/database.ts";
import type { Files } from "../files/open-files.ts";
import { createAttemptRecorder } from "../ledger/attempt-recorder.ts";
import { createPlatformCache } from "../ledger/platform-cache.ts";
import type { BackOff } from "../resilience/back-off.ts";
import type { GuardSettings } from "../resilience/guard-settings.ts";
import { holdOf } from "../resilience/hold.ts";
import { readPlatformFacts } from "../resilience/read-platform-facts.ts";
import { spendBudget } from "../resilience/spend-budget.ts";
import type { Fingerprints } from "../security/fingerprints.ts";
import { acknowledging } from "./acknowledgement/acknowledging.ts";
import type { PaperMaker } from "./acknowledgement/paper-maker.ts";
import { stepMirror } from "./mirror/step-mirror.ts";

/** What procedures are made of, whatever database they are in. */
export interface ProceduresParts {
  readonly tenant: string;
  readonly files: Files;
  readonly fingerprints: Fingerprints;
  readonly papers: PaperMaker | null;
  readonly now: () => Date;
}

/** A platform within its guards, to be asked for its catalogue. */
export interface GuardedPlatform {
  readonly database: Database;
  readonly adapter: Adapter;
  readonly transport: Transport;
  /** What attempts say about the platform is counted, and all but the first of a piece of work are paid for. */
  readonly attempts: (attempt: CallContext["attempt"]) => CallContext["attempt"];
  readonly settings: GuardSettings & { readonly backOff: BackOff };
}

/** One piece of the mirror; false: a pause is in order. */
export type MirrorStep = (signal: AbortSignal) => Promise<boolean>;

/** The country's list has some thousand rows: more than any other answer. */
const MAX_LIST_BYTES = 16 * 1024 * 1024;
const RATE_PER_S = 10;
const LONGEST_REST_MS = 60_000;

/** Dossiers come first: of what the platform allows in a second and a day the mirror takes a part. */
const RATE_SHARE = 0.25;
const QUOTA_SHARE = 0.5;

const mirrorOf = (
  { tenant, now }: ProceduresParts,
  { database, adapter, transport, attempts, settings }: GuardedPlatform,
): MirrorStep | undefined => {
  const { platform, catalogue } = adapter;
  if (catalogue === undefined) return undefined;
  const { ratePerS, dailyQuota } = settings.budget;
  const budget = dailyQuota === undefined ? {} : { dailyQuota: Math.floor(dailyQuota * QUOTA_SHARE) };
  const cache = createPlatformCache(database, tenant, platform);
  const large: Transport = (request, options) => transport(request, { ...options, maxAnswerBytes: MAX_LIST_BYTES });
  const hold = async (): Promise<string | null> => {
    const [facts] = await readPlatformFacts(database, tenant, [platform]);
    const held = facts === undefined ? null : holdOf(facts, { ...settings, budget });
    if (held !== null || (ratePerS === undefined && dailyQuota === undefined)) return held;
    return (await spendBudget(database, tenant, platform, settings.budget, 1)) ? null : "quota";
  };
  return (signal) => {
    const { attempt } = createAttemptRecorder({ transport: large, now, signal });
    const call = { correlationId: crypto.randomUUID(), now, cache, attempt: attempts(attempt) };
    const ratePerSecond = ratePerS === undefined ? RATE_PER_S : ratePerS * RATE_SHARE;
    const restSeconds = Math.min(settings.backOff.maxMs, LONGEST_REST_MS) / 1000;
    return stepMirror({ database, tenant, catalogue, call, hold, ratePerSecond, restSeconds });
  };
};

/** The catalogue and the policies of one deployment, over whatever database they are asked for. */
export const openProcedures = (parts: ProceduresParts) => ({
  /** The adapter, with the papers that policies order. */
  acknowledging: (adapter: Adapter, database: Database): Adapter =>
    adapter.operations["dossier.put"] === undefined
      ? adapter
      : acknowledging(adapter, { ...parts, database, files: parts.files.desk(database) }),
  /** What mirrors the platform's catalogue; undefined: it has none. */
  mirror: (platform: GuardedPlatform): MirrorStep | undefined => mirrorOf(parts, platform),
});
