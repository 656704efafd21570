import type { PaymentOutcome } from "../../contracts/payments.ts";
import type { PaymentState } from "../../contracts/services/payments.ts";
import type { Executor } from "../database/database.ts";
import type { NewEvent } from "../inbox/record-events.ts";
import { appendEvent, type PaymentEventRow } from "./append-event.ts";
import { decideSettlement, type Settlement } from "./decide-settlement.ts";
import { noteDoubleCharge } from "./note-double-charge.ts";
import type { PaymentParts } from "./payment-parts.ts";
import { type PaymentRow, paymentContext, readTransactions, type TransactionRow } from "./payment-row.ts";
import { wantReceipt, writeState, writeTransaction } from "./write-settlement.ts";

/** What is known of a transaction now, checked against our own row of it. */
export interface Heard {
  readonly source: "platform" | "query";
  readonly outcome: PaymentOutcome;
  /** The platform's own code. */
  readonly code: string;
  readonly transactionId?: string | undefined;
  readonly platformTime?: string | undefined;
  readonly paidAt?: string | undefined;
  readonly receiptUrl?: string | undefined;
  readonly entryId?: string | undefined;
  /** Of the call that it came by. */
  readonly digest?: string | undefined;
  readonly correlationId: string;
}

/** What came of it. */
export interface Heeded {
  readonly state: PaymentState;
  readonly isDuplicate: boolean;
  /** Webhooks have work after the commit. */
  readonly told: boolean;
}

/** States in which everything is known that the payer's part can decide. */
const SETTLED: readonly PaymentState[] = ["paid", "failed", "expired", "paid-orphan"];

/** What the province is told when a payment comes to an end, or wakes up again. */
export const settledEvent = (
  payment: PaymentRow,
  state: PaymentState,
  told: {
    readonly reference: string;
    readonly transactionId?: string | undefined;
    readonly paidAt?: string | undefined;
  },
  { now, correlationId }: { readonly now: Date; readonly correlationId: string },
): NewEvent => ({
  type: "payment.settled",
  occurredAt: now,
  subject: payment.id,
  agency: payment.agency,
  dossierCode: payment.dossier_code,
  data: {
    paymentId: payment.id,
    dossierCode: payment.dossier_code,
    platform: payment.platform,
    state,
    amount: Number(payment.amount),
    ...told,
  },
  correlationId,
});

const isUndecided = ({ state }: TransactionRow): boolean => state === "created" || state === "pending";

const numberOf = (reference: string, number: string | null | undefined): string => `${reference}/${number ?? "?"}`;

/** What had been paid when the money came again. */
const paidBefore = (transactions: readonly TransactionRow[], own: TransactionRow): string => {
  const first = own.state === "paid" ? own : transactions.find(({ state }) => state === "paid");
  return first === undefined ? "?" : numberOf(first.reference, first.platform_transaction);
};

/** What was decided about one transaction, on its way into the tables. */
interface Decided {
  readonly payment: PaymentRow;
  readonly own: TransactionRow;
  readonly transactions: readonly TransactionRow[];
  readonly decided: Settlement;
  readonly heard: Heard;
  /** ISO 8601; absent: nothing was paid. */
  readonly paidAt: string | undefined;
}

const write = async (executor: Executor, tenant: string, written: Decided): Promise<void> => {
  const { payment, own, transactions, decided, heard, paidAt } = written;
  const { platform } = payment;
  const { reference } = own;
  const { transactionId, platformTime } = heard;
  if (!decided.isDuplicate) {
    const change = { platformTransaction: transactionId, platformTime, paidAt };
    await writeTransaction(executor, tenant, {
      platform,
      reference,
      state: decided.transaction ?? own.state,
      ...change,
    });
  }
  if (decided.payment !== undefined) await writeState(executor, tenant, payment.id, { state: decided.payment, paidAt });
  if (!decided.isDoubleCharge) return;
  const sides = { ours: paidBefore(transactions, own), theirs: numberOf(reference, transactionId) };
  await noteDoubleCharge(executor, tenant, { payment, ...sides });
};

const kindOf = ({ isDoubleCharge }: Settlement, { source }: Heard): PaymentEventRow["kind"] => {
  if (isDoubleCharge) return "double-charge";
  return source === "query" ? "queried" : "notified";
};

const log = (executor: Executor, tenant: string, { payment, own, decided, heard }: Decided): Promise<void> => {
  const { source, outcome, code, transactionId, digest, entryId, correlationId } = heard;
  return appendEvent(executor, tenant, {
    paymentId: payment.id,
    reference: own.reference,
    kind: kindOf(decided, heard),
    source,
    from: payment.state,
    to: decided.payment ?? payment.state,
    ...(entryId !== undefined && { entryId }),
    detail: {
      ...{ outcome, code },
      ...(transactionId !== undefined && { transactionId }),
      ...(digest !== undefined && { digest }),
    },
    correlationId,
  });
};

/** A paid payment has a receipt, where its platform gives any. */
const askForReceipt = async (
  executor: Executor,
  parts: PaymentParts,
  { payment, own, heard }: Decided,
): Promise<void> => {
  const { tenant, sealer, adapters } = parts;
  const { id, platform } = payment;
  if (adapters.get(platform)?.payments?.receipts === undefined) return;
  const url = heard.receiptUrl === undefined ? null : sealer.seal(heard.receiptUrl, paymentContext(tenant, id));
  await wantReceipt(executor, tenant, { paymentId: id, platform, reference: own.reference, url });
};

/**
 * Moves a payment on by what a platform says of one of its transactions, under the payment's lock and in the caller's transaction.
 * Amount, currency and partner have been checked. Told twice, nothing happens twice.
 */
export const settleTransaction = async (
  executor: Executor,
  parts: PaymentParts,
  { payment, reference }: { readonly payment: PaymentRow; readonly reference: string },
  heard: Heard,
): Promise<Heeded> => {
  const { tenant, now, tell } = parts;
  const transactions = await readTransactions(executor, tenant, payment.id);
  const own = transactions.find((each) => each.reference === reference);
  if (own === undefined) throw new Error("the transaction is of another payment");
  const standing = {
    payment: payment.state,
    transaction: own.state,
    platformTransaction: own.platform_transaction,
    undecidedOthers: transactions.some((each) => each !== own && isUndecided(each)),
  };
  const decided = decideSettlement(standing, heard);
  const paidAt = heard.outcome === "paid" ? (heard.paidAt ?? now().toISOString()) : undefined;
  const written = { payment, own, transactions, decided, heard, paidAt };
  await write(executor, tenant, written);
  await log(executor, tenant, written);
  if (decided.payment === "paid") await askForReceipt(executor, parts, written);
  const state = decided.payment ?? payment.state;
  if (decided.payment === undefined || !SETTLED.includes(decided.payment)) {
    return { state, isDuplicate: decided.isDuplicate, told: false };
  }
  const { transactionId, correlationId } = heard;
  const facts = {
    reference,
    ...(transactionId !== undefined && { transactionId }),
    ...(paidAt !== undefined && { paidAt }),
  };
  const told = await tell(executor, [settledEvent(payment, state, facts, { now: now(), correlationId })]);
  return { state, isDuplicate: decided.isDuplicate, told };
};
