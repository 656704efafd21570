import type { ConfigReading, Settings } from "../../contracts/adapter.ts";
import { type PaymentSettingsReader, readSettingsOf } from "../../contracts/payments/settings-of.ts";
import { type PaymentProfile, PROFILES } from "./profile.ts";

/** What reports of payments are read and answered with. Holds secrets. */
export interface CallbackConfig {
  readonly profile: PaymentProfile;
  readonly partner: string;
  /** Newest first; empty: no report can be believed. */
  readonly secrets: readonly string[];
}

/** Where receipts may be downloaded from. */
export interface ReceiptPlaces {
  /** `host:port` in lower case. */
  readonly hosts: ReadonlySet<string>;
  /** Put in the place of the beginning of a link: receipts live inside the national network (payment section 1.8). */
  readonly rewrite?: { readonly from: string; readonly to: string };
}

/** What the adapter needs. Holds secrets: never print it whole. */
export interface PaymentPlatformConfig extends CallbackConfig {
  readonly profileName: string;
  readonly initUrl: string;
  readonly queryUrl: string | undefined;
  readonly receiptUrl: string | undefined;
  readonly places: ReceiptPlaces;
  /** The whole header `Authorization`, where the integration axis wants one. */
  readonly authorization: string | undefined;
  /** `MaLoi` in the answer to a query that means "no such transaction"; no list of them is public. */
  readonly unknownCodes: ReadonlySet<string>;
}

/** The settings, without their prefix `PAYMENT_PLATFORM_`. */
export const SETTING_NAMES = [
  ...(["PROFILE", "INIT_URL", "QUERY_URL", "RECEIPT_URL", "PARTNER", "SECRETS", "AUTHORIZATION"] as const),
  ...(["VERSION", "PAYMENT_KIND", "CHANNEL", "DEVICE", "LANGUAGE", "BANK", "ACK", "ACK_SIGNATURE"] as const),
  ...(["RECEIPT_MODE", "RECEIPT_TIME", "RECEIPT_HOSTS", "RECEIPT_REWRITE", "UNKNOWN_CODES"] as const),
] as const;

type Name = (typeof SETTING_NAMES)[number];
type Reader = PaymentSettingsReader<Name>;

const open = (settings: Settings): Reader => readSettingsOf("PAYMENT_PLATFORM_", SETTING_NAMES, settings);

/** The setting without which the platform is not configured (design section 8). */
export const ADDRESS_SETTING = "PAYMENT_PLATFORM_INIT_URL";

/** The settings that hold secrets. */
export const SECRET_SETTINGS: readonly string[] = ["PAYMENT_PLATFORM_SECRETS", "PAYMENT_PLATFORM_AUTHORIZATION"];

const oneOf = <T extends string>(reader: Reader, name: Name, allowed: readonly T[], usual: T): T => {
  const named = reader.text(name) ?? usual;
  const found = allowed.find((each) => each === named);
  if (found === undefined) reader.fault(name, `is not one of ${allowed.join(", ")}`);
  return found ?? usual;
};

/** A value that is signed between bars, so that it may hold none. */
const constant = (reader: Reader, name: Name, usual: string): string => {
  const value = reader.text(name) ?? usual;
  if (/[|\p{Cc}]/u.test(value)) reader.fault(name, "must not hold | or control characters");
  return value;
};

const RECEIPT_TIMES = {
  "created-first": ["created", "confirmed"],
  "confirmed-first": ["confirmed", "created"],
  created: ["created"],
  confirmed: ["confirmed"],
} as const satisfies Record<string, PaymentProfile["receiptTimes"]>;

const readReceiptTimes = (reader: Reader, usual: PaymentProfile): PaymentProfile["receiptTimes"] => {
  if (reader.text("RECEIPT_TIME") === undefined) return usual.receiptTimes;
  const names = Object.keys(RECEIPT_TIMES) as (keyof typeof RECEIPT_TIMES)[];
  return RECEIPT_TIMES[oneOf(reader, "RECEIPT_TIME", names, "created-first")];
};

