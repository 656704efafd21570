/**
 * KeyPay v3 in its own words. Source and confidence of every name: SOURCE.md beside this file (document `payment`,
 * section 2.1). Checksums are lower-case hex HMAC-SHA256 over fields joined with `|`; one key signs each direction.
 */

/** The version of the messages. */
export const VERSION = "3.0";

/** The command of a payment. */
export const PAY = "PAY";

/** `error` of success. */
export const NO_ERROR = "0";

/** `status` of a paid transaction. No checksum covers it. */
export const PAID = "0";

/** What is signed of each message, in this order (payment section 2.1). */
export const SIGNED = {
  create: ["addition_fee", "client_id", "command", "trans_amount", "transaction_id", "version"],
  callback: ["addition_fee", "client_id", "command", "trans_amount", "transaction_id", "version"],
  detail: ["client_id", "command", "transaction_id"],
  refund: ["amount", "client_id", "command", "reason", "transaction_id"],
} as const;

/** Joins what is signed. */
export const signedText = (fields: readonly string[]): string => fields.join("|");

/** What a payment is created with; `bill_info` is the receipt block of the payment platform. */
export interface Create {
  readonly client_id: string;
  readonly transaction_id: string;
  readonly trans_amount: string;
  readonly command: string;
  readonly version: string;
  readonly description: string;
  readonly locale: string;
  readonly country_code: string;
  readonly currency_code: string;
  /** `1` web, `2` app. */
  readonly environment: string;
  readonly bill_info: object;
  readonly return_url: string;
  readonly addition_fee: string;
  readonly check_sum: string;
}

/** The answer to it. */
export interface CreateAnswer {
  readonly error: string;
  readonly msg: string;
  readonly payment_url: string;
}

/** KeyPay's report of a payment, as JSON or as a form; `bill_info` may be a text that holds JSON. */
export interface Callback {
  readonly client_id: string;
  readonly transaction_id: string;
  readonly transaction_code: string;
  readonly trans_amount: string;
  readonly payment_fee: string;
  readonly command: string;
  readonly addition_fee: string;
  readonly version: string;
  readonly status: string | number;
  readonly check_sum: string;
  readonly bill_info?: object | string;
}

/** How it is acknowledged: 0, or -1 for an error. */
export interface CallbackAck {
  readonly return_code: number;
  readonly return_msg: string;
}

/** The question how a transaction stands. */
export interface Detail {
  readonly client_id: string;
  readonly command: string;
  readonly transaction_id: string;
  readonly check_sum: string;
}

/** The answer: `error` says that the question worked, `status` how the transaction stands. */
export interface DetailAnswer {
  readonly error: string;
  readonly msg: string;
  readonly transaction_id: string;
  readonly transaction_code: string;
  readonly trans_amount: string;
  readonly status: string | number;
  readonly bank_code?: string;
}

/** A wish to give money back. */
export interface Refund {
  readonly client_id: string;
  readonly command: string;
  readonly transaction_id: string;
  readonly amount: string;
  readonly reason: string;
  readonly check_sum: string;
}

/** The answer to it. */
export interface RefundAnswer {
  readonly error: string;
  readonly msg: string;
  readonly transaction_refund_code: string;
}
