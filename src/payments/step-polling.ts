import { PAYMENT_PLATFORMS, type PaymentPlatformId } from "../../contracts/payments.ts";
import type { Database } from "../database/database.ts";
import type { QuestionsOf } from "../reconcile/open-reconciliation.ts";
import { verdictOf } from "../resilience/breaker-watch.ts";
import { claimDue, type DueTransaction, hasDue, scheduleNext } from "./claim-due.ts";
import type { PaymentParts } from "./payment-parts.ts";
import { askedAs, takeReply } from "./query-transaction.ts";

/** Asked about in one step: few, so that what is due elsewhere is not kept waiting. */
const BATCH = 5;

/** What polling is made of. */
export interface PollingParts extends PaymentParts {
  readonly database: Database;
  readonly questionsOf: QuestionsOf;
  /** Told after a commit that gave webhooks work. */
  readonly told: () => void;
}

type Questions = NonNullable<ReturnType<QuestionsOf>>;

/** @returns how the question ended, as the breaker sees it */
const askOne = async (parts: PollingParts, questions: Questions, due: DueTransaction) => {
  const { database, tenant, random, told } = parts;
  const { platform, reference, correlation_id: correlationId, payment_id: paymentId } = due;
  const query = questions.adapter.payments?.query;
  if (query === undefined) return "neither" as const;
  const reply = await query(askedAs(due), questions.call(correlationId));
  const outcome = await database.transaction(async (executor) => {
    const taken = reply.ok
      ? await takeReply(executor, parts, { paymentId, platform, reference, status: reply.value, correlationId })
      : null;
    await scheduleNext(executor, tenant, due, { answered: reply.ok, random: random() });
    return taken;
  });
  if (outcome?.told === true) told();
  return verdictOf(reply);
};

const stepPlatform = async (parts: PollingParts, platform: PaymentPlatformId): Promise<boolean> => {
  const { database, tenant, questionsOf } = parts;
  const questions = questionsOf(platform);
  if (questions?.adapter.payments?.query === undefined) return false;
  if (!(await hasDue(database, tenant, platform))) return false;
  const admitted = await questions.admit(BATCH);
  if (admitted.questions === 0) return false;
  const due = await claimDue(database, tenant, platform, admitted.questions);
  const verdicts = await Promise.all(due.map((each) => askOne(parts, questions, each)));
  await admitted.ended(verdicts[0] ?? "neither");
  return due.length > 0;
};

/**
 * Asks about transactions that are due, once among all processes (payment section 1.6). `pending` is never final; a payment that is
 * past its end expires with an answer, never without one.
 *
 * @returns false: there is nothing to do for now.
 */
export const stepPolling = async (parts: PollingParts): Promise<boolean> => {
  const worked = await Promise.all(PAYMENT_PLATFORMS.map((platform) => stepPlatform(parts, platform)));
  return worked.some(Boolean);
};
