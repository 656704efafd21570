import { hmacHex } from "../../contracts/payments/digests.ts";
import { plainText, readVnd, readWireTime, toWireTime } from "../../contracts/payments/wire-values.ts";
import type { PaymentOrder, PaymentRefund, PaymentTransaction } from "../../contracts/payments.ts";
import { AMOUNT_DIGITS, type ApiMessage, REFUND_TYPES, SIGNED, VERSION } from "../../contracts/platforms/vnpay/wire.ts";
import type { VnpayConfig } from "./config.ts";

/** A payer has this long where the order says nothing. */
const PAY_WITHIN_MS = 15 * 60_000;
const LONGEST_INFO = 255;
const LONGEST_NAME = 60;
const HUNDREDTHS = 100n;

/** VND times 100; null above what VNPay takes. */
export const toAmount = (vnd: number): string | null => {
  const text = String(BigInt(vnd) * HUNDREDTHS);
  return text.length <= AMOUNT_DIGITS ? text : null;
};

/** VND of an amount of the wire; undefined for what is no whole number of VND. */
export const readAmount = (text: string): number | undefined => {
  if (!/^\d{1,20}$/u.test(text) || BigInt(text) % HUNDREDTHS !== 0n) return undefined;
  return readVnd(String(BigInt(text) / HUNDREDTHS));
};

/** `vnp_OrderInfo` is plain and without special characters (payment section 2.3). */
const orderInfo = (text: string): string => plainText(text.replace(/[^\p{L}\p{M}\p{N} .,:-]/gu, " "), LONGEST_INFO);

/** When an order can no longer be paid. */
export const expiryOf = ({ createdAt, expiresAt }: PaymentOrder): Date =>
  expiresAt ?? new Date(createdAt.getTime() + PAY_WITHIN_MS);

/** An order as the parameters of the redirect; `amount` as `toAmount` made it. */
export const toPay = (order: PaymentOrder, amount: string, config: VnpayConfig): ApiMessage => ({
  vnp_Version: VERSION,
  vnp_Command: "pay",
  vnp_TmnCode: config.terminal,
  vnp_Amount: amount,
  vnp_CurrCode: "VND",
  vnp_TxnRef: order.reference,
  vnp_OrderInfo: orderInfo(order.content),
  vnp_OrderType: config.orderType,
  vnp_Locale: config.locale,
  vnp_ReturnUrl: order.returnUrl,
  vnp_IpAddr: order.payerIp,
  vnp_CreateDate: toWireTime(order.createdAt),
  vnp_ExpireDate: toWireTime(expiryOf(order)),
});

/** What is signed of a call to the merchant's API, or of its answer (payment section 2.3). */
export const apiHash = (message: keyof typeof SIGNED, fields: ApiMessage, secret: string): Promise<string> =>
  hmacHex("SHA-512", secret, SIGNED[message].map((name) => fields[name] ?? "").join("|"));

const signed = async (
  message: "querydr" | "refund",
  fields: ApiMessage,
  { secrets }: VnpayConfig,
): Promise<ApiMessage> => ({
  ...fields,
  vnp_SecureHash: await apiHash(message, fields, secrets[0] ?? ""),
});

/** The question how a transaction stands. VNPay takes the id of a request once: two processes may ask at one moment. */
export const toQuery = (transaction: PaymentTransaction, now: Date, config: VnpayConfig): Promise<ApiMessage> => {
  const { reference, createdAt } = transaction;
  const fields = {
    vnp_RequestId: crypto.randomUUID().replaceAll("-", ""),
    vnp_Version: VERSION,
    vnp_Command: "querydr",
    vnp_TmnCode: config.terminal,
    vnp_TxnRef: reference,
    vnp_OrderInfo: `Truy van ${reference}`,
    vnp_TransactionDate: toWireTime(createdAt),
    vnp_CreateDate: toWireTime(now),
    vnp_IpAddr: config.serverIp,
  };
  return signed("querydr", fields, config);
};

/** A wish to give money back; `amount` as `toAmount` made it. */
export const toRefund = (wish: PaymentRefund, amount: string, now: Date, config: VnpayConfig): Promise<ApiMessage> => {
  const { transaction } = wish;
  const fields = {
    vnp_RequestId: wish.requestId,
    vnp_Version: VERSION,
    vnp_Command: "refund",
    vnp_TmnCode: config.terminal,
    vnp_TransactionType: wish.amount === transaction.amount ? REFUND_TYPES.whole : REFUND_TYPES.part,
    vnp_TxnRef: transaction.reference,
    vnp_Amount: amount,
    vnp_TransactionNo: transaction.transactionId ?? "",
    vnp_TransactionDate: toWireTime(transaction.createdAt),
    vnp_CreateBy: plainText(wish.by, LONGEST_NAME),
    vnp_CreateDate: toWireTime(now),
    vnp_IpAddr: config.serverIp,
    vnp_OrderInfo: orderInfo(wish.reason),
  };
  return signed("refund", fields, config);
};

/** What a notification or an answer says about a transaction; absent where the wire says nothing. */
export const factsIn = (values: ApiMessage) => {
  const text = (name: string) => values[`vnp_${name}`] ?? "";
  const [transactionId, platformTime, bank] = [text("TransactionNo"), text("PayDate"), text("BankCode")];
  const paidAt = readWireTime(platformTime);
  return {
    // VNPay writes 0 for a transaction that has none.
    ...(transactionId !== "" && transactionId !== "0" && { transactionId }),
    ...(platformTime !== "" && { platformTime }),
    ...(paidAt !== undefined && { paidAt }),
    ...(bank !== "" && { bank }),
  };
};
