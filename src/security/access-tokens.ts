import { randomUUID } from "node:crypto";
import { decodeProtectedHeader, type JWTPayload, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { GatewayError } from "../../contracts/errors.ts";
import { SIGNING_ALGORITHM } from "./p256-jwk.ts";
import { isScope, type Scope } from "./scopes.ts";
import type { SigningKeys } from "./signing-keys.ts";

/** Constants, not `PUBLIC_URL`: a token stays valid when the gateway's address changes (design section 8). */
const ISSUER = "lien-thong-gateway";
const AUDIENCE = "lien-thong-gateway/v1";
/** RFC 9068: an access token cannot be taken for any other kind of JWT. */
const TOKEN_TYPE = "at+jwt";

/** Between processes of one deployment clocks differ little. */
const CLOCK_TOLERANCE_SECONDS = 5;
/** Ours have about 700; what is longer is not worth reading. */
const MAX_TOKEN_CHARACTERS = 8192;
/** A signature check takes some 100 µs, on the path of every call; a client sends one token thousands of times. */
const DEFAULT_REMEMBERED = 10_000;

/** The person at the counter whom a client speaks for (api section 2). */
export interface Officer {
  /** At most 20 characters. */
  readonly code: string;
  readonly name: string;
  /** Canonical code: the client's agency or one below it. */
  readonly agency: string;
}

/** For whom a token is made. */
export interface TokenHolder {
  /** The client's id. */
  readonly client: string;
  readonly scopes: readonly Scope[];
  /** The agency whose dossiers, and those of the agencies below, the client reaches (api section 1, Ownership). */
  readonly agency: string;
  /** Absent: the token is the client's own. */
  readonly officer?: Officer;
}

/** What a valid token says. */
export interface AccessClaims extends TokenHolder {
  readonly id: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

/** Makes and checks the gateway's own access tokens (api section 2). */
export interface AccessTokens {
  /** A new token; `expiresIn` in seconds. */
  issue(holder: TokenHolder): Promise<{ readonly token: string; readonly expiresIn: number }>;
  /** The claims of a token that this deployment issued and that has not expired; else throws `unauthenticated`. */
  verify(token: string): Promise<AccessClaims>;
}

/** What tokens are made with. */
export interface AccessTokenOptions {
  readonly keys: SigningKeys;
  readonly now: () => Date;
  /** The deployment's tenant (`PROVINCE_CODE`): a token of another one is refused, even when it shares our keys. */
  readonly tenant: string;
  readonly lifetimeSeconds: number;
  /** How many verified tokens are remembered. */
  readonly remembered?: number;
}

/** The caller learns that the token is no good (RFC 6750 section 3.1); why stays in `cause`, for the log. */
const refused = (cause: unknown): GatewayError =>
  new GatewayError("unauthenticated", {
    headers: { "www-authenticate": 'Bearer realm="lien-thong-gateway", error="invalid_token"' },
    cause,
  });

const payloadSchema = z.object({
  client_id: z.string().min(1),
  scope: z.string(),
  agency: z.string().min(1),
  tenant: z.string(),
  jti: z.string().min(1),
  exp: z.number(),
  officer: z.object({ code: z.string().min(1), name: z.string().min(1), agency: z.string().min(1) }).optional(),
});

const readClaims = (payload: JWTPayload, tenant: string): AccessClaims => {
  const claims = payloadSchema.parse(payload);
  if (claims.tenant !== tenant) throw new Error(`a token of tenant ${JSON.stringify(claims.tenant)}`);
  // A scope that this version does not know gives no right.
  const scopes = claims.scope.split(" ").filter(isScope);
  const { client_id: client, agency, jti: id, exp: expiresAt, officer } = claims;
  return { client, scopes, agency, id, expiresAt, ...(officer && { officer }) };
};

/** Access tokens: JWTs signed with ES256 by the newest key, verified by any listed key. */
export const createAccessTokens = (options: AccessTokenOptions): AccessTokens => {
  const { keys, now, tenant, lifetimeSeconds, remembered: limit = DEFAULT_REMEMBERED } = options;
  const publicKeys = new Map(keys.all.map(({ kid, publicKey }) => [kid, publicKey]));
  // In the order of arrival, so that the first is the oldest.
  const remembered = new Map<string, AccessClaims>();

  const check = async (token: string): Promise<AccessClaims> => {
    const key = publicKeys.get(decodeProtectedHeader(token).kid ?? "");
    if (key === undefined) throw new Error("signed with a key that SIGNING_KEYS does not list");
    const { payload } = await jwtVerify(token, key, {
      algorithms: [SIGNING_ALGORITHM],
      typ: TOKEN_TYPE,
      issuer: ISSUER,
      audience: AUDIENCE,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: now(),
    });
    return readClaims(payload, tenant);
  };

  const remember = (token: string, claims: AccessClaims): void => {
    const oldest = remembered.size >= limit ? remembered.keys().next().value : undefined;
    if (oldest !== undefined) remembered.delete(oldest);
    remembered.set(token, claims);
  };

  const issue = async ({ client, scopes, agency, officer }: TokenHolder) => {
    const issuedAt = Math.floor(now().getTime() / 1000);
    const claims = { client_id: client, scope: scopes.join(" "), agency, tenant, ...(officer && { officer }) };
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: SIGNING_ALGORITHM, typ: TOKEN_TYPE, kid: keys.newest.kid })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(officer?.code ?? client)
      .setJti(randomUUID())
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + lifetimeSeconds)
      .sign(keys.newest.privateKey);
    return { token, expiresIn: lifetimeSeconds };
  };

  const verify = async (token: string): Promise<AccessClaims> => {
    const known = remembered.get(token);
    if (known !== undefined && now().getTime() < known.expiresAt * 1000) return known;
    remembered.delete(token);
    if (token.length > MAX_TOKEN_CHARACTERS) throw refused(new Error("longer than any token of ours"));
    try {
      const claims = await check(token);
      remember(token, claims);
      return claims;
    } catch (cause) {
      throw refused(cause);
    }
  };

  return { issue, verify };
};
