/**
 * VNPay PAY 2.1.0 in its own words. Source and confidence of every name: SOURCE.md beside this file (document `payment`,
 * section 2.3). Amounts are VND times 100; times are `yyyyMMddHHmmss` of Viet Nam; signatures are hex HMAC-SHA512.
 */

/** The version of the messages. */
export const VERSION = "2.1.0";

/** Names of parameters that are no part of what is signed. */
export const UNSIGNED: ReadonlySet<string> = new Set(["vnp_SecureHash", "vnp_SecureHashType"]);

/** `vnp_Amount` has at most this many digits. */
export const AMOUNT_DIGITS = 12;

/** `vnp_ResponseCode` and `vnp_TransactionStatus`: paid only if both are this. */
export const SUCCESS = "00";

/** Money was taken and is doubted: to be held. */
export const SUSPICIOUS = "07";

/** What VNPay is answered when it reports, with HTTP 200; it calls again after 01, 04, 97 and 99. */
export const RSP_CODES = {
  recorded: "00",
  unknownOrder: "01",
  alreadyFinal: "02",
  otherAmount: "04",
  badChecksum: "97",
  otherError: "99",
} as const;

/** The acknowledgement. */
export interface IpnAck {
  readonly RspCode: string;
  readonly Message: string;
}

/** What is signed of the calls to the merchant's API, in this order, joined with `|`; absent is empty. */
export const SIGNED = {
  querydr: [
    ...(["vnp_RequestId", "vnp_Version", "vnp_Command", "vnp_TmnCode", "vnp_TxnRef", "vnp_TransactionDate"] as const),
    ...(["vnp_CreateDate", "vnp_IpAddr", "vnp_OrderInfo"] as const),
  ],
  refund: [
    ...(["vnp_RequestId", "vnp_Version", "vnp_Command", "vnp_TmnCode", "vnp_TransactionType", "vnp_TxnRef"] as const),
    ...(["vnp_Amount", "vnp_TransactionNo", "vnp_TransactionDate", "vnp_CreateBy", "vnp_CreateDate"] as const),
    ...(["vnp_IpAddr", "vnp_OrderInfo"] as const),
  ],
  querydrAnswer: [
    ...(["vnp_ResponseId", "vnp_Command", "vnp_ResponseCode", "vnp_Message", "vnp_TmnCode", "vnp_TxnRef"] as const),
    ...(["vnp_Amount", "vnp_BankCode", "vnp_PayDate", "vnp_TransactionNo", "vnp_TransactionType"] as const),
    ...(["vnp_TransactionStatus", "vnp_OrderInfo", "vnp_PromotionCode", "vnp_PromotionAmount"] as const),
  ],
  refundAnswer: [
    ...(["vnp_ResponseId", "vnp_Command", "vnp_ResponseCode", "vnp_Message", "vnp_TmnCode", "vnp_TxnRef"] as const),
    ...(["vnp_Amount", "vnp_BankCode", "vnp_PayDate", "vnp_TransactionNo", "vnp_TransactionType"] as const),
    ...(["vnp_TransactionStatus", "vnp_OrderInfo"] as const),
  ],
} as const;

/** `vnp_TransactionType` of a refund. */
export const REFUND_TYPES = { whole: "02", part: "03" } as const;

/** A call to the merchant's API, or an answer of it. */
export type ApiMessage = Readonly<Record<string, string>>;
