import { randomBytes } from "node:crypto";
import { generateLedgerKey, type LedgerKeys, parseLedgerKeys } from "../../src/security/ledger-keys.ts";
import type { SettingReading } from "../../src/security/setting-reading.ts";
import { generateSigningKey, parseSigningKeys, type SigningKeys } from "../../src/security/signing-keys.ts";

/** The value of a setting that the scene needs to be right. */
export const accepted = <T>(read: SettingReading<T>): T => {
  if (!read.ok) throw new Error(read.faults.join("; "));
  return read.value;
};

/** The faults of a setting that must be refused. */
export const faultsOf = <T>(read: SettingReading<T>): readonly string[] => {
  if (read.ok) throw new Error("the setting was accepted");
  return read.faults;
};

/** One `LEDGER_KEYS` entry of that id. */
export const ledgerKeyEntry = (kid: string): string => generateLedgerKey(kid, randomBytes);

/** Ledger keys out of entries, newest first. */
export const ledgerKeys = (...entries: string[]): LedgerKeys => accepted(parseLedgerKeys(entries.join(",")));

/** Signing keys out of fresh JWKs, newest first. */
export const signingKeys = async (count = 1): Promise<SigningKeys> => {
  const jwks = await Promise.all(Array.from({ length: count }, generateSigningKey));
  return accepted(await parseSigningKeys(JSON.stringify(jwks)));
};

/** A clock that stands still until it is moved. */
export const stoppedClock = (start = "2026-11-20T09:00:00Z") => {
  let time = Date.parse(start);
  return {
    now: () => new Date(time),
    advanceSeconds: (seconds: number) => {
      time += seconds * 1000;
    },
  };
};

/** What a call throws. */
export const thrownBy = async (call: () => unknown): Promise<unknown> => {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
};
