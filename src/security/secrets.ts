import { createHash, createHmac, randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/** The work factors of scrypt (RFC 7914): memory is 128 * N * r bytes, time grows with N * r * p. */
export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** 16 MiB and some tens of milliseconds: of the equally strong settings that OWASP lists, the one with the least memory. */
const COST: ScryptCost = { N: 2 ** 14, r: 8, p: 5 };

// A stored hash chooses its own cost: these bounds keep a mistyped one from taking the process's memory or minutes.
const MIN_N = 2 ** 10;
const MAX_MEMORY_BYTES = 64 * 2 ** 20;
const MAX_WORK = 2 ** 22;

const SALT_BYTES = 16;
const HASH_BYTES = 32;

const STORED_FORM = /^scrypt\$(\d{1,9})\$(\d{1,3})\$(\d{1,3})\$([A-Za-z0-9_-]{22,86})\$([A-Za-z0-9_-]{43})$/u;

interface StoredHash {
  readonly cost: ScryptCost;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

const isBounded = ({ N, r, p }: ScryptCost): boolean =>
  N >= MIN_N &&
  Number.isInteger(Math.log2(N)) &&
  r >= 1 &&
  p >= 1 &&
  128 * N * r <= MAX_MEMORY_BYTES &&
  N * r * p <= MAX_WORK;

const parseStoredHash = (text: string): StoredHash | undefined => {
  const [, N, r, p, salt, hash] = STORED_FORM.exec(text) ?? [];
  if (salt === undefined || hash === undefined) return undefined;
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  if (!isBounded(cost)) return undefined;
  return { cost, salt: Buffer.from(salt, "base64url"), hash: Buffer.from(hash, "base64url") };
};

/** Whether a text is a hash that `verifySecret` can use; settings are refused at start if not. */
export const isSecretHash = (text: string): boolean => parseStoredHash(text) !== undefined;

/** NFC: the same accented letters typed on two keyboards are the same secret. */
const derive = (secret: string, salt: Buffer, cost: ScryptCost): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const options = { ...cost, maxmem: 2 * MAX_MEMORY_BYTES };
    scrypt(secret.normalize("NFC"), salt, HASH_BYTES, options, (error, key) => (error ? reject(error) : resolve(key)));
  });

/** Hashes a secret for `secretHash`: `scrypt$N$r$p$salt$hash`, the last two in base64url. */
export const hashSecret = async (secret: string, cost: ScryptCost = COST): Promise<string> => {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(secret, salt, cost);
  return ["scrypt", cost.N, cost.r, cost.p, salt.toString("base64url"), hash.toString("base64url")].join("$");
};

/** A secret as `CLIENTS` and `OPERATORS` give it: hashed, or (never in production) plain. */
export interface StoredSecret {
  readonly secret?: string | undefined;
  readonly secretHash?: string | undefined;
}

const digest = (text: string): Buffer => createHash("sha256").update(text.normalize("NFC")).digest();

const DECOY: StoredHash = { cost: COST, salt: Buffer.alloc(SALT_BYTES), hash: Buffer.alloc(HASH_BYTES) };

/**
 * Whether a secret is the stored one, in constant time. Give `undefined` for a client or operator that does not exist:
 * the same work is done for nothing, so that the time of a refusal does not tell who exists.
 */
export const verifySecret = async (secret: string, stored: StoredSecret | undefined): Promise<boolean> => {
  if (stored?.secretHash === undefined && stored?.secret !== undefined) {
    return timingSafeEqual(digest(secret), digest(stored.secret));
  }
  const known = stored?.secretHash === undefined ? undefined : parseStoredHash(stored.secretHash);
  const { cost, salt, hash } = known ?? DECOY;
  const same = timingSafeEqual(await derive(secret, salt, cost), hash);
  return same && known !== undefined;
};

/** How `verifySecret` is asked. */
export type SecretVerifier = typeof verifySecret;

/**
 * `verifySecret` that remembers its last successes, for software that fetches a token before every call. Only digests
 * are remembered, keyed by a random key of this process; a refusal is never remembered.
 * @param remembered how many successes are kept
 */
export const createSecretVerifier = (remembered = 1000): SecretVerifier => {
  let memoryKey: Buffer | undefined; // made at the first use: Workers give no randomness while a module loads
  const successes = new Set<string>();
  return async (secret, stored) => {
    if (stored?.secretHash === undefined) return verifySecret(secret, stored);
    memoryKey ??= randomBytes(32);
    const proof = createHmac("sha256", memoryKey).update(`${stored.secretHash}\0${secret}`).digest("base64url");
    if (successes.has(proof)) return true;
    if (!(await verifySecret(secret, stored))) return false;
    const oldest = successes.size >= remembered ? successes.values().next().value : undefined;
    if (oldest !== undefined) successes.delete(oldest);
    successes.add(proof);
    return true;
  };
};
