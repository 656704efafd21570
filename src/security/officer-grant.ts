import { decodeJwt, type JWTPayload, jwtVerify } from "jose";
import { z } from "zod";
import { agencyCode, agencyCovers, normalizeAgencyCode } from "../../contracts/identifiers.ts";
import { text } from "../../contracts/services/fields.ts";
import type { Officer } from "./access-tokens.ts";
import {
  type AssertionRules,
  CLOCK_TOLERANCE_SECONDS,
  MAX_ASSERTION_CHARACTERS,
  NOBODY,
  readLimits,
} from "./client-assertion.ts";
import type { AuthenticationRequest, ClientAuthentication } from "./client-authentication.ts";
import type { Client } from "./client-registry.ts";
import { invalidGrant, invalidRequest, type OAuthError } from "./oauth-error.ts";
import { importP256Key, SIGNING_ALGORITHM } from "./p256-jwk.ts";

/** The grant by which a client names one of its officers (RFC 7523 section 2.1; api section 2). */
export const OFFICER_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/** What it is checked with. `audience` is the token endpoint, and nothing else. */
export interface OfficerGrantRules extends Omit<AssertionRules, "audiences"> {
  readonly audience: string;
  /** For a client that authenticates itself beside the assertion. */
  readonly authenticate: (request: AuthenticationRequest) => Promise<ClientAuthentication>;
}

/** The client that signed and the officer it signed for, or the answer to give; `reason` is for the log alone. */
export type OfficerGrant =
  | { readonly ok: true; readonly client: Client; readonly officer: Officer }
  | { readonly ok: false; readonly error: OAuthError; readonly reason: string };

/** Population registry: `MaCanBo` has at most 20 characters (registries section 2.2). */
const officerCode = text(20).regex(/^\S+(?: \S+)*$/u);

const claims = z.object({ sub: officerCode, officerName: text(100), agency: agencyCode });

const refused = (reason: string): OfficerGrant => ({ ok: false, error: invalidGrant(), reason });

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : "unreadable");

/** Who signed and what, or why it is not believed. */
const verify = async (
  assertion: string,
  { findClient, audience, now }: OfficerGrantRules,
): Promise<{ readonly client: Client; readonly payload: JWTPayload } | string> => {
  if (assertion.length > MAX_ASSERTION_CHARACTERS) return "the assertion is too long";
  let client: Client | undefined;
  try {
    const issuer = decodeJwt(assertion).iss ?? "";
    client = findClient(issuer);
    const key = await importP256Key(client?.jwk ?? NOBODY);
    const { payload } = await jwtVerify(assertion, key, {
      algorithms: [SIGNING_ALGORITHM],
      issuer,
      audience,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: now(),
    });
    return client?.jwk === undefined ? "no such client, or it has no jwk" : { client, payload };
  } catch (error) {
    return client?.jwk === undefined ? "no such client, or it has no jwk" : messageOf(error);
  }
};

/** The officer that an assertion names, within the agency of the client that signed it. */
const readOfficer = (payload: JWTPayload, client: Client): Officer | string => {
  const read = claims.safeParse(payload);
  // Names of claims alone: their values are a person's.
  if (!read.success) return `claims at fault: ${read.error.issues.map(({ path }) => path.join(".")).join(", ")}`;
  const agency = normalizeAgencyCode(read.data.agency);
  if (!agencyCovers(client.agency, agency)) return "the officer's agency is neither the client's nor below it";
  return { code: read.data.sub, name: read.data.officerName, agency };
};

/** A client may authenticate itself beside its assertion; it must then be the one that signed. */
const authenticated = async (
  { authorization, form }: AuthenticationRequest,
  client: Client,
  rules: OfficerGrantRules,
): Promise<OfficerGrant | null> => {
  const id = form.get("client_id") ?? client.id;
  const proves = authorization !== undefined || form.has("client_secret") || form.has("client_assertion");
  if (!proves) return id === client.id ? null : refused("client_id is not the one that signed");
  const who = await rules.authenticate({ authorization, form });
  if (!who.ok) return who;
  return who.client.id === client.id ? null : refused("another client authenticated than the one that signed");
};

/**
 * Checks the assertion that a client signed for one officer: ES256 by its registered key, `iss` the client, `sub` the
 * officer's code, `aud` the token endpoint, `exp` at most 5 minutes ahead, `jti` used once, `officerName` and `agency`.
 * The signature proves the client; it need not authenticate itself besides (RFC 7523 section 2.1). Refusals are values; it
 * rejects only if the store behind `useOnce` does.
 */
export const verifyOfficerGrant = async (
  request: AuthenticationRequest,
  rules: OfficerGrantRules,
): Promise<OfficerGrant> => {
  const assertion = request.form.get("assertion");
  if (!assertion) {
    return { ok: false, error: invalidRequest("assertion is missing"), reason: "assertion is missing" };
  }
  const signed = await verify(assertion, rules);
  if (typeof signed === "string") return refused(signed);
  const { client, payload } = signed;
  const officer = readOfficer(payload, client);
  if (typeof officer === "string") return refused(officer);
  const limits = readLimits(payload, rules.now());
  if (typeof limits === "string") return refused(limits);
  const refusal = await authenticated(request, client, rules);
  if (refusal !== null) return refusal;
  const isFresh = await rules.useOnce(`${client.id}/${limits.id}`, limits.expiresAt);
  return isFresh ? { ok: true, client, officer } : refused("the assertion was used before");
};
