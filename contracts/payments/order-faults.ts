import { PAYMENT_REFERENCE, type PaymentOrder } from "../payments.ts";

/** What is wrong with an order wherever it would be sent; null: nothing. Looked at again: money goes out by it. */
export const orderFault = (order: PaymentOrder, needsBeneficiary: boolean): string | null => {
  if (!PAYMENT_REFERENCE.test(order.reference)) return "The reference is not 1 to 20 characters of 0-9, A-Z, a-z";
  if (!Number.isSafeInteger(order.amount) || order.amount <= 0) return "The amount is no whole number of VND above 0";
  if (!order.lines.every(({ amount }) => Number.isSafeInteger(amount) && amount >= 0))
    return "The amount of a line is no whole number of VND";
  const lines = order.lines.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
  if (lines !== BigInt(order.amount)) return "The lines do not add up to the amount";
  if (needsBeneficiary && order.beneficiary === undefined) return "Whose account the money goes to is not known";
  return null;
};
