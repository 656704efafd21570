import type { ConfigReading, Settings } from "../../contracts/adapter.ts";
import { readSettingsOf } from "../../contracts/payments/settings-of.ts";

/** What reports of payments are read with. Holds secrets. */
export interface CallbackConfig {
  readonly clientId: string;
  /** Keys of what KeyPay sends, newest first; empty: no report can be believed. */
  readonly theirKeys: readonly string[];
  readonly paidStatuses: ReadonlySet<string>;
  readonly failedStatuses: ReadonlySet<string>;
}

/** What the adapter needs. Holds secrets: never print it whole. */
export interface KeyPayConfig extends CallbackConfig {
  readonly url: string;
  readonly detailUrl: string;
  readonly refundUrl: string | undefined;
  /** The key of what we send. */
  readonly ourKey: string;
  /** No source names it (payment, "Not found", 4). */
  readonly refundCommand: string;
  readonly locale: string;
  readonly countryCode: string;
  readonly currencyCode: string;
  /** `error` in the answer to a detail that means "no such transaction"; no list of them is public. */
  readonly unknownCodes: ReadonlySet<string>;
}

/** The settings, without their prefix `KEYPAY_`. */
export const SETTING_NAMES = [
  ...(["URL", "DETAIL_URL", "REFUND_URL", "CLIENT_ID", "KEY_1", "KEY_2", "REFUND_COMMAND"] as const),
  ...(["LOCALE", "COUNTRY_CODE", "CURRENCY_CODE", "PAID_STATUSES", "FAILED_STATUSES", "UNKNOWN_CODES"] as const),
] as const;

const open = (settings: Settings) => readSettingsOf("KEYPAY_", SETTING_NAMES, settings);

/** The setting without which KeyPay is not configured (design section 8). */
export const ADDRESS_SETTING = "KEYPAY_URL";

/** The settings that hold secrets. */
export const SECRET_SETTINGS: readonly string[] = ["KEYPAY_KEY_1", "KEYPAY_KEY_2"];

const listOf = (text: string | undefined): ReadonlySet<string> =>
  new Set(
    (text ?? "")
      .split(",")
      .map((each) => each.trim())
      .filter(Boolean),
  );

const readCallback = (reader: ReturnType<typeof open>): CallbackConfig => {
  const clientId = reader.required("CLIENT_ID", "the client id that KeyPay gave the province");
  if (clientId.includes("|")) reader.fault("CLIENT_ID", "must not hold |");
  return {
    clientId,
    theirKeys: reader.secrets("KEY_2", "the keys that KeyPay signs with, newest first"),
    paidStatuses: listOf(reader.text("PAID_STATUSES") ?? "0"),
    failedStatuses: listOf(reader.text("FAILED_STATUSES")),
  };
};

/**
 * Reads the settings `KEYPAY_*` (design section 8). Without `KEYPAY_URL` KeyPay is absent, whatever else is set. Every fault
 * is listed at once; no secret is repeated in one.
 */
export const readConfig = (settings: Settings): ConfigReading<KeyPayConfig> => {
  const reader = open(settings);
  if (reader.text("URL") === undefined) return { kind: "absent" };
  // Its reports sign no status: without the detail nothing could ever be paid (payment section 2.1).
  reader.required("DETAIL_URL", "where the detail of a transaction is asked for");
  const refundCommand = reader.text("REFUND_COMMAND") ?? "REFUND";
  if (refundCommand.includes("|")) reader.fault("REFUND_COMMAND", "must not hold |");
  const config: KeyPayConfig = {
    ...readCallback(reader),
    url: reader.address("URL") ?? "",
    detailUrl: reader.address("DETAIL_URL") ?? "",
    refundUrl: reader.address("REFUND_URL"),
    ourKey: reader.secrets("KEY_1", "the key that the province signs with")[0] ?? "",
    refundCommand,
    locale: reader.text("LOCALE") ?? "vn",
    countryCode: reader.text("COUNTRY_CODE") ?? "+84",
    currencyCode: reader.text("CURRENCY_CODE") ?? "704",
    unknownCodes: listOf(reader.text("UNKNOWN_CODES")),
  };
  for (const status of config.paidStatuses)
    if (config.failedStatuses.has(status)) reader.fault("FAILED_STATUSES", "names a status of KEYPAY_PAID_STATUSES");
  return reader.faults.length > 0 ? { kind: "faulty", faults: reader.faults } : { kind: "configured", config };
};

/** What reports are read with, whether or not KeyPay can be called; what is wrong leaves no key to believe by. */
export const readCallbackConfig = (settings: Settings): CallbackConfig => {
  const reader = open(settings);
  const config = readCallback(reader);
  return reader.faults.length > 0 ? { ...config, theirKeys: [] } : config;
};
