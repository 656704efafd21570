import { decodeJwt, type JWTPayload, jwtVerify } from "jose";
import type { Client } from "./client-registry.ts";
import { importP256Key, type PublicP256Jwk, SIGNING_ALGORITHM } from "./p256-jwk.ts";

/** An assertion stolen later is worth nothing (api section 2). */
const MAX_LIFETIME_SECONDS = 5 * 60;
/** Clients run on machines of their own, whose clocks drift. */
export const CLOCK_TOLERANCE_SECONDS = 30;
/** What is longer is not worth reading. */
export const MAX_ASSERTION_CHARACTERS = 8192;
const MAX_ID_CHARACTERS = 255;

/**
 * Stands in for a client that does not exist or has no key, so that its refusal takes as long as any other.
 * The private part was thrown away; and whatever verifies against it is refused all the same.
 */
export const NOBODY: PublicP256Jwk = {
  kty: "EC",
  crv: "P-256",
  x: "I75bid7Lgs7YdH4qD_zJDJPgPWD3s50Mh2oU_ehIVUI",
  y: "1oh2XF_w3wlgmXoJxC5t-M5jHj5C4PYaJn7UfXwupPc",
};

/**
 * Marks an assertion as used, in a store that all processes share.
 * @param id unique among the assertions of all clients
 * @param expiresAt when the mark may be forgotten: from then on the assertion is refused as expired
 * @returns false if it was used before
 */
export type UseOnce = (id: string, expiresAt: Date) => Promise<boolean>;

/** What an assertion is checked with. */
export interface AssertionRules {
  readonly findClient: (id: string) => Client | undefined;
  /** Who the assertion may be addressed to: one of these must be in `aud`. */
  readonly audiences: readonly string[];
  readonly now: () => Date;
  readonly useOnce: UseOnce;
}

/** The client that signed, or why it is not believed: for the log, never for the answer. */
export type AssertionReading =
  | { readonly ok: true; readonly client: Client }
  | { readonly ok: false; readonly reason: string };

const refused = (reason: string): AssertionReading => ({ ok: false, reason });

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The times and the id that jose does not judge, or what is wrong with them. */
export const readLimits = ({ exp, jti }: JWTPayload, now: Date): { id: string; expiresAt: Date } | string => {
  if (exp === undefined || exp > now.getTime() / 1000 + MAX_LIFETIME_SECONDS + CLOCK_TOLERANCE_SECONDS) {
    return "exp is missing or more than 5 minutes ahead";
  }
  if (typeof jti !== "string" || jti === "" || jti.length > MAX_ID_CHARACTERS) return "jti is missing or too long";
  return { id: jti, expiresAt: new Date((exp + CLOCK_TOLERANCE_SECONDS) * 1000) };
};

/**
 * Checks an assertion by which a client authenticates itself (RFC 7523 section 3): ES256 by the registered key, `iss`
 * and `sub` the client's id, `aud` one of ours, `exp` at most 5 minutes ahead, `jti` used once.
 * Rejects only if the store behind `useOnce` does.
 */
export const verifyClientAssertion = async (assertion: string, rules: AssertionRules): Promise<AssertionReading> => {
  if (assertion.length > MAX_ASSERTION_CHARACTERS) return refused("the assertion is too long");
  const now = rules.now();
  let client: Client | undefined;
  let payload: JWTPayload;
  try {
    const claimed = decodeJwt(assertion).iss ?? "";
    client = rules.findClient(claimed);
    const key = await importP256Key(client?.jwk ?? NOBODY);
    ({ payload } = await jwtVerify(assertion, key, {
      algorithms: [SIGNING_ALGORITHM],
      issuer: claimed,
      subject: claimed,
      audience: [...rules.audiences],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: now,
    }));
  } catch (error) {
    return refused(client?.jwk === undefined ? "no such client, or it has no jwk" : messageOf(error));
  }
  if (client?.jwk === undefined) return refused("no such client, or it has no jwk");

  const limits = readLimits(payload, now);
  if (typeof limits === "string") return refused(limits);
  // Client ids hold no slash: two clients that choose the same jti do not disturb each other.
  const fresh = await rules.useOnce(`${client.id}/${limits.id}`, limits.expiresAt);
  return fresh ? { ok: true, client } : refused("the assertion was used before");
};
