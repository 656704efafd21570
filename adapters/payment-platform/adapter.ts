import { type Adapter, type CallContext, defineAdapter, type Fault, type Reading } from "../../contracts/adapter.ts";
import { malformed, refusedHere } from "../../contracts/payments/json-answer.ts";
import { orderFault } from "../../contracts/payments/order-faults.ts";
import { wireText } from "../../contracts/payments/wire-rows.ts";
import { toWireTime } from "../../contracts/payments/wire-values.ts";
import type { CreatedPayment, PaymentOrder, PaymentStatus, PaymentTransaction } from "../../contracts/payments.ts";
import { openCallbacks } from "./callbacks.ts";
import { callPlatform } from "./client.ts";
import {
  ADDRESS_SETTING,
  type PaymentPlatformConfig,
  readCallbackConfig,
  readConfig,
  SECRET_SETTINGS,
} from "./config.ts";
import { toInit, toQuestion, toStatus } from "./map.ts";
import { downloadReceipt, findReceipt } from "./receipts.ts";

const NOT_OURS: Fault = {
  outcome: "refused",
  code: "invalid_request",
  message: "The payment platform takes no messages.",
};

/** Codes, times and amounts; who pays and for what is hidden. */
const PUBLIC_FIELDS: ReadonlySet<string> = new Set([
  ...(["loaibantin", "phienban", "madoitac", "mathamchieu", "sotien", "loaihinhthanhtoan", "makenhthanhtoan"] as const),
  ...(["mathietbi", "ngonngu", "matiente", "manganhang", "thoigiangd", "maloi", "motaloi", "trangthaigd"] as const),
  ...(["magiaodich", "madichvu", "madvc", "tendvc", "matthc", "tentthc", "madonvi", "tendonvi"] as const),
  ...(["loaiphilephi", "maphilephi", "tenphilephi", "error_code"] as const),
]);

const isWebAddress = (text: string): boolean => URL.canParse(text) && /^https?:$/u.test(new URL(text).protocol);

const create = async (
  config: PaymentPlatformConfig,
  order: PaymentOrder,
  call: CallContext,
): Promise<Reading<CreatedPayment>> => {
  const fault = orderFault(order, true);
  if (fault !== null || order.beneficiary === undefined) return refusedHere(fault ?? "No beneficiary");
  const body = await toInit(order, order.beneficiary, config);
  const reading = await callPlatform({ url: config.initUrl, body, effect: "send" }, config, call);
  if (!reading.ok) return reading;
  const payUrl = wireText(reading.value, "UrlThanhToan");
  if (!isWebAddress(payUrl)) return malformed("send", "The answer names no address to pay at");
  return { ok: true, value: { payUrl, ...(order.expiresAt && { expiresAt: order.expiresAt }) } };
};

const query = async (
  config: PaymentPlatformConfig & { readonly queryUrl: string },
  { reference, createdAt }: PaymentTransaction,
  call: CallContext,
): Promise<Reading<PaymentStatus>> => {
  const body = await toQuestion("QUERY", { reference, time: toWireTime(createdAt) }, config);
  const reading = await callPlatform({ url: config.queryUrl, body, effect: "read" }, config, call);
  if (!reading.ok) {
    const { platformCode } = reading.fault;
    const isUnknown = platformCode !== undefined && config.unknownCodes.has(platformCode);
    return isUnknown ? { ok: true, value: { state: "unknown-reference", code: platformCode } } : reading;
  }
  const named = wireText(reading.value, "MaThamChieu");
  if (named !== "" && named !== reference) return malformed("read", "The answer is about another transaction");
  return { ok: true, value: toStatus(reading.value) };
};

const open = (config: PaymentPlatformConfig): Adapter => {
  const { queryUrl, receiptUrl } = config;
  return {
    platform: "payment-platform",
    profile: config.profileName,
    operations: {},
    publicFields: PUBLIC_FIELDS,
    check: () => [],
    perform: async () => ({ delivered: false, fault: NOT_OURS }),
    payments: {
      needsBeneficiary: true,
      create: (order, call) => create(config, order, call),
      ...(queryUrl !== undefined && {
        query: (transaction, call) => query({ ...config, queryUrl }, transaction, call),
      }),
      ...(receiptUrl !== undefined && {
        receipts: {
          find: (transaction, call) => findReceipt(receiptUrl, transaction, config, call),
          download: (url, keep, call) => downloadReceipt(url, keep, config.places, call),
        },
      }),
    },
  };
};

/**
 * The national portal's payment platform (payment section 1), as the profile and the constants of the settings say. It gives
 * nothing back by a call: no message for it is known (payment section 1.9).
 */
export const paymentPlatform = defineAdapter<PaymentPlatformConfig>({
  platform: "payment-platform",
  addressSetting: ADDRESS_SETTING,
  secretSettings: SECRET_SETTINGS,
  readConfig,
  create: open,
  callbacks: (settings) => openCallbacks(readCallbackConfig(settings)),
});
