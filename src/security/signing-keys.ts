import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";
import { z } from "zod";
import { importP256Key, type PrivateP256Jwk, privateP256Jwk, SIGNING_ALGORITHM } from "./p256-jwk.ts";
import { faulty, readJsonSetting, type SettingReading } from "./setting-reading.ts";

/** A public key as `/.well-known/jwks.json` shows it. */
export interface PublishedKey {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
  readonly kid: string;
  readonly alg: typeof SIGNING_ALGORITHM;
  readonly use: "sig";
}

/** One key of `SIGNING_KEYS`, ready to be used. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly published: PublishedKey;
}

/** The token keys, newest first: the newest signs, every one of them verifies. */
export interface SigningKeys {
  readonly newest: SigningKey;
  readonly all: readonly SigningKey[];
  /** The document of `/.well-known/jwks.json`. */
  readonly jwks: { readonly keys: readonly PublishedKey[] };
}

const signingKey = async ({ kty, crv, x, y, d, kid }: PrivateP256Jwk): Promise<SigningKey> => {
  const id = kid ?? (await calculateJwkThumbprint({ kty, crv, x, y }));
  const [privateKey, publicKey] = await Promise.all([
    importP256Key({ kty, crv, x, y, d }),
    importP256Key({ kty, crv, x, y }),
  ]);
  const published = { kty, crv, x, y, kid: id, alg: SIGNING_ALGORITHM, use: "sig" } as const;
  return { kid: id, privateKey, publicKey, published };
};

const setting = z.array(privateP256Jwk).min(1);

/**
 * Reads `SIGNING_KEYS`: a JSON array of private P-256 JWKs, newest first (design section 8). A key without `kid` is
 * named by its thumbprint (RFC 7638). To rotate, put a new key in front and keep the old one for one token lifetime.
 */
export const parseSigningKeys = async (source: string): Promise<SettingReading<SigningKeys>> => {
  const read = readJsonSetting("SIGNING_KEYS", source, setting);
  if (!read.ok) return read;
  const imported = await Promise.allSettled(read.value.map(signingKey));
  const all = imported.flatMap((key) => (key.status === "fulfilled" ? [key.value] : []));
  const faults = imported.flatMap((key, index) => {
    if (key.status === "rejected") return [`SIGNING_KEYS[${index}]: its private and public parts are not a pair`];
    const first = imported.findIndex((other) => other.status === "fulfilled" && other.value.kid === key.value.kid);
    return first < index ? [`SIGNING_KEYS[${index}].kid: repeats that of SIGNING_KEYS[${first}]`] : [];
  });
  const newest = all[0];
  if (faults.length > 0 || newest === undefined) return faulty(faults);
  return { ok: true, value: { newest, all, jwks: { keys: all.map(({ published }) => published) } } };
};

/** A new private key with its thumbprint as `kid`: one item of `SIGNING_KEYS`. */
export const generateSigningKey = async (): Promise<PrivateP256Jwk> => {
  const { privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true });
  const jwk = privateP256Jwk.parse(await exportJWK(privateKey));
  const { kty, crv, x, y } = jwk;
  return { ...jwk, kid: await calculateJwkThumbprint({ kty, crv, x, y }), alg: SIGNING_ALGORITHM, use: "sig" };
};
