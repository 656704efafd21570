import { GatewayError } from "../../contracts/errors.ts";
import { agencyCovers, normalizeAgencyCode } from "../../contracts/identifiers.ts";
import type { AccessClaims } from "../security/access-tokens.ts";
import type { Client } from "../security/client-registry.ts";
import { type Scope, scopesCover } from "../security/scopes.ts";
import type { AppContext, Principal } from "./environment.ts";

const unauthenticated = (error?: string, cause?: unknown): GatewayError =>
  new GatewayError("unauthenticated", {
    headers: {
      "www-authenticate": `Bearer realm="lien-thong-gateway"${error === undefined ? "" : `, error="${error}"`}`,
    },
    cause,
  });

/** One token stands for one principal for as long as its client is registered as it is; forgotten together with the token. */
const principals = new WeakMap<AccessClaims, Principal>();

const principalOf = ({ scopes, officer }: AccessClaims, client: Client): Principal => ({
  client,
  agency: normalizeAgencyCode(client.agency),
  scopes: scopes.filter((scope) => scopesCover(client.scopes, scope)),
  ...(officer && { officer }),
});

/**
 * Who calls, by the Bearer token. The client must still be registered; its agency and rights are those of today.
 *
 * @throws GatewayError `unauthenticated`.
 */
export const authenticate = async (c: AppContext): Promise<Principal> => {
  const header = c.req.header("authorization");
  if (header === undefined) throw unauthenticated();
  const token = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/iu.exec(header)?.[1];
  if (token === undefined) throw unauthenticated("invalid_request");
  const { tokens, clients } = c.get("gateway");
  const claims = await tokens.verify(token);
  const client = clients.find(claims.client);
  if (client === undefined) throw unauthenticated("invalid_token");
  const known = principals.get(claims);
  if (known?.client === client) return known;
  // The client may have been given another agency since.
  if (claims.officer && !agencyCovers(client.agency, claims.officer.agency)) throw unauthenticated("invalid_token");
  const principal = principalOf(claims, client);
  principals.set(claims, principal);
  return principal;
};

/** @throws GatewayError `forbidden`, naming the scope that is missing. */
export const requireScope = (principal: Principal, needed: Scope): void => {
  if (scopesCover(principal.scopes, needed)) return;
  throw new GatewayError("forbidden", {
    detail: { vi: `Thiếu quyền ${needed}.`, en: `The scope ${needed} is missing.` },
    headers: { "www-authenticate": `Bearer error="insufficient_scope", scope="${needed}"` },
  });
};
