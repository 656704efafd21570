import { invalidScope, type OAuthError } from "./oauth-error.ts";

/** Every right that a token can carry (api section 2), without `*`, which stands for all of them. */
export const SCOPES = [
  "dossiers:read",
  "dossiers:write",
  "citizens:read",
  "enterprises:read",
  "payments:read",
  "payments:write",
  "payments:refund",
  "documents:read",
  "documents:write",
  "inbox:read",
  "webhooks:write",
  "procedures:read",
  "procedures:write",
  "ledger:read",
  "ledger:operate",
  "ledger:approve",
  "platforms:read",
  "platforms:operate",
  "reports:read",
  "access:read",
  "audit:read",
] as const;

/** Every scope that a client can be given. */
export const GRANTABLE_SCOPES = [...SCOPES, "*"] as const;

/** One right, or `*`. */
export type Scope = (typeof GRANTABLE_SCOPES)[number];

/** Whether a text is a scope of this gateway. */
export const isScope = (text: string): text is Scope => GRANTABLE_SCOPES.some((scope) => scope === text);

/** Whether the scopes of a token cover what a route needs. */
export const scopesCover = (granted: readonly Scope[], needed: Scope): boolean =>
  granted.includes("*") || granted.includes(needed);

/** What a token request is given. */
export type ScopeGrant =
  | { readonly ok: true; readonly scopes: readonly Scope[] }
  | { readonly ok: false; readonly error: OAuthError };

/**
 * The scopes of a new token, in the order of the list and each once. Without a request (absent or empty) all scopes of
 * the client; one scope that is unknown, or not the client's, refuses the whole request (RFC 6749 section 5.2).
 * @param held the client's scopes
 * @param requested the form's `scope`: names with spaces between
 */
export const grantScopes = (held: readonly Scope[], requested?: string): ScopeGrant => {
  const wanted = new Set((requested ?? "").split(" ").filter((name) => name !== ""));
  if (wanted.size === 0) return { ok: true, scopes: held };
  const scopes = GRANTABLE_SCOPES.filter((scope) => wanted.has(scope) && scopesCover(held, scope));
  if (scopes.length < wanted.size) return { ok: false, error: invalidScope() };
  return { ok: true, scopes };
};
