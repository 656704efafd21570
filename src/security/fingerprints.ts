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
}

const digest = (key: LedgerKey, value: unknown): Buffer =>
  createHmac("sha256", key.fingerprint).update(canonicalJson(value)).digest();

/** Fingerprints over the ledger's keys: HMAC-SHA-256 of canonical JSON. */
export const createFingerprints = (keys: LedgerKeys): Fingerprints => ({
  of: (value) => `${keys.newest.kid}.${digest(keys.newest, value).toString("base64url")}`,

  matches: (stored, value) => {
    const dot = stored.indexOf(".");
    const key = keys.all.find(({ kid }) => kid === stored.slice(0, dot));
    if (key === undefined) {
      throw new GatewayError("internal", {
        cause: new Error("fingerprint made with a key that LEDGER_KEYS does not list"),
      });
    }
    const expected = digest(key, value);
    const found = Buffer.from(stored.slice(dot + 1), "base64url");
    return found.length === expected.length && timingSafeEqual(found, expected);
  },
});
