import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import type { PlatformId, Settings } from "../../contracts/adapter.ts";
import { prefixOf } from "../config.ts";
import type { PlatformTls } from "../platform-tls.ts";
import { faulty, type SettingReading } from "../security/setting-reading.ts";

/** What a connection is made with, as PEM text. */
export interface TlsMaterial {
  readonly cert?: string;
  readonly key?: string;
  /** Whom we trust as the platform, in place of the public authorities. */
  readonly ca?: string;
  /** When the first certificate of `cert` ends; null: there is none. */
  readonly expiresAt: Date | null;
}

const MEMBERS = ["cert", "key", "ca"] as const;
type Member = (typeof MEMBERS)[number];

/** Whether the setting holds the text itself; else it names a file. */
export const isPem = (value: string): boolean => value.startsWith("-----BEGIN");

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/gu;

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown";

/** Reads one setting's text; `faults` gets what is wrong, never the text. */
const readText = (name: string, value: string, faults: string[]): string | undefined => {
  // In an environment variable line ends are often written out.
  if (isPem(value)) return value.replaceAll("\\n", "\n");
  try {
    return readFileSync(value, "utf8");
  } catch (error) {
    faults.push(`${name}: the file cannot be read (${codeOf(error)})`);
    return undefined;
  }
};

const readCertificates = (name: string, pem: string, faults: string[]): X509Certificate[] => {
  try {
    const found = [...pem.matchAll(CERTIFICATE)].map(([text]) => new X509Certificate(text));
    if (found.length === 0) faults.push(`${name} holds no certificate in PEM`);
    return found;
  } catch {
    faults.push(`${name} holds a certificate that cannot be read`);
    return [];
  }
};

const readKey = (name: string, pem: string, faults: string[]): KeyObject | undefined => {
  try {
    return createPrivateKey(pem);
  } catch {
    faults.push(`${name} holds no private key in PEM, or one that needs a passphrase`);
    return undefined;
  }
};

const checkPair = (prefix: string, leaf: X509Certificate | undefined, key: KeyObject | undefined, faults: string[]) => {
  if (leaf && key && !leaf.checkPrivateKey(key))
    faults.push(`${prefix}_TLS_KEY is not the key of ${prefix}_TLS_CERT, whose first certificate has to be our own`);
};

/** OpenSSL has the last word, for instance about keys that are too short. */
const checkContext = (prefix: string, pem: Partial<Record<Member, string>>, faults: string[]): void => {
  try {
    createSecureContext(pem);
  } catch (error) {
    faults.push(`${prefix}_TLS_CERT, _TLS_KEY and _TLS_CA cannot be used (${codeOf(error)})`);
  }
};

const endOf = (certificates: readonly X509Certificate[]): Date | null => {
  const ends = certificates.map(({ validTo }) => Date.parse(validTo));
  return ends.length === 0 ? null : new Date(Math.min(...ends));
};

/** Reads a platform's certificate, key and authorities from files or text. An expired certificate is no fault: an alarm tells. */
export const readTlsFiles = (platform: PlatformId, tls: PlatformTls): SettingReading<TlsMaterial> => {
  const prefix = prefixOf(platform);
  const faults: string[] = [];
  const nameOf = (member: Member) => `${prefix}_TLS_${member.toUpperCase()}`;
  const pem: Partial<Record<Member, string>> = {};
  for (const member of MEMBERS) {
    const value = tls[member];
    const text = value && readText(nameOf(member), value, faults);
    if (text) pem[member] = text;
    else if (text === "") faults.push(`${nameOf(member)}: the file is empty`);
  }
  const chain = pem.cert === undefined ? [] : readCertificates(nameOf("cert"), pem.cert, faults);
  const key = pem.key === undefined ? undefined : readKey(nameOf("key"), pem.key, faults);
  if (pem.ca !== undefined) readCertificates(nameOf("ca"), pem.ca, faults);
  checkPair(prefix, chain[0], key, faults);
  if (faults.length === 0) checkContext(prefix, pem, faults);
  return faults.length > 0 ? faulty(faults) : { ok: true, value: { ...pem, expiresAt: endOf(chain) } };
};

/** What is wrong with the files of all platforms, for the list of faults at the start. */
export const tlsFaults = (settings: Settings, platforms: readonly PlatformId[]): string[] =>
  platforms.flatMap((platform) => {
    const given = MEMBERS.flatMap((member) => {
      const value = settings[`${prefixOf(platform)}_TLS_${member.toUpperCase()}`];
      return value ? [[member, value]] : [];
    });
    const reading = readTlsFiles(platform, Object.fromEntries(given) as PlatformTls);
    return reading.ok ? [] : reading.faults;
  });
