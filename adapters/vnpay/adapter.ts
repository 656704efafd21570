import { type Adapter, type CallContext, defineAdapter, type Fault, type Reading } from "../../contracts/adapter.ts";
import { malformed, refusedHere } from "../../contracts/payments/json-answer.ts";
import { orderFault } from "../../contracts/payments/order-faults.ts";
import type {
  CreatedPayment,
  PaymentOrder,
  PaymentRefund,
  PaymentStatus,
  PaymentTransaction,
  RefundStatus,
} from "../../contracts/payments.ts";
import { SUCCESS, SUSPICIOUS } from "../../contracts/platforms/vnpay/wire.ts";
import { openCallbacks } from "./callbacks.ts";
import { callApi } from "./client.ts";
import { ADDRESS_SETTING, readCallbackConfig, readConfig, SECRET_SETTINGS, type VnpayConfig } from "./config.ts";
import { expiryOf, factsIn, readAmount, toAmount, toPay, toQuery, toRefund } from "./map.ts";
import { signQuery } from "./signed-query.ts";

const NOT_OURS: Fault = { outcome: "refused", code: "invalid_request", message: "VNPay takes no messages." };

const NOT_FOUND = "91";
const ASKED_BEFORE = "94";
const FAILED = "02";
const REFUND_REFUSED = "09";

/** Codes, times and amounts; what it is for is hidden. */
const PUBLIC_FIELDS: ReadonlySet<string> = new Set([
  ...(["vnp_requestid", "vnp_version", "vnp_command", "vnp_tmncode", "vnp_txnref", "vnp_transactiondate"] as const),
  ...(["vnp_createdate", "vnp_responseid", "vnp_responsecode", "vnp_message", "vnp_amount", "vnp_bankcode"] as const),
  ...(["vnp_paydate", "vnp_transactionno", "vnp_transactiontype", "vnp_transactionstatus"] as const),
]);

/** Makes no call: VNPay first hears of it when the payer's browser comes. */
const create = async (config: VnpayConfig, order: PaymentOrder): Promise<Reading<CreatedPayment>> => {
  const fault = orderFault(order, false);
  if (fault !== null) return refusedHere(fault);
  const amount = toAmount(order.amount);
  if (amount === null) return refusedHere("VNPay takes at most 9,999,999,999 VND");
  const query = await signQuery(toPay(order, amount, config), config.secrets[0] ?? "");
  const joint = config.payUrl.includes("?") ? "&" : "?";
  return { ok: true, value: { payUrl: `${config.payUrl}${joint}${query}`, expiresAt: expiryOf(order) } };
};

/** Pending is never final: a state that is neither of these is asked about again. */
const stateOf = (status: string): PaymentStatus["state"] => {
  if (status === SUCCESS) return "paid";
  return status === FAILED ? "failed" : "pending";
};

const query = async (
  config: VnpayConfig & { readonly apiUrl: string },
  transaction: PaymentTransaction,
  call: CallContext,
): Promise<Reading<PaymentStatus>> => {
  const body = await toQuery(transaction, call.now(), config);
  const readable = new Set([NOT_FOUND]);
  const reading = await callApi({ url: config.apiUrl, body, effect: "read", readable }, config, call);
  if (!reading.ok) return reading;
  const answer = reading.value;
  if (answer["vnp_ResponseCode"] === NOT_FOUND)
    return { ok: true, value: { state: "unknown-reference", code: NOT_FOUND } };
  if (answer["vnp_TxnRef"] !== transaction.reference || answer["vnp_TmnCode"] !== config.terminal)
    return malformed("read", "The answer is about another transaction");
  const amount = readAmount(answer["vnp_Amount"] ?? "");
  if (amount === undefined) return malformed("read", "The answer names no amount in VND");
  const code = answer["vnp_TransactionStatus"] ?? "";
  const held = code === SUSPICIOUS;
  return { ok: true, value: { ...factsIn(answer), state: stateOf(code), code, amount, ...(held && { held }) } };
};

const refund = async (
  config: VnpayConfig & { readonly apiUrl: string },
  wish: PaymentRefund,
  call: CallContext,
): Promise<Reading<RefundStatus>> => {
  if (!Number.isSafeInteger(wish.amount) || wish.amount <= 0)
    return refusedHere("The amount is no whole number of VND");
  if (wish.amount > wish.transaction.amount) return refusedHere("More than was paid cannot be given back");
  const amount = toAmount(wish.amount);
  if (amount === null || !/^[\dA-Za-z]{1,32}$/u.test(wish.requestId))
    return refusedHere("The amount or the request's id");
  const body = await toRefund(wish, amount, call.now(), config);
  const readable = new Set([ASKED_BEFORE]);
  const reading = await callApi({ url: config.apiUrl, body, effect: "send", readable }, config, call);
  if (!reading.ok) return reading;
  const status = reading.value["vnp_TransactionStatus"] ?? "";
  const code = reading.value["vnp_ResponseCode"] ?? "";
  if (code === ASKED_BEFORE) return { ok: true, value: { state: "refunding", code } };
  const { transactionId } = factsIn(reading.value);
  const reference = transactionId === undefined ? {} : { refundReference: transactionId };
  if (status === REFUND_REFUSED) return { ok: true, value: { state: "failed", code: status, ...reference } };
  return {
    ok: true,
    value: { state: status === SUCCESS ? "refunded" : "refunding", code: status || code, ...reference },
  };
};

const open = (config: VnpayConfig): Adapter => {
  const { apiUrl } = config;
  return {
    platform: "vnpay",
    profile: "2.1.0",
    operations: {},
    publicFields: PUBLIC_FIELDS,
    check: () => [],
    perform: async () => ({ delivered: false, fault: NOT_OURS }),
    payments: {
      needsBeneficiary: false,
      create: (order) => create(config, order),
      ...(apiUrl !== undefined && {
        query: (transaction, call) => query({ ...config, apiUrl }, transaction, call),
        refund: (wish, call) => refund({ ...config, apiUrl }, wish, call),
      }),
    },
  };
};

/** VNPay PAY 2.1.0 (payment section 2.3): a redirect, a signed notification, and the merchant's API. */
export const vnpay = defineAdapter<VnpayConfig>({
  platform: "vnpay",
  addressSetting: ADDRESS_SETTING,
  secretSettings: SECRET_SETTINGS,
  readConfig,
  create: open,
  callbacks: (settings) => openCallbacks(readCallbackConfig(settings)),
});
