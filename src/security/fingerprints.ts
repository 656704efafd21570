import { createHmac, timingSafeEqual } from "node:crypto";
import { GatewayError } from "../../contracts/errors.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { LedgerKey, LedgerKeys } from "./ledger-keys.ts";

/**
 * Tells whether two JSON values are the same without keeping either: for `Idempotency-Key`, event ids and unchanged
 * PUTs (api sections 1 and 3). Keyed, because what is compared is personal data of little entropy.
 */
export interface Fingerprints {
  /** The fingerprint to store: `kid.digest`, under the newest key. Order of members does not matter, order of items does. */
  of(value: unknown): string;
  /**
   * Whether a stored fingerprint is that of `value`. Throws `internal` if its key is no longer listed: neither "same"
   * nor "different" would be true then.
   */
  matches(stored: string, value: unknown): boolean;
  /**
   * Begins the fingerprint of something too large to be held at once, under the newest key; or under the one that made
   * `stored`, to compare with it. Throws `internal` if that key is no longer listed.
   */
  begin(stored?: string): RunningFingerprint;
}

/** A fingerprint in the making. */
export interface RunningFingerprint {
  update(piece: Uint8Array | string): void;
  /** `kid.digest`; nothing can be added afterwards. */
  end(): string;
}

const digest = (key: LedgerKey, value: unknown): Buffer =>
  createHmac("sha256", key.fingerprint).update(canonicalJson(value)).digest();

const keyOf = (keys: LedgerKeys, stored: string): LedgerKey => {
  const kid = stored.slice(0, stored.indexOf("."));
  const key = keys.all.find((one) => one.kid === kid);
  if (key !== undefined) return key;
  throw new GatewayError("internal", {
    cause: new Error("fingerprint made with a key that LEDGER_KEYS does not list"),
  });
};

/** Fingerprints over the ledger's keys: HMAC-SHA-256 of canonical JSON. */
export const createFingerprints = (keys: LedgerKeys): Fingerprints => ({
  of: (value) => `${keys.newest.kid}.${digest(keys.newest, value).toString("base64url")}`,

  matches: (stored, value) => {
    const key = keyOf(keys, stored);
    const expected = digest(key, value);
    const found = Buffer.from(stored.slice(stored.indexOf(".") + 1), "base64url");
    return found.length === expected.length && timingSafeEqual(found, expected);
  },

  begin: (stored) => {
    const key = stored === undefined ? keys.newest : keyOf(keys, stored);
    const hmac = createHmac("sha256", key.fingerprint);
    return {
      update: (piece) => {
        hmac.update(piece);
      },
      end: () => `${key.kid}.${hmac.digest("base64url")}`,
    };
  },
});
