import { createSecretKey, hkdfSync, type KeyObject } from "node:crypto";
import { faulty, type SettingReading } from "./setting-reading.ts";

/** Length of a ledger key and of each key derived from it. */
const KEY_BYTES = 32;

// Stored forms put the id before a dot and, in sealed text, behind a length byte: the id is short, plain ASCII, without either.
const KEY_ID = /^[A-Za-z0-9_-]{1,32}$/u;
const KEY_MATERIAL = /^[A-Za-z0-9+/]{43}=?$/u;

/**
 * One key of `LEDGER_KEYS`, as the separate keys derived from it: none of them tells anything of another.
 * Key objects, not bytes: a log line cannot show them, and a cipher starts from one ten times faster.
 */
export interface LedgerKey {
  /** The key's public name, written beside everything that it protects. */
  readonly kid: string;
  /** For AES-256-GCM, 32 bytes. */
  readonly encryption: KeyObject;
  /** For keyed search hashes, 32 bytes. */
  readonly searchHash: KeyObject;
  /** For keyed fingerprints, 32 bytes. */
  readonly fingerprint: KeyObject;
}

/** The keys of the ledger, newest first: the newest writes, every one of them reads. */
export interface LedgerKeys {
  readonly newest: LedgerKey;
  readonly all: readonly LedgerKey[];
}

const derive = (material: Buffer, purpose: string): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync("sha256", material, "", `lien-thong-gateway/ledger/${purpose}/v1`, KEY_BYTES)));

const ledgerKey = (kid: string, material: Buffer): LedgerKey => ({
  kid,
  encryption: derive(material, "encryption"),
  searchHash: derive(material, "search-hash"),
  fingerprint: derive(material, "fingerprint"),
});

interface Entry {
  readonly kid: string;
  readonly material: Buffer;
}

/** One `kid:base64` entry, or what is wrong with it. The text itself is never repeated: id and key may have been swapped. */
const readEntry = (text: string): Entry | string => {
  const colon = text.indexOf(":");
  if (colon < 0) return "is not of the form kid:base64";
  const kid = text.slice(0, colon);
  if (!KEY_ID.test(kid)) return "has an id that is not 1 to 32 letters, digits, - or _";
  const encoded = text.slice(colon + 1);
  if (!KEY_MATERIAL.test(encoded)) return `does not hold ${KEY_BYTES} bytes in base64`;
  return { kid, material: Buffer.from(encoded, "base64") };
};

const repetition = (entries: readonly Entry[], entry: Entry, index: number): string | undefined => {
  const earlier = entries.slice(0, index);
  const sameId = earlier.findIndex((other) => other.kid === entry.kid);
  if (sameId >= 0) return `repeats the id of entry ${sameId + 1}`;
  const sameKey = earlier.findIndex((other) => other.material.equals(entry.material));
  return sameKey < 0 ? undefined : `repeats the key of entry ${sameKey + 1}`;
};

/**
 * Reads `LEDGER_KEYS`: `kid:base64(32 bytes)`, a comma list, newest first (design section 8).
 * To rotate, put a new key in front and keep the old ones for as long as anything written under them is kept.
 */
export const parseLedgerKeys = (setting: string): SettingReading<LedgerKeys> => {
  const read = setting.split(",").map((text) => readEntry(text.trim()));
  const faults = read.flatMap((entry, index) =>
    typeof entry === "string" ? [`LEDGER_KEYS: entry ${index + 1} ${entry}`] : [],
  );
  if (faults.length > 0) return faulty(faults);

  const entries = read.filter((entry) => typeof entry !== "string");
  const repeats = entries.flatMap((entry, index) => {
    const fault = repetition(entries, entry, index);
    return fault === undefined ? [] : [`LEDGER_KEYS: entry ${index + 1} ${fault}`];
  });
  const all = entries.map(({ kid, material }) => ledgerKey(kid, material));
  const newest = all[0];
  if (repeats.length > 0 || newest === undefined) return faulty(repeats);
  return { ok: true, value: { newest, all } };
};

/**
 * A new key in the form of one `LEDGER_KEYS` entry.
 * @param random gives that many unpredictable bytes
 */
export const generateLedgerKey = (kid: string, random: (bytes: number) => Uint8Array): string => {
  if (!KEY_ID.test(kid)) throw new TypeError("kid: 1 to 32 letters, digits, - or _");
  return `${kid}:${Buffer.from(random(KEY_BYTES)).toString("base64")}`;
};
