import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { GatewayError } from "../../contracts/errors.ts";
import type { AppContext } from "../http/environment.ts";
import type { Operator } from "../security/operator-registry.ts";
import { endSession, findSession, isSameToken, isToken, newToken } from "../security/operator-sessions.ts";
import { CSRF_FIELD } from "./form.ts";

/** An operator who is logged in. */
export interface ConsoleSession {
  readonly operator: Operator;
  /** Stands in every form of the session's pages. */
  readonly csrf: string;
  readonly id: string;
}

// With `__Host-` a browser takes the cookie from this very host over https only: no neighbour under the same domain can plant one.
const cookieName = (c: AppContext, name: string): string => (c.var.gateway.secureCookies ? `__Host-${name}` : name);
const SESSION = "console";
const LOGIN = "console-login";

const cookieOptions = (c: AppContext) =>
  ({ path: "/", httpOnly: true, sameSite: "Strict", secure: c.var.gateway.secureCookies }) as const;

/** Hands the session's id to the browser, until it is closed; the database ends the session earlier. */
export const giveSessionCookie = (c: AppContext, id: string): void => {
  setCookie(c, cookieName(c, SESSION), id, cookieOptions(c));
  deleteCookie(c, cookieName(c, LOGIN), cookieOptions(c));
};

/** Takes the session's id back. */
export const takeSessionCookie = (c: AppContext): void => {
  deleteCookie(c, cookieName(c, SESSION), cookieOptions(c));
};

/**
 * Who is logged in, or null. Operator and role are those of today's `OPERATORS`: one who was removed from it loses the
 * session for good.
 */
export const currentSession = async (c: AppContext): Promise<ConsoleSession | null> => {
  const { database, tenant, operators } = c.var.gateway;
  const id = getCookie(c, cookieName(c, SESSION));
  if (!isToken(id)) return null;
  const stored = await findSession(database, tenant, id);
  if (stored === null) return null;
  const operator = operators.find(stored.operator);
  if (operator !== undefined) return { operator, csrf: stored.csrf, id };
  await endSession(database, tenant, id);
  return null;
};

/**
 * The token of the login form: a random value in a cookie that the form repeats. Another site can neither read the cookie nor
 * have it sent (SameSite=Strict), nor set it (`__Host-`). `Origin` would not do: under `Referrer-Policy: no-referrer`
 * browsers send `null` there, and `Sec-Fetch-Site` is missing over plain http, where provinces try the console first.
 */
export const loginToken = (c: AppContext): string => {
  const given = getCookie(c, cookieName(c, LOGIN));
  if (isToken(given)) return given; // a second tab must not spoil the form of the first
  const token = newToken();
  setCookie(c, cookieName(c, LOGIN), token, cookieOptions(c));
  return token;
};

/** @throws GatewayError `forbidden`, unless the form holds the token. */
export const requireToken = (form: URLSearchParams, expected: string | undefined): void => {
  if (!isSameToken(form.get(CSRF_FIELD) ?? "", expected ?? "")) throw new GatewayError("forbidden");
};

/** @throws GatewayError `forbidden`, unless the login form repeats its cookie. */
export const requireLoginToken = (c: AppContext, form: URLSearchParams): void =>
  requireToken(form, getCookie(c, cookieName(c, LOGIN)));
