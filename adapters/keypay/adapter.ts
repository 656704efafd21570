import { type Adapter, type CallContext, defineAdapter, type Fault, type Reading } from "../../contracts/adapter.ts";
import { malformed, refusedHere } from "../../contracts/payments/json-answer.ts";
import { orderFault } from "../../contracts/payments/order-faults.ts";
import { wireText } from "../../contracts/payments/wire-rows.ts";
import type {
  CreatedPayment,
  PaymentOrder,
  PaymentRefund,
  PaymentStatus,
  PaymentTransaction,
  RefundStatus,
} from "../../contracts/payments.ts";
import { openCallbacks } from "./callbacks.ts";
import { callKeyPay } from "./client.ts";
import { ADDRESS_SETTING, type KeyPayConfig, readCallbackConfig, readConfig, SECRET_SETTINGS } from "./config.ts";
import { toCreate, toDetail, toRefund, toStatus } from "./map.ts";

const NOT_OURS: Fault = { outcome: "refused", code: "invalid_request", message: "KeyPay takes no messages." };

/** Codes, times and amounts; who pays and for what is hidden. */
const PUBLIC_FIELDS: ReadonlySet<string> = new Set([
  ...(["client_id", "transaction_id", "trans_amount", "command", "version", "locale", "country_code"] as const),
  ...(["currency_code", "environment", "addition_fee", "error", "msg", "status", "transaction_code"] as const),
  ...(["amount", "bank_code", "transaction_refund_code"] as const),
]);

const isWebAddress = (text: string): boolean => URL.canParse(text) && /^https?:$/u.test(new URL(text).protocol);

const create = async (
  config: KeyPayConfig,
  order: PaymentOrder,
  call: CallContext,
): Promise<Reading<CreatedPayment>> => {
  const fault = orderFault(order, true);
  if (fault !== null || order.beneficiary === undefined) return refusedHere(fault ?? "No beneficiary");
  const body = await toCreate(order, order.beneficiary, config);
  const reading = await callKeyPay({ url: config.url, body, effect: "send" }, call);
  if (!reading.ok) return reading;
  const payUrl = wireText(reading.value, "payment_url");
  if (!isWebAddress(payUrl)) return malformed("send", "The answer names no address to pay at");
  return { ok: true, value: { payUrl, ...(order.expiresAt && { expiresAt: order.expiresAt }) } };
};

const query = async (
  config: KeyPayConfig,
  { reference }: PaymentTransaction,
  call: CallContext,
): Promise<Reading<PaymentStatus>> => {
  const body = await toDetail(reference, config);
  const reading = await callKeyPay({ url: config.detailUrl, body, effect: "read" }, call);
  if (!reading.ok) {
    const { platformCode } = reading.fault;
    const isUnknown = platformCode !== undefined && config.unknownCodes.has(platformCode);
    return isUnknown ? { ok: true, value: { state: "unknown-reference", code: platformCode } } : reading;
  }
  const named = wireText(reading.value, "transaction_id");
  if (named !== "" && named !== reference) return malformed("read", "The answer is about another transaction");
  return { ok: true, value: toStatus(reading.value, config) };
};

/** KeyPay answers that it took the wish on; when the money went back, its detail alone would tell. */
const refund = async (
  config: KeyPayConfig & { readonly refundUrl: string },
  wish: PaymentRefund,
  call: CallContext,
): Promise<Reading<RefundStatus>> => {
  if (!Number.isSafeInteger(wish.amount) || wish.amount <= 0)
    return refusedHere("The amount is no whole number of VND");
  if (wish.amount > wish.transaction.amount) return refusedHere("More than was paid cannot be given back");
  const body = await toRefund(wish, config);
  const reading = await callKeyPay({ url: config.refundUrl, body, effect: "send" }, call);
  if (!reading.ok) return reading;
  const refundReference = wireText(reading.value, "transaction_refund_code");
  const code = wireText(reading.value, "error");
  return { ok: true, value: { state: "refunding", code, ...(refundReference !== "" && { refundReference }) } };
};

const open = (config: KeyPayConfig): Adapter => {
  const { refundUrl } = config;
  return {
    platform: "keypay",
    profile: "v3",
    operations: {},
    publicFields: PUBLIC_FIELDS,
    check: () => [],
    perform: async () => ({ delivered: false, fault: NOT_OURS }),
    payments: {
      needsBeneficiary: true,
      create: (order, call) => create(config, order, call),
      query: (transaction, call) => query(config, transaction, call),
      ...(refundUrl !== undefined && { refund: (wish, call) => refund({ ...config, refundUrl }, wish, call) }),
    },
  };
};

/** KeyPay v3 (payment section 2.1). Its reports sign no status: what they say has to be confirmed by a query. */
export const keypay = defineAdapter<KeyPayConfig>({
  platform: "keypay",
  addressSetting: ADDRESS_SETTING,
  secretSettings: SECRET_SETTINGS,
  readConfig,
  create: open,
  callbacks: (settings) => openCallbacks(readCallbackConfig(settings)),
});
