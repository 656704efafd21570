import { hmacHex } from "../../contracts/payments/digests.ts";
import { receiptBlock } from "../../contracts/payments/receipt-block.ts";
import { type WireRow, wireText } from "../../contracts/payments/wire-rows.ts";
import { plainText, readVnd } from "../../contracts/payments/wire-values.ts";
import type {
  PaymentBeneficiary,
  PaymentOrder,
  PaymentOutcome,
  PaymentRefund,
  PaymentStatus,
} from "../../contracts/payments.ts";
import {
  type Create,
  type Detail,
  PAY,
  type Refund,
  SIGNED,
  signedText,
  VERSION,
} from "../../contracts/platforms/keypay/wire.ts";
import type { CallbackConfig, KeyPayConfig } from "./config.ts";

/** Free texts are cut: no limit is public, and version 1 took at most 100 (payment section 2.2). */
const LONGEST_TEXT = 100;

const WEB = "1";
/** The whole amount stands in `trans_amount`; postage is one of its lines. */
const NO_ADDITION = "0";

/** `check_sum` of a message under a key, over the fields exactly as they stand (payment section 2.1). */
export const checkSumOf = (message: keyof typeof SIGNED, fields: WireRow, key: string): Promise<string> =>
  hmacHex("SHA-256", key, signedText(SIGNED[message].map((name) => wireText(fields, name))));

const signed = async <T extends object>(
  message: keyof typeof SIGNED,
  fields: T,
  key: string,
): Promise<T & { readonly check_sum: string }> => ({
  ...fields,
  check_sum: await checkSumOf(message, fields as WireRow, key),
});

/** An order as what a payment is created with. */
export const toCreate = (order: PaymentOrder, beneficiary: PaymentBeneficiary, config: KeyPayConfig): Promise<Create> =>
  signed(
    "create",
    {
      client_id: config.clientId,
      transaction_id: order.reference,
      trans_amount: String(order.amount),
      command: PAY,
      version: VERSION,
      description: plainText(order.content, LONGEST_TEXT),
      locale: config.locale,
      country_code: config.countryCode,
      currency_code: config.currencyCode,
      environment: WEB,
      bill_info: receiptBlock(order, beneficiary),
      return_url: order.returnUrl,
      addition_fee: NO_ADDITION,
    },
    config.ourKey,
  );

/** The question how a transaction stands. */
export const toDetail = (reference: string, { clientId, ourKey }: KeyPayConfig): Promise<Detail> =>
  signed("detail", { client_id: clientId, command: PAY, transaction_id: reference }, ourKey);

/** A wish to give money back. */
export const toRefund = ({ transaction, amount, reason }: PaymentRefund, config: KeyPayConfig): Promise<Refund> => {
  const fields = { client_id: config.clientId, command: config.refundCommand, transaction_id: transaction.reference };
  const said = { ...fields, amount: String(amount), reason: plainText(reason, LONGEST_TEXT) };
  return signed("refund", said, config.ourKey);
};

/** What a `status` means. One that no source explains is pending, which is never final: paid is found by asking again. */
export const outcomeOf = (status: string, { paidStatuses, failedStatuses }: CallbackConfig): PaymentOutcome => {
  if (paidStatuses.has(status)) return "paid";
  return failedStatuses.has(status) ? "failed" : "pending";
};

/** What a report or an answer says about a transaction; absent where the wire says nothing. */
export const factsIn = (row: WireRow) => {
  const amount = readVnd(wireText(row, "trans_amount"));
  const transactionId = wireText(row, "transaction_code");
  const bank = wireText(row, "bank_code");
  return {
    ...(amount !== undefined && { amount }),
    ...(transactionId !== "" && { transactionId }),
    ...(bank !== "" && { bank }),
  };
};

/** The answer to a detail that worked. */
export const toStatus = (row: WireRow, config: CallbackConfig): PaymentStatus => {
  const code = wireText(row, "status");
  return { state: outcomeOf(code, config), code, ...factsIn(row) };
};
