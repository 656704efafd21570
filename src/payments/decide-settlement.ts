import type { PaymentOutcome } from "../../contracts/payments.ts";
import type { PaymentState } from "../../contracts/services/payments.ts";

/** The states of a transaction; `lapsed`: the platform never said. */
export type TransactionState = "created" | "pending" | "paid" | "failed" | "lapsed";

/** How things stand when a platform tells something of a transaction. */
export interface Standing {
  readonly payment: PaymentState;
  readonly transaction: TransactionState;
  /** The platform's number of the transaction that was told before; null: none was. */
  readonly platformTransaction: string | null;
  /** The payment has another transaction of which the platform may still say that it was paid. */
  readonly undecidedOthers: boolean;
}

/** What is told. */
export interface Told {
  readonly outcome: PaymentOutcome;
  readonly transactionId?: string | undefined;
}

/** What comes of it. A state that is absent stays. */
export interface Settlement {
  readonly payment?: PaymentState;
  readonly transaction?: TransactionState;
  /** The same was known before, or something that changes nothing any more: a failure after a payment. */
  readonly isDuplicate: boolean;
  /** Money came twice. */
  readonly isDoubleCharge: boolean;
}

const NOTHING_NEW: Settlement = { isDuplicate: true, isDoubleCharge: false };

/** Money came again: under the same reference with another number, or by another transaction of the same payment. */
const isOther = ({ platformTransaction }: Standing, { transactionId }: Told): boolean =>
  platformTransaction !== null && transactionId !== undefined && platformTransaction !== transactionId;

const paid = (standing: Standing, told: Told): Settlement => {
  if (standing.transaction === "paid")
    return isOther(standing, told) ? { isDuplicate: false, isDoubleCharge: true } : NOTHING_NEW;
  const taken = { transaction: "paid", isDuplicate: false } as const;
  switch (standing.payment) {
    case "created":
    case "pending":
      return { ...taken, payment: "paid", isDoubleCharge: false };
    case "failed":
    case "expired":
    case "cancelled":
      return { ...taken, payment: "paid-orphan", isDoubleCharge: false };
    default:
      return { ...taken, isDoubleCharge: true };
  }
};

const failed = ({ payment, transaction, undecidedOthers }: Standing): Settlement => {
  if (transaction === "paid" || transaction === "failed") return NOTHING_NEW;
  const settled = { isDuplicate: false, isDoubleCharge: false };
  // It was asked about in vain for a month: that it failed is no news for anybody.
  if (transaction === "lapsed") return NOTHING_NEW;
  const isOver = (payment === "created" || payment === "pending") && !undecidedOthers;
  return { ...settled, transaction: "failed", ...(isOver && { payment: "failed" }) };
};

/**
 * Pure: what comes of what a platform tells (payment section 4.5). A late failure never undoes `paid`; late money is never dropped:
 * it makes a payment that was over `paid-orphan`; the same reference paid under another number stays paid and is a double charge.
 */
export const decideSettlement = (standing: Standing, told: Told): Settlement => {
  if (told.outcome === "paid") return paid(standing, told);
  if (told.outcome === "failed") return failed(standing);
  const isNews = standing.transaction === "created";
  return {
    ...(isNews && { transaction: "pending" }),
    ...(standing.payment === "created" && { payment: "pending" }),
    isDuplicate: !isNews,
    isDoubleCharge: false,
  };
};
