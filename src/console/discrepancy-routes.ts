import type { OpenAPIHono } from "@hono/zod-openapi";
import type { PlatformId } from "../../contracts/adapter.ts";
import { GatewayError } from "../../contracts/errors.ts";
import type { Executor } from "../database/database.ts";
import type { AppContext, AppEnvironment } from "../http/environment.ts";
import type { Actor } from "../ledger/ledger-desk.ts";
import { recordAct } from "../security/audit.ts";
import { roleAllows } from "../security/operator-registry.ts";
import { requireToken } from "./console-session.ts";
import { discrepancyFilterOf, discrepancyPath, parseDiscrepancyQuery } from "./discrepancy-query.ts";
import { readForm } from "./form.ts";
import { DISCREPANCIES } from "./local-path.ts";
import { discrepanciesPage } from "./pages/discrepancies-page.ts";
import { idOf, pathOf, WHOLE_PROVINCE, withSession } from "./with-session.ts";

const PAGE_SIZE = 50;

const showDiscrepancies = (c: AppContext): Promise<Response> => {
  c.set("routePath", DISCREPANCIES);
  return withSession(c, pathOf(c), async (session) => {
    const { discrepancies, reconciliations } = c.var.gateway;
    const { after, ...filters } = parseDiscrepancyQuery(c.req.query());
    const page = { limit: PAGE_SIZE, after: after === undefined ? undefined : { id: after } };
    const [found, runs] = await Promise.all([
      discrepancies.list(WHOLE_PROVINCE, discrepancyFilterOf(filters), page),
      reconciliations.list(WHOLE_PROVINCE, { limit: 1 }),
    ]);
    const told = c.req.query("result");
    return c.html(
      discrepanciesPage({
        session,
        filters,
        discrepancies: found.items,
        run: runs.items[0],
        mayOperate: roleAllows(session.operator.role, "operate"),
        result: told === "done" || told === "refused" ? told : undefined,
        nextPath: found.next === null ? null : discrepancyPath(filters, found.next.id),
      }),
    );
  });
};

/** What an operator does here. */
interface PageAct {
  readonly action: string;
  readonly subject: string;
  readonly work: (executor: Executor, actor: Actor) => Promise<{ readonly platform: PlatformId }>;
}

/** Codes of what may have changed since the page was shown, or cannot be done here. */
const REFUSALS: readonly string[] = ["conflict", "invalid_request", "not_configured"];

/** @returns whether it was done. */
const doNow = async (c: AppContext, operator: string, { action, subject, work }: PageAct): Promise<boolean> => {
  const { database, ledger, tenant } = c.var.gateway;
  const actor: Actor = { actorKind: "operator", actor: operator, correlationId: c.var.correlationId };
  try {
    const { platform } = await database.transaction((transaction) => work(transaction, actor));
    ledger.wake(platform);
    return true;
  } catch (error) {
    if (!(error instanceof GatewayError) || !REFUSALS.includes(error.code)) throw error;
    const detail = { code: error.code };
    await recordAct(database, tenant, { ...actor, action: `${action}.refused`, subject, detail });
    return false;
  }
};

const acting = (c: AppContext, act: PageAct): Promise<Response> =>
  withSession(c, DISCREPANCIES, async ({ operator, csrf }) => {
    requireToken(await readForm(c), csrf);
    if (!roleAllows(operator.role, "operate")) throw new GatewayError("forbidden");
    const result = (await doNow(c, operator.id, act)) ? "done" : "refused";
    return c.redirect(`${DISCREPANCIES}?result=${result}`, 303);
  });

const repair = (c: AppContext): Promise<Response> => {
  c.set("routePath", `${DISCREPANCIES}/:id/repair`);
  const id = idOf(c);
  const { discrepancies } = c.var.gateway;
  return acting(c, {
    action: "discrepancy.repair",
    subject: id,
    work: (executor, actor) => discrepancies.repair(executor, WHOLE_PROVINCE, id, actor),
  });
};

const start = (c: AppContext): Promise<Response> => {
  c.set("routePath", `${DISCREPANCIES}/start`);
  const { reconciliations, dossierPlatform: platform } = c.var.gateway;
  return acting(c, {
    action: "reconciliation.start",
    subject: platform,
    work: (executor, actor) => reconciliations.start(executor, WHOLE_PROVINCE, { platform }, actor),
  });
};

/** The page of discrepancies (design section 7): what differs, since when, and one click to mend it. */
export const discrepancyPages = (app: OpenAPIHono<AppEnvironment>): void => {
  app.get(DISCREPANCIES, showDiscrepancies);
  app.post(`${DISCREPANCIES}/start`, start);
  app.post(`${DISCREPANCIES}/:id/repair`, repair);
};
