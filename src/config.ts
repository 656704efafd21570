import type { PlatformId, Settings } from "../contracts/adapter.ts";
import { checkAgencyCode } from "../contracts/identifiers.ts";
import { EVENT_TYPES, type EventType } from "../contracts/services/inbox.ts";
import { type AlarmMailSettings, parseAlarmMail } from "./alarms/alarm-mail-settings.ts";
import { type FileSettings, readFileSettings } from "./files/file-settings.ts";
import { type LookUpSettings, readLookUpSettings } from "./look-ups/look-up-settings.ts";
import { type PlatformTls, readPlatformTls } from "./platform-tls.ts";
import { type PlatformXRoad, readPlatformXRoad } from "./platform-x-road.ts";
import { type InboundSettings, readInboundSettings } from "./portal-inbound/inbound-settings.ts";
import { type ReconcileSettings, readReconcileSettings } from "./reconcile/reconcile-settings.ts";
import type { BackOff } from "./resilience/back-off.ts";
import type { GuardSettings } from "./resilience/guard-settings.ts";
import { parseWindows } from "./resilience/windows.ts";
import { type RetentionPolicy, readRetention } from "./retention/retention-policy.ts";
import { type ClientRegistry, parseClients } from "./security/client-registry.ts";
import { type LedgerKeys, parseLedgerKeys } from "./security/ledger-keys.ts";
import { type OperatorRegistry, parseOperators } from "./security/operator-registry.ts";
import { parseSigningKeys, type SigningKeys } from "./security/signing-keys.ts";
import { createSettingsReader, type SettingsReader } from "./settings-reader.ts";

/** The guards and retries of one platform (`<P>_RETRY_BASE_MS`, `<P>_RETRY_MAX_MS`). */
export interface PlatformGuards extends GuardSettings {
  readonly backOff: BackOff;
}

/** The finished configuration; below the entries nobody sees an environment variable. */
export interface Config {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string;
  /** Absent: `npm start` runs a database of its own in `dataDir`. */
  readonly databaseUrl?: string;
  readonly dataDir: string;
  /** `PROVINCE_CODE`: the tenant of every row. */
  readonly provinceCode: string;
  readonly agencyCode: string;
  readonly dossierCodePattern?: RegExp;
  readonly clients: ClientRegistry;
  readonly operators: OperatorRegistry;
  /** Absent in `npm start`: made once and kept in the database. */
  readonly ledgerKeys?: LedgerKeys;
  readonly signingKeys?: SigningKeys;
  readonly simulators: boolean;
  readonly logLevel: string;
  /** How long the ledger keeps what. */
  readonly retention: RetentionPolicy;
  /** When and how reconciliation works by itself. */
  readonly reconcile: ReconcileSettings;
  /** Files that are relayed or kept. */
  readonly files: FileSettings;
  /** How much may be looked up in registries. */
  readonly lookUps: LookUpSettings;
  /** How the national portal shows that it is the portal when it calls, and how often it is asked for what it has. */
  readonly portalInbound: InboundSettings;
  /** Absent: alarms are not mailed. */
  readonly alarmMail?: AlarmMailSettings;
  /** `INBOX_EVENTS`: types recorded in the inbox although no webhook asks for them; matters to `exchange.delivered` alone. */
  readonly inboxEvents: readonly EventType[];
  /** `WEBHOOK_ALLOW_PRIVATE`, which the adapter of `province` reads and checks too. */
  readonly webhookAllowPrivate: boolean;
  readonly guards: (platform: PlatformId) => PlatformGuards;
  /** What we show to the platform and whom we trust as it; null: nothing of our own. */
  readonly tls: (platform: PlatformId) => PlatformTls | null;
  /** The way to the platform through a security server; null: it is called directly. */
  readonly xRoad: (platform: PlatformId) => PlatformXRoad | null;
  /** What adapters read their own settings from, with defaults filled in. */
  readonly settings: Settings;
}

