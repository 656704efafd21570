import { adapters } from "../adapters/index.ts";
import type { Adapter, AdapterDefinition, PlatformId, Settings } from "../contracts/adapter.ts";
import type { PaymentCallbacks, PaymentPlatformId } from "../contracts/payments.ts";
import type { PortalDialect } from "../contracts/portal-inbound.ts";
import { ConfigError } from "./config.ts";
import { INBOUND_SECRETS } from "./portal-inbound/inbound-settings.ts";

/** Every platform there is an adapter for. */
export const platformIds: readonly PlatformId[] = adapters.map(({ platform }) => platform);

/** The settings that hold secrets, for the log's redaction list. */
export const secretSettings: readonly string[] = [
  ...adapters.flatMap((adapter) => adapter.secretSettings),
  "SMTP_URL",
  ...INBOUND_SECRETS,
  "FILE_STORE_SECRET_KEY",
];

/** The platforms whose profile has no address in the settings: `npm start` plays them by simulators. */
export const unconfiguredPlatforms = (settings: Settings): PlatformId[] =>
  adapters.filter(({ readConfig }) => readConfig(settings).kind === "absent").map(({ platform }) => platform);

/** What the adapters find wrong with their settings, all of it at once. */
export const platformFaults = (settings: Settings): readonly string[] =>
  adapters.flatMap((definition) => {
    const reading = definition.readConfig(settings);
    return reading.kind === "faulty" ? reading.faults : [];
  });

const createAdapter = <C>(definition: AdapterDefinition<C>, settings: Settings): Adapter[] => {
  const reading = definition.readConfig(settings);
  if (reading.kind === "faulty") throw new ConfigError(reading.faults);
  return reading.kind === "configured" ? [definition.create(reading.config)] : [];
};

/** The adapters of the platforms that are configured. @throws ConfigError */
export const createAdapters = (settings: Settings): ReadonlyMap<PlatformId, Adapter> =>
  new Map(adapters.flatMap((definition) => createAdapter(definition, settings)).map((a) => [a.platform, a]));

/** How a platform's own calls are read and answered, whether or not we can call it. */
export const inboundOf = (platform: PlatformId): PortalDialect => {
  const dialect = adapters.find((each) => each.platform === platform)?.inbound;
  if (dialect === undefined) throw new Error(`nothing reads what ${platform} sends`);
  return dialect;
};

/** How payment platforms' reports are read, by secrets of the settings; undefined: there is no adapter for the platform. */
export const paymentCallbacks = (
  settings: Settings,
): ((platform: PaymentPlatformId) => PaymentCallbacks | undefined) => {
  const made = new Map(adapters.map(({ platform, callbacks }) => [platform, callbacks?.(settings)] as const));
  return (platform) => made.get(platform);
};
