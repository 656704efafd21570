import type { PlatformId } from "../contracts/adapter.ts";
import type { Config } from "./config.ts";

/**
 * The settings that were given and have no effect on Workers: mail needs a TCP connection of its own, and a client
 * certificate there is a binding (`mtls_certificates`), not a setting.
 */
export const nodeOnlySettings = (
  { alarmMail, tls }: Pick<Config, "alarmMail" | "tls">,
  platforms: readonly PlatformId[],
): string[] => [
  ...(alarmMail === undefined ? [] : ["SMTP_URL"]),
  ...platforms.filter((platform) => tls(platform) !== null).map((platform) => `TLS of ${platform}`),
];
