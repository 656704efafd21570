import type { SettingsReader } from "./settings-reader.ts";

/**
 * Mutual TLS with one platform (`<P>_TLS_CERT`, `_TLS_KEY`, `_TLS_CA`): each a path, or PEM text when it begins so.
 * `cert` and `key` come together.
 */
export interface PlatformTls {
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
}

/**
 * Reads one platform's TLS settings; null: there are none. What stands in the files is read by those who can.
 *
 * @param prefix what the names begin with: `NATIONAL_PORTAL`.
 */
export const readPlatformTls = (reader: SettingsReader, prefix: string): PlatformTls | null => {
  const nameOf = (name: string) => `${prefix}_${name}`;
  const cert = reader.text(nameOf("TLS_CERT"));
  const key = reader.text(nameOf("TLS_KEY"));
  const ca = reader.text(nameOf("TLS_CA"));
  if (cert && !key) reader.fault(`${nameOf("TLS_KEY")} is missing: the key of ${nameOf("TLS_CERT")}`);
  if (key && !cert) reader.fault(`${nameOf("TLS_CERT")} is missing: the certificate of ${nameOf("TLS_KEY")}`);
  return cert || key || ca ? { ...(cert && { cert }), ...(key && { key }), ...(ca && { ca }) } : null;
};
