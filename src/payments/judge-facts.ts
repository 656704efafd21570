import {
  DECISIVE_FIELDS,
  type DecisiveField,
  type PaymentEvent,
  type PaymentStatus,
} from "../../contracts/payments.ts";

/** Why what a platform says does not fit our transaction. */
export type Misfit = "foreign-partner" | "wrong-amount" | "wrong-currency";

/** The only currency there is (api section 1). */
const CURRENCY = "VND";

/** Pure: whether facts fit the transaction that we created (payment section 4.3); null: they do. */
export const misfitOf = (
  facts: Pick<PaymentStatus, "amount" | "currency"> & { readonly ours?: boolean },
  amount: number,
): Misfit | null => {
  if (facts.ours === false) return "foreign-partner";
  if (facts.amount !== undefined && facts.amount !== amount) return "wrong-amount";
  return facts.currency !== undefined && facts.currency !== CURRENCY ? "wrong-currency" : null;
};

const ALWAYS: readonly DecisiveField[] = ["reference", "outcome", "amount", "partner"];

/** Pure: something that decides about money is not signed: it is believed only once the platform was asked (payment section 4.4). */
export const needsQuery = (event: PaymentEvent): boolean =>
  DECISIVE_FIELDS.some((field) => {
    if (event.signed.has(field)) return false;
    return ALWAYS.includes(field) || (field === "currency" ? event.currency : event.transactionId) !== undefined;
  });
