import type { OpenAPIHono } from "@hono/zod-openapi";
import { GatewayError } from "../../contracts/errors.ts";
import type { AppContext, AppEnvironment } from "../http/environment.ts";
import { roleAllows } from "../security/operator-registry.ts";
import { requireToken } from "./console-session.ts";
import { consoleSurroundings } from "./console-surroundings.ts";
import { discrepancyPages } from "./discrepancy-routes.ts";
import { dossierPages } from "./dossier-routes.ts";
import { filterOf, listPath, parseEntryQuery } from "./entry-query.ts";
import { readForm } from "./form.ts";
import { ICON } from "./icon.ts";
import { importPages } from "./import-routes.ts";
import { CONSOLE, entryPath } from "./local-path.ts";
import { loginRoutes } from "./login-routes.ts";
import { entryPage, type RetryResult } from "./pages/entry-page.ts";
import { ledgerPage } from "./pages/ledger-page.ts";
import { STYLE } from "./style.ts";
import { idOf, pathOf, WHOLE_PROVINCE, withSession } from "./with-session.ts";

const PAGE_SIZE = 50;

const LANGUAGE = "vi";

const showLedger = (c: AppContext): Promise<Response> => {
  c.set("routePath", CONSOLE);
  return withSession(c, pathOf(c), async (session) => {
    const { ledger } = c.var.gateway;
    const { cursor, ...filters } = parseEntryQuery(c.req.query());
    const wanted = { limit: PAGE_SIZE, after: cursor };
    const [found, { items: sums }] = await Promise.all([
      ledger.list(WHOLE_PROVINCE, filterOf(filters), wanted, LANGUAGE),
      ledger.summary(WHOLE_PROVINCE),
    ]);
    const nextPath = found.next === null ? null : listPath(filters, found.next);
    const firstPath = cursor === undefined ? null : listPath(filters);
    return c.html(ledgerPage({ session, filters, entries: found.items, sums, nextPath, firstPath }));
  });
};

const retryResult = (told: string | undefined): RetryResult | undefined =>
  told === "retried" || told === "refused" ? told : undefined;

const showEntry = (c: AppContext): Promise<Response> => {
  c.set("routePath", `${CONSOLE}/entries/:id`);
  return withSession(c, pathOf(c), async (session) => {
    const entry = await c.var.gateway.ledger.read(WHOLE_PROVINCE, idOf(c), LANGUAGE);
    if (entry === null) throw new GatewayError("not_found");
    const mayRetry = roleAllows(session.operator.role, "operate");
    return c.html(entryPage({ session, entry, mayRetry, result: retryResult(c.req.query("result")) }));
  });
};

/** @returns whether it is due now; not, when its state has changed since the page was shown. */
const retryNow = async (c: AppContext, id: string, operator: string): Promise<boolean> => {
  const { database, ledger } = c.var.gateway;
  const actor = { actorKind: "operator", actor: operator, correlationId: c.var.correlationId } as const;
  try {
    const { platform } = await database.transaction((transaction) =>
      ledger.retry(transaction, WHOLE_PROVINCE, id, actor, LANGUAGE),
    );
    ledger.wake(platform);
    return true;
  } catch (error) {
    if (error instanceof GatewayError && error.code === "conflict") return false;
    throw error;
  }
};

const retryEntry = (c: AppContext): Promise<Response> => {
  c.set("routePath", `${CONSOLE}/entries/:id/retry`);
  const id = idOf(c);
  return withSession(c, entryPath(id), async ({ operator, csrf }) => {
    requireToken(await readForm(c), csrf);
    if (!roleAllows(operator.role, "operate")) throw new GatewayError("forbidden");
    const result: RetryResult = (await retryNow(c, id, operator.id)) ? "retried" : "refused";
    return c.redirect(`${entryPath(id)}?result=${result}`, 303);
  });
};

const asset = (path: string, text: string, mediaType: string) => (c: AppContext) => {
  c.set("routePath", path);
  return c.body(text, 200, { "content-type": mediaType, "cache-control": "public, max-age=3600" });
};

/** The operator's web pages (design section 1): plain HTML from the server, without a script. */
export const consoleRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  app.use(`${CONSOLE}/*`, consoleSurroundings());
  app.get(`${CONSOLE}/style.css`, asset(`${CONSOLE}/style.css`, STYLE, "text/css; charset=utf-8"));
  app.get(`${CONSOLE}/icon.svg`, asset(`${CONSOLE}/icon.svg`, ICON, "image/svg+xml"));
  loginRoutes(app);
  app.get(CONSOLE, showLedger);
  dossierPages(app);
  importPages(app);
  discrepancyPages(app);
  app.get(`${CONSOLE}/entries/:id`, showEntry);
  app.post(`${CONSOLE}/entries/:id/retry`, retryEntry);
};
