import type { SettingsReader } from "../settings-reader.ts";
import { type FetchSettings, readFetchSettings } from "./fetch/fetch-settings.ts";
import { type Network, parseNetwork } from "./networks.ts";

/**
 * How the portal shows that it is the portal (api section 7). Each means that is configured has to hold; with none of them
 * nobody is let in. Holds secrets: never print it.
 */
export interface InboundSettings {
  /** `NATIONAL_PORTAL_INBOUND_KEYS`: any of them, in the header `X-Api-Key` or in the body as `securityKey`. */
  readonly keys: readonly string[];
  /** `NATIONAL_PORTAL_INBOUND_CLIENT_CERTS`: SHA-256 of client certificates, 64 lower-case hexadecimal digits each. */
  readonly certificates: readonly string[];
  /** `NATIONAL_PORTAL_INBOUND_NETWORKS`: where calls come from. */
  readonly networks: readonly Network[];
  /** `NATIONAL_PORTAL_INBOUND_PROXIES`: whose `X-Forwarded-For` and certificate header are believed. */
  readonly proxies: readonly Network[];
  /** `NATIONAL_PORTAL_INBOUND_CERT_HEADER`: in which such a proxy says whose certificate it has checked. */
  readonly certificateHeader: string;
  readonly fetch: FetchSettings;
}

/** The settings that hold secrets, for the redaction list. */
export const INBOUND_SECRETS: readonly string[] = ["NATIONAL_PORTAL_INBOUND_KEYS"];

const SHORTEST_KEY = 16;
const CERTIFICATE_HEADER = "x-client-cert-sha256";

const listIn = (reader: SettingsReader, name: string): string[] =>
  (reader.text(name) ?? "")
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");

const networksIn = (reader: SettingsReader, name: string): Network[] =>
  listIn(reader, name).flatMap((text) => {
    const network = parseNetwork(text);
    if (network === null) reader.fault(`${name} is not a comma list of networks such as 10.1.0.0/16`);
    return network ?? [];
  });

/** A fingerprint as tools print it, with or without colons; null when it is none. */
export const fingerprintIn = (text: string): string | null => {
  const digits = text.replaceAll(":", "").trim().toLowerCase();
  return /^[\da-f]{64}$/u.test(digits) ? digits : null;
};

/** Reads the settings; faults go to the reader and repeat no key. */
export const readInboundSettings = (reader: SettingsReader): InboundSettings => {
  const keys = listIn(reader, "NATIONAL_PORTAL_INBOUND_KEYS");
  if (keys.some((key) => key.length < SHORTEST_KEY)) {
    reader.fault(`NATIONAL_PORTAL_INBOUND_KEYS has a key of less than ${SHORTEST_KEY} characters`);
  }
  const certificates = listIn(reader, "NATIONAL_PORTAL_INBOUND_CLIENT_CERTS").flatMap((text) => {
    const fingerprint = fingerprintIn(text);
    if (fingerprint === null) {
      reader.fault("NATIONAL_PORTAL_INBOUND_CLIENT_CERTS is not a comma list of SHA-256 fingerprints");
    }
    return fingerprint ?? [];
  });
  const header = reader.text("NATIONAL_PORTAL_INBOUND_CERT_HEADER") ?? CERTIFICATE_HEADER;
  if (!/^[\w-]{1,100}$/u.test(header)) reader.fault("NATIONAL_PORTAL_INBOUND_CERT_HEADER is not the name of a header");
  return {
    keys,
    certificates,
    networks: networksIn(reader, "NATIONAL_PORTAL_INBOUND_NETWORKS"),
    proxies: networksIn(reader, "NATIONAL_PORTAL_INBOUND_PROXIES"),
    certificateHeader: header.toLowerCase(),
    fetch: readFetchSettings(reader),
  };
};