const readProfile = (reader: Reader, name: string): PaymentProfile => {
  const known = Object.hasOwn(PROFILES, name) ? PROFILES[name] : undefined;
  if (known === undefined) reader.fault("PROFILE", `is not one of ${Object.keys(PROFILES).join(", ")}`);
  const usual = known ?? (PROFILES["standard"] as PaymentProfile);
  return {
    version: constant(reader, "VERSION", usual.version),
    paymentKind: constant(reader, "PAYMENT_KIND", usual.paymentKind),
    channel: constant(reader, "CHANNEL", usual.channel),
    device: constant(reader, "DEVICE", usual.device),
    language: constant(reader, "LANGUAGE", usual.language),
    bank: constant(reader, "BANK", usual.bank),
    acknowledgement: oneOf(reader, "ACK", ["recorded", "mirror"], usual.acknowledgement),
    acknowledgementSignature: oneOf(reader, "ACK_SIGNATURE", ["echo", "none"], usual.acknowledgementSignature),
    receiptMode: oneOf(reader, "RECEIPT_MODE", ["get-bill", "print-receipt"], usual.receiptMode),
    receiptTimes: readReceiptTimes(reader, usual),
  };
};

const readRewrite = (reader: Reader): ReceiptPlaces["rewrite"] => {
  const text = reader.text("RECEIPT_REWRITE");
  if (text === undefined) return undefined;
  const at = text.indexOf("=");
  const [from, to] = [text.slice(0, at), text.slice(at + 1)];
  if (at > 0 && [from, to].every((each) => /^https?:\/\//u.test(each) && URL.canParse(each))) return { from, to };
  reader.fault("RECEIPT_REWRITE", "is not of the form from=to, two http or https addresses");
  return undefined;
};

/** Host and port, said or not: `http://a` is `a:80`. */
export const placeOf = (url: URL): string =>
  `${url.hostname}:${url.port || (url.protocol === "https:" ? "443" : "80")}`.toLowerCase();

const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/iu;

const readHosts = (reader: Reader, receiptUrl: string | undefined): ReadonlySet<string> => {
  const listed = (reader.text("RECEIPT_HOSTS") ?? "").split(",").map((host) => host.trim());
  const places = listed.filter(Boolean).flatMap((host) => {
    if (HOST.test(host) && URL.canParse(`http://${host}`))
      return /:\d+$/u.test(host) ? [host.toLowerCase()] : [`${host}:443`.toLowerCase(), `${host}:80`.toLowerCase()];
    reader.fault("RECEIPT_HOSTS", "is not a comma list of host or host:port");
    return [];
  });
  return new Set([...places, ...(receiptUrl === undefined ? [] : [placeOf(new URL(receiptUrl))])]);
};

const PARTNER = "the partner code (MaDoiTac) that the platform gave the province";
const SECRETS = "the secrets of that partner, newest first";

/**
 * Reads the settings `PAYMENT_PLATFORM_*` (design section 8). Without `PAYMENT_PLATFORM_INIT_URL` the platform is absent,
 * whatever else is set. Every fault is listed at once; no secret is repeated in one.
 */
export const readConfig = (settings: Settings): ConfigReading<PaymentPlatformConfig> => {
  const reader = open(settings);
  if (reader.text("INIT_URL") === undefined) return { kind: "absent" };
  const profileName = reader.text("PROFILE") ?? "standard";
  const profile = readProfile(reader, profileName);
  reader.required("PARTNER", PARTNER);
  const partner = constant(reader, "PARTNER", "");
  const secrets = reader.secrets("SECRETS", SECRETS);
  const initUrl = reader.address("INIT_URL");
  const receiptUrl = reader.address("RECEIPT_URL");
  const rewrite = readRewrite(reader);
  const config = {
    ...{ profileName, profile, partner, secrets, receiptUrl, initUrl: initUrl ?? "" },
    queryUrl: reader.address("QUERY_URL"),
    places: { hosts: readHosts(reader, receiptUrl), ...(rewrite && { rewrite }) },
    authorization: reader.text("AUTHORIZATION"),
    unknownCodes: new Set((reader.text("UNKNOWN_CODES") ?? "").split(",").filter(Boolean)),
  };
  return reader.faults.length > 0 ? { kind: "faulty", faults: reader.faults } : { kind: "configured", config };
};

/** What reports are read with, whether or not the platform can be called; what is wrong leaves no secret to believe by. */
export const readCallbackConfig = (settings: Settings): CallbackConfig => {
  const reader = open(settings);
  const profile = readProfile(reader, reader.text("PROFILE") ?? "standard");
  const partner = constant(reader, "PARTNER", "");
  const secrets = reader.secrets("SECRETS", SECRETS);
  return { profile, partner, secrets: reader.faults.length > 0 || partner === "" ? [] : secrets };
};
