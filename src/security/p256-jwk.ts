import { createPublicKey } from "node:crypto";
import { type CryptoKey, importJWK } from "jose";
import { z } from "zod";

/** The one signature algorithm, ours and our clients' (api section 2). */
export const SIGNING_ALGORITHM = "ES256";

// 32 bytes in base64url without padding.
const coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/u, "not 32 bytes in base64url");

const members = {
  kty: z.literal("EC"),
  crv: z.literal("P-256"),
  x: coordinate,
  y: coordinate,
  alg: z.literal(SIGNING_ALGORITHM).optional(),
  use: z.literal("sig").optional(),
  kid: z.string().min(1).max(200).optional(),
};

const isOnCurve = ({ kty, crv, x, y }: { kty: string; crv: string; x: string; y: string }): boolean => {
  try {
    createPublicKey({ key: { kty, crv, x, y }, format: "jwk" });
    return true;
  } catch {
    return false;
  }
};

const offCurve = "not a point of the curve P-256";

/** A public P-256 key for ES256 signatures (RFC 7518 section 6.2). Members that say nothing about the key are dropped. */
export const publicP256Jwk = z
  .object({ ...members, d: z.never("a private key: give its public part only").optional() })
  .refine(isOnCurve, offCurve);

/** A public key as `CLIENTS` gives it. */
export type PublicP256Jwk = z.infer<typeof publicP256Jwk>;

/** A private P-256 key for ES256 signatures. */
export const privateP256Jwk = z.object({ ...members, d: coordinate }).refine(isOnCurve, offCurve);

/** A private key as `SIGNING_KEYS` gives it. */
export type PrivateP256Jwk = z.infer<typeof privateP256Jwk>;

/** What makes a key; `d` only in a private one. */
interface KeyMembers {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
  readonly d?: string | undefined;
}

/** The key that a JWK describes: private if it has `d`. */
export const importP256Key = async ({ kty, crv, x, y, d }: KeyMembers): Promise<CryptoKey> => {
  const key = await importJWK(d === undefined ? { kty, crv, x, y } : { kty, crv, x, y, d }, SIGNING_ALGORITHM);
  if (key instanceof Uint8Array) throw new TypeError("an EC key is never plain bytes");
  return key;
};
