import type { ConfigReading, Settings } from "../../contracts/adapter.ts";
import { readSettingsOf } from "../../contracts/payments/settings-of.ts";

/** What notifications are read with. Holds secrets. */
export interface CallbackConfig {
  readonly terminal: string;
  /** Newest first; empty: no notification can be believed. */
  readonly secrets: readonly string[];
}

/** What the adapter needs. Holds secrets: never print it whole. */
export interface VnpayConfig extends CallbackConfig {
  /** Where the payer's browser is sent to. */
  readonly payUrl: string;
  /** The merchant's API; absent: neither queries nor refunds. */
  readonly apiUrl: string | undefined;
  readonly orderType: string;
  readonly locale: string;
  /** The address of ours that VNPay is told when it is asked (`vnp_IpAddr`). */
  readonly serverIp: string;
}

/** The settings, without their prefix `VNPAY_`. */
export const SETTING_NAMES = ["PAY_URL", "API_URL", "TMN_CODE", "SECRET", "ORDER_TYPE", "LOCALE", "SERVER_IP"] as const;

const open = (settings: Settings) => readSettingsOf("VNPAY_", SETTING_NAMES, settings);

/** The setting without which VNPay is not configured (design section 8). */
export const ADDRESS_SETTING = "VNPAY_PAY_URL";

/** The settings that hold secrets. */
export const SECRET_SETTINGS: readonly string[] = ["VNPAY_SECRET"];

const readCallback = (reader: ReturnType<typeof open>): CallbackConfig => {
  const terminal = reader.required("TMN_CODE", "the terminal (vnp_TmnCode) that VNPay gave the province");
  if (!/^\w*$/u.test(terminal)) reader.fault("TMN_CODE", "is not of letters and digits");
  return { terminal, secrets: reader.secrets("SECRET", "the hash secrets of that terminal, newest first") };
};

/**
 * Reads the settings `VNPAY_*` (design section 8). Without `VNPAY_PAY_URL` VNPay is absent, whatever else is set. Every fault
 * is listed at once; no secret is repeated in one.
 */
export const readConfig = (settings: Settings): ConfigReading<VnpayConfig> => {
  const reader = open(settings);
  if (reader.text("PAY_URL") === undefined) return { kind: "absent" };
  const config: VnpayConfig = {
    ...readCallback(reader),
    payUrl: reader.address("PAY_URL") ?? "",
    apiUrl: reader.address("API_URL"),
    orderType: reader.text("ORDER_TYPE") ?? "other",
    locale: reader.text("LOCALE") ?? "vn",
    serverIp: reader.text("SERVER_IP") ?? "127.0.0.1",
  };
  if (config.serverIp.includes("|")) reader.fault("SERVER_IP", "must not hold |");
  return reader.faults.length > 0 ? { kind: "faulty", faults: reader.faults } : { kind: "configured", config };
};

/** What notifications are read with, whether or not VNPay can be called; what is wrong leaves no secret to believe by. */
export const readCallbackConfig = (settings: Settings): CallbackConfig => {
  const reader = open(settings);
  const config = readCallback(reader);
  return reader.faults.length > 0 ? { ...config, secrets: [] } : config;
};