/** Every fault of the settings at once; secrets are named, never shown. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`the settings cannot be used:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
    this.name = "ConfigError";
    this.faults = faults;
  }
}

/** What `npm start` fills in so that a newcomer needs no settings; production has none of it. */
export interface DemoDefaults {
  readonly settings: Settings;
}

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
const MOST_MS = 3_600_000;

/** What the names of a platform's settings begin with. */
export const prefixOf = (platform: PlatformId): string => platform.toUpperCase().replaceAll("-", "_");

const MOST_CALLS = 100_000_000;

const readGuards = (reader: SettingsReader, platform: PlatformId): PlatformGuards => {
  const nameOf = (name: string) => `${prefixOf(platform)}_${name}`;
  const setting = (name: string, fallback: number, min: number, max: number) =>
    reader.integer(nameOf(name), fallback, min, max);
  const limit = (name: string) => (reader.text(nameOf(name)) ? setting(name, 1, 1, MOST_CALLS) : undefined);
  const ratePerS = limit("RATE_PER_S");
  const dailyQuota = limit("DAILY_QUOTA");
  const windows = reader.text(nameOf("WINDOWS"));
  return {
    timeoutMs: setting("TIMEOUT_MS", 15_000, 100, MOST_MS),
    // Many endpoints share the province's: each of them takes a part of it at most.
    concurrency: setting("CONCURRENCY", platform === "province" ? 32 : 8, 1, 1000),
    budget: { ...(ratePerS && { ratePerS }), ...(dailyQuota && { dailyQuota }) },
    breakerErrorPercent: setting("BREAKER_ERROR_PERCENT", 50, 1, 100),
    breakerResetMs: setting("BREAKER_RESET_MS", 10_000, 100, MOST_MS),
    windows: (windows && reader.take(parseWindows(nameOf("WINDOWS"), windows))) || [],
    backOff: {
      baseMs: setting("RETRY_BASE_MS", 1000, 1, MOST_MS),
      maxMs: setting("RETRY_MAX_MS", 300_000, 1, MOST_MS),
    },
  };
};

const readAlarmMail = (reader: SettingsReader, publicUrl: string): AlarmMailSettings | undefined =>
  reader.take(
    parseAlarmMail({
      smtpUrl: reader.text("SMTP_URL"),
      to: reader.text("ALARM_EMAIL"),
      from: reader.text("ALARM_EMAIL_FROM"),
      publicUrl,
    }),
  ) ?? undefined;

const readInboxEvents = (reader: SettingsReader): EventType[] => {
  const named = (reader.text("INBOX_EVENTS") ?? "").split(",").map((name) => name.trim());
  const known = EVENT_TYPES.filter((type) => named.includes(type));
  if (named.some((name) => name !== "" && !known.some((type) => type === name))) {
    reader.fault(`INBOX_EVENTS is not a comma list of event types: ${EVENT_TYPES.join(", ")}`);
  }
  return known;
};

const readPattern = (reader: SettingsReader): RegExp | undefined => {
  const source = reader.text("DOSSIER_CODE_PATTERN");
  if (source === undefined) return undefined;
  try {
    return new RegExp(source, "u");
  } catch {
    reader.fault("DOSSIER_CODE_PATTERN is not a regular expression");
    return undefined;
  }
};

const readAgency = (reader: SettingsReader): string => {
  const code = reader.required("AGENCY_CODE", "the province's own agency code, such as 000.00.00.H04");
  if (code !== "" && !checkAgencyCode(code).ok) reader.fault("AGENCY_CODE is not an agency code");
  return code;
};

const readKeys = async (reader: SettingsReader, production: boolean) => {
  const ledger = production
    ? reader.required("LEDGER_KEYS", "kid:base64(32 bytes), newest first")
    : reader.text("LEDGER_KEYS");
  const signing = production
    ? reader.required("SIGNING_KEYS", "a JSON array of private P-256 JWKs")
    : reader.text("SIGNING_KEYS");
  const ledgerKeys = ledger ? reader.take(parseLedgerKeys(ledger)) : undefined;
  const signingKeys = signing ? reader.take(await parseSigningKeys(signing)) : undefined;
  return { ...(ledgerKeys && { ledgerKeys }), ...(signingKeys && { signingKeys }) };
};

