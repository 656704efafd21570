import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AppContext, AppEnvironment } from "../http/environment.ts";
import { recordAct } from "../security/audit.ts";
import { countLogin, endSession, forgetFailures, openSession } from "../security/operator-sessions.ts";
import {
  currentSession,
  giveSessionCookie,
  loginToken,
  requireLoginToken,
  requireToken,
  takeSessionCookie,
} from "./console-session.ts";
import { readForm } from "./form.ts";
import { CONSOLE, localPath } from "./local-path.ts";
import { loginPage } from "./pages/login-page.ts";

/** Where operators log in. */
const LOGIN_PATH = `${CONSOLE}/login`;

/** Where a page sends a browser without a session. */
export const loginPath = (next: string): string => `${LOGIN_PATH}?${new URLSearchParams({ next })}`;

const showForm = async (c: AppContext): Promise<Response> => {
  c.set("routePath", LOGIN_PATH);
  const next = localPath(c.req.query("next"));
  if ((await currentSession(c)) !== null) return c.redirect(next, 303);
  return c.html(loginPage({ next, csrf: loginToken(c) }));
};

const refuse = async (c: AppContext, name: string): Promise<void> => {
  const { database, tenant, operators } = c.var.gateway;
  const known = operators.find(name)?.id;
  const act = { actorKind: "anonymous", actor: known ?? "unknown", action: "console.login-failed" } as const;
  await recordAct(database, tenant, { ...act, subject: "console", correlationId: c.var.correlationId });
};

const accept = async (c: AppContext, operator: string): Promise<void> => {
  const { database, tenant } = c.var.gateway;
  const { correlationId } = c.var;
  const before = await currentSession(c);
  const id = await database.transaction(async (transaction) => {
    await forgetFailures(transaction, tenant, operator);
    if (before !== null) await endSession(transaction, tenant, before.id);
    const act = { actorKind: "operator", actor: operator, action: "console.login", subject: "console" } as const;
    await recordAct(transaction, tenant, { ...act, correlationId });
    return openSession(transaction, tenant, operator);
  });
  giveSessionCookie(c, id);
};

/** The answer to a wrong password, a name nobody has and a blocked name tells nothing about who exists. */
const logIn = async (c: AppContext): Promise<Response> => {
  c.set("routePath", LOGIN_PATH);
  const { database, tenant, operators, verifySecret } = c.var.gateway;
  const form = await readForm(c);
  requireLoginToken(c, form);
  const name = (form.get("operator") ?? "").trim();
  const next = localPath(form.get("next"));
  const again = { next, name: name.slice(0, 100), csrf: loginToken(c) };
  const block = await countLogin(database, tenant, name);
  if (block !== null) {
    const { retryAfterSeconds } = block;
    c.header("retry-after", String(retryAfterSeconds));
    return c.html(loginPage({ ...again, refusal: { kind: "blocked", retryAfterSeconds } }), 429);
  }
  const operator = operators.find(name);
  if (!(await verifySecret(form.get("secret") ?? "", operator)) || operator === undefined) {
    await refuse(c, name);
    return c.html(loginPage({ ...again, refusal: { kind: "wrong" } }), 401);
  }
  await accept(c, operator.id);
  return c.redirect(next, 303);
};

const logOut = async (c: AppContext): Promise<Response> => {
  c.set("routePath", `${CONSOLE}/logout`);
  const form = await readForm(c);
  const session = await currentSession(c);
  if (session !== null) {
    requireToken(form, session.csrf);
    const { database, tenant } = c.var.gateway;
    const act = { actorKind: "operator", actor: session.operator.id, action: "console.logout" } as const;
    await database.transaction(async (transaction) => {
      await endSession(transaction, tenant, session.id);
      await recordAct(transaction, tenant, { ...act, subject: "console", correlationId: c.var.correlationId });
    });
  }
  takeSessionCookie(c);
  return c.redirect(LOGIN_PATH, 303);
};

/** Logging in and out. */
export const loginRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  app.get(LOGIN_PATH, showForm);
  app.post(LOGIN_PATH, logIn);
  app.post(`${CONSOLE}/logout`, logOut);
};
