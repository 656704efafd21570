import type { PaymentPlatformId, PaymentStatus, PaymentTransaction } from "../../contracts/payments.ts";
import type { PaymentState } from "../../contracts/services/payments.ts";
import type { Executor } from "../database/database.ts";
import { appendEvent } from "./append-event.ts";
import { misfitOf } from "./judge-facts.ts";
import type { PaymentParts } from "./payment-parts.ts";
import { lockPayment, readTransactions, type TransactionRow } from "./payment-row.ts";
import { settledEvent, settleTransaction } from "./settle-transaction.ts";
import { writeState } from "./write-settlement.ts";

/** A transaction as its platform is asked about it. */
export const askedAs = (row: TransactionRow): PaymentTransaction => ({
  reference: row.reference,
  createdAt: new Date(row.created_at),
  amount: Number(row.amount),
  ...(row.platform_transaction !== null && { transactionId: row.platform_transaction }),
  ...(row.platform_time !== null && { platformTime: row.platform_time }),
});

/** An answer, and about what. */
export interface Replied {
  readonly paymentId: string;
  readonly platform: PaymentPlatformId;
  readonly reference: string;
  readonly status: PaymentStatus;
  readonly correlationId: string;
}

/** A payment's state after a reply, and whether webhooks have work. */
export interface AfterReply {
  readonly state: PaymentState;
  readonly told: boolean;
}

/** What has not been paid by its end, and the platform says so, is over; money that comes later is not lost (`paid-orphan`). */
const expire = async (
  executor: Executor,
  parts: PaymentParts,
  { paymentId, reference, correlationId }: Replied,
  before: AfterReply,
): Promise<AfterReply> => {
  const { tenant, tell, now } = parts;
  const payment = await lockPayment(executor, tenant, paymentId);
  const isOpen = payment?.state === "created" || payment?.state === "pending";
  if (payment === null || !isOpen || !payment.is_expired) return before;
  await writeState(executor, tenant, payment.id, { state: "expired" });
  const about = { paymentId, reference, correlationId };
  await appendEvent(executor, tenant, {
    ...about,
    kind: "expired",
    source: "clock",
    from: payment.state,
    to: "expired",
  });
  const told = await tell(executor, [settledEvent(payment, "expired", { reference }, { now: now(), correlationId })]);
  return { state: "expired", told: told || before.told };
};

/**
 * Takes in what a platform answered about a transaction, in the caller's transaction of the database. An answer that does not fit
 * ours changes nothing and is told by an alarm.
 *
 * @returns how the payment stands then; null: there is none.
 */
export const takeReply = async (
  executor: Executor,
  parts: PaymentParts,
  replied: Replied,
): Promise<AfterReply | null> => {
  const { tenant } = parts;
  const { paymentId, reference, status, correlationId } = replied;
  const payment = await lockPayment(executor, tenant, paymentId);
  if (payment === null) return null;
  const transactions = await readTransactions(executor, tenant, paymentId);
  const own = transactions.find((each) => each.reference === reference);
  const about = { paymentId, reference, source: "query", correlationId } as const;
  const { state: outcome, code } = status;
  const misfit = misfitOf(status, Number(own?.amount));
  const cause = outcome === "unknown-reference" ? null : (misfit ?? (status.held === true ? "held" : null));
  if (cause !== null)
    await appendEvent(executor, tenant, { ...about, kind: "doubtful", detail: { cause, outcome, code } });
  const before = { state: payment.state, told: false };
  if (misfit !== null && outcome === "paid") return before;
  // Not found: a payer who has not opened the address yet is not known everywhere. It decides nothing.
  if (outcome === "unknown-reference") return expire(executor, parts, replied, before);
  const heard = { ...status, ...about, outcome } as const;
  const { state, told } = await settleTransaction(executor, parts, { payment, reference }, heard);
  return expire(executor, parts, replied, { state, told });
};