const readSimulators = (reader: SettingsReader, production: boolean): boolean => {
  const chosen = reader.oneOf("SIMULATORS", ["auto", "off"] as const, production ? "off" : "auto");
  if (production && chosen === "auto") reader.fault("SIMULATORS=auto is refused in production");
  return chosen === "auto";
};

/**
 * Parses the settings once, at the door (design section 8).
 *
 * @param platforms those whose guards are read.
 * @param platformFaults what the adapters find wrong with their own settings.
 * @param demo what stands in for absent settings in `npm start`; null in production.
 * @throws ConfigError with every fault at once.
 */
export const parseConfig = async (
  environment: Settings,
  platforms: readonly PlatformId[],
  demo: DemoDefaults | null,
  platformFaults: (settings: Settings) => readonly string[] = () => [],
): Promise<Config> => {
  const production = demo === null;
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ""),
  );
  const reader = createSettingsReader({ ...demo?.settings, ...given });
  const host = reader.text("HOST") ?? "127.0.0.1";
  const port = reader.integer("PORT", 8080, 0, 65_535);
  const databaseUrl = production
    ? reader.required("DATABASE_URL", "the PostgreSQL server of the deployment")
    : reader.text("DATABASE_URL");
  const provinceCode = reader.required("PROVINCE_CODE", "the province's code, such as H04");
  const agencyCode = readAgency(reader);
  const clients = reader.take(
    parseClients(reader.required("CLIENTS", "a JSON array of clients") || "[]", { production }),
  );
  const operators = reader.take(
    parseOperators(reader.required("OPERATORS", "a JSON array of operators") || "[]", { production }),
  );
  const dossierCodePattern = readPattern(reader);
  const keys = await readKeys(reader, production);
  const guards = new Map(platforms.map((platform) => [platform, readGuards(reader, platform)]));
  const rest = {
    publicUrl: (reader.address("PUBLIC_URL") ?? `http://${host}:${port}`).replace(/\/$/u, ""),
    dataDir: reader.text("DATA_DIR") ?? ".data",
    simulators: readSimulators(reader, production),
    inboxEvents: readInboxEvents(reader),
    webhookAllowPrivate: reader.text("WEBHOOK_ALLOW_PRIVATE") === "true",
    logLevel: reader.oneOf("LOG_LEVEL", LOG_LEVELS, "info"),
    retention: readRetention(reader),
    // A night's questions are for the real platforms: whoever tries the gateway out asks for them.
    reconcile: readReconcileSettings(reader, production ? "01:30" : "off"),
  };
  const files = readFileSettings(reader, rest.dataDir);
  const portalInbound = readInboundSettings(reader);
  const lookUps = readLookUpSettings(reader);
  const tls = new Map(platforms.map((platform) => [platform, readPlatformTls(reader, prefixOf(platform))]));
  const xRoad = new Map(platforms.map((platform) => [platform, readPlatformXRoad(reader, prefixOf(platform))]));
  const alarmMail = readAlarmMail(reader, rest.publicUrl);
  for (const fault of platformFaults(reader.settings)) reader.fault(fault);
  if (reader.faults.length > 0 || clients === undefined || operators === undefined)
    throw new ConfigError(reader.faults);
  return {
    production,
    host,
    port,
    ...rest,
    files,
    portalInbound,
    lookUps,
    ...(databaseUrl && { databaseUrl }),
    provinceCode,
    agencyCode,
    ...(dossierCodePattern && { dossierCodePattern }),
    clients,
    operators,
    ...keys,
    ...(alarmMail && { alarmMail }),
    tls: (platform) => tls.get(platform) ?? null,
    xRoad: (platform) => xRoad.get(platform) ?? null,
    guards: (platform) => guards.get(platform) ?? readGuards(createSettingsReader({}), platform),
    settings: reader.settings,
  };
};
