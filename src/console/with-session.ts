import { GatewayError } from "../../contracts/errors.ts";
import type { AppContext } from "../http/environment.ts";
import { type ConsoleSession, currentSession } from "./console-session.ts";
import { localPath } from "./local-path.ts";
import { loginPath } from "./login-routes.ts";

/** Operators of the province see the whole deployment (api section 1, "Ownership"). */
export const WHOLE_PROVINCE = null;

/** The number in the path. An id of another shape names nothing: it is not found, never a fault of the database. */
export const idOf = (c: AppContext): string => {
  const id = c.req.param("id") ?? "";
  if (!/^[1-9]\d{0,17}$/u.test(id)) throw new GatewayError("not_found");
  return id;
};

/** The path of a request with its query. */
export const pathOf = (c: AppContext): string => {
  const { pathname, search } = new URL(c.req.url);
  return pathname + search;
};

/** Runs a page for whoever is logged in; others go to the login form and come back to `path`. */
export const withSession = async (
  c: AppContext,
  path: string,
  page: (session: ConsoleSession) => Promise<Response>,
): Promise<Response> => {
  const session = await currentSession(c);
  return session === null ? c.redirect(loginPath(localPath(path)), 303) : page(session);
};
