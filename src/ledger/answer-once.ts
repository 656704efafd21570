import type { Executor } from "../database/database.ts";
import { type IdempotencyKey, type KeptAnswer, keepAnswer, takeKey } from "./idempotency.ts";

/** An answer with the mark whether it was given before under the same key. */
export interface Answer extends KeptAnswer {
  readonly replayed: boolean;
}

/**
 * Answers once per Idempotency-Key, in the caller's transaction: the first answer again, or the work's answer, kept.
 */
export const answerOnce = async (
  executor: Executor,
  tenant: string,
  key: IdempotencyKey | undefined,
  work: () => Promise<KeptAnswer>,
): Promise<Answer> => {
  const kept = key === undefined ? null : await takeKey(executor, tenant, key);
  if (kept !== null) return { ...kept, replayed: true };
  const answer = await work();
  if (key !== undefined) await keepAnswer(executor, tenant, key, answer);
  return { ...answer, replayed: false };
};
