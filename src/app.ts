import { OpenAPIHono } from "@hono/zod-openapi";
import { secureHeaders } from "hono/secure-headers";
import { GatewayError } from "../contracts/errors.ts";
import { consoleRoutes } from "./console/console-routes.ts";
import type { Gateway } from "./gateway.ts";
import { allowedMethods } from "./http/allowed-methods.ts";
import { correlation } from "./http/correlation.ts";
import type { AppContext, AppEnvironment } from "./http/environment.ts";
import { faultOf } from "./http/fault-of.ts";
import { preferredLanguage } from "./http/language.ts";
import { answerProblem } from "./http/problem.ts";
import { accessRecordRoutes } from "./http/routes/access-records.ts";
import { alarmRoutes } from "./http/routes/alarms.ts";
import { auditRoutes } from "./http/routes/audit.ts";
import { beneficiaryRoutes } from "./http/routes/beneficiaries.ts";
import { calendarRoutes } from "./http/routes/calendar.ts";
import { citizenPaperRoutes } from "./http/routes/citizen-papers.ts";
import { citizenRoutes } from "./http/routes/citizens.ts";
import { correctionRoutes } from "./http/routes/corrections.ts";
import { digitisationRoutes } from "./http/routes/digitisation.ts";
import { discrepancyRoutes } from "./http/routes/discrepancies.ts";
import { type DocsAssets, docsRoutes } from "./http/routes/docs.ts";
import { dossierExportRoutes } from "./http/routes/dossier-export.ts";
import { dossierRoutes } from "./http/routes/dossiers.ts";
import { enterpriseRoutes } from "./http/routes/enterprises.ts";
import { fetchRoutes } from "./http/routes/fetches.ts";
import { fileRoutes } from "./http/routes/files.ts";
import { groupRoutes } from "./http/routes/groups.ts";
import { healthRoutes } from "./http/routes/health.ts";
import { importRoutes } from "./http/routes/imports.ts";
import { inboxRoutes } from "./http/routes/inbox.ts";
import { inboxFileRoutes } from "./http/routes/inbox-files.ts";
import { ledgerRoutes } from "./http/routes/ledger.ts";
import { lifeCycleRoutes } from "./http/routes/life-cycle.ts";
import { paymentCallbackRoutes } from "./http/routes/payment-callbacks.ts";
import { paymentRoutes } from "./http/routes/payments.ts";
import { platformRoutes } from "./http/routes/platforms.ts";
import { portalRoutes } from "./http/routes/portal.ts";
import { procedureRoutes } from "./http/routes/procedures.ts";
import { reconciliationRoutes } from "./http/routes/reconciliations.ts";
import { refundRoutes } from "./http/routes/refunds.ts";
import { replayRoutes } from "./http/routes/replays.ts";
import { submissionRoutes } from "./http/routes/submissions.ts";
import { tokenRoutes } from "./http/routes/token.ts";
import { webhookRoutes } from "./http/routes/webhooks.ts";
import { faultFields, type Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";

/** What the application is built from, once per process (or isolate). */
export interface AppParts {
  /** The services for one request: always the same on Node, with a connection of its own on Workers. */
  readonly open: (c: AppContext) => Gateway;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Monotonic milliseconds, for durations. */
  readonly elapsed: () => number;
  readonly dossierCodePattern?: RegExp | undefined;
  /** Null: `/docs` leads to the description itself. */
  readonly docs: DocsAssets | null;
}

/** The gateway as an HTTP application. */
export const createApp = (parts: AppParts): OpenAPIHono<AppEnvironment> => {
  const { open, log, metrics, elapsed } = parts;
  const app = new OpenAPIHono<AppEnvironment>();

  app.use(correlation());
  app.use(async function surroundings(c, next) {
    const begun = elapsed();
    c.set("routePath", "unknown");
    c.set("language", preferredLanguage(c.req.header("accept-language")));
    c.set("gateway", open(c));
    await next();
    const seconds = (elapsed() - begun) / 1000;
    const served = { method: c.req.method, route: c.get("routePath"), status: c.res.status };
    metrics.served({ ...served, seconds });
    const client = c.get("principal")?.client.id;
    if (c.get("limited") && client !== undefined) metrics.limited(client);
    log.info({ ...served, ms: Math.round(seconds * 1000), correlationId: c.get("correlationId"), client }, "served");
  });
  app.use(secureHeaders({ xFrameOptions: "DENY", referrerPolicy: "no-referrer" }));

  healthRoutes(app, metrics);
  tokenRoutes(app, log);
  // Before the route of one dossier: `export` is no code.
  dossierExportRoutes(app);
  dossierRoutes(app, parts.dossierCodePattern);
  importRoutes(app);
  fileRoutes(app);
  groupRoutes(app);
  ledgerRoutes(app);
  replayRoutes(app);
  correctionRoutes(app);
  reconciliationRoutes(app);
  discrepancyRoutes(app);
  alarmRoutes(app);
  auditRoutes(app);
  inboxRoutes(app);
  inboxFileRoutes(app);
  portalRoutes(app, log);
  fetchRoutes(app);
  webhookRoutes(app);
  platformRoutes(app);
  calendarRoutes(app);
  lifeCycleRoutes(app);
  procedureRoutes(app);
  digitisationRoutes(app);
  submissionRoutes(app);
  citizenRoutes(app, parts.dossierCodePattern);
  citizenPaperRoutes(app, parts.dossierCodePattern);
  enterpriseRoutes(app);
  paymentRoutes(app, parts.dossierCodePattern);
  refundRoutes(app);
  beneficiaryRoutes(app);
  paymentCallbackRoutes(app, log);
  accessRecordRoutes(app);
  consoleRoutes(app);
  docsRoutes(app, parts.docs);

  app.notFound((c) => {
    const allowed = allowedMethods(app, c.req.path);
    if (allowed.length === 0) return answerProblem(c, new GatewayError("not_found"));
    return answerProblem(c, new GatewayError("method_not_allowed", { headers: { allow: allowed.join(", ") } }));
  });
  app.onError((error, c) => {
    const fault = faultOf(error);
    if (fault.code === "internal" || fault.code === "unavailable") {
      log.error(
        { ...faultFields(fault.evidence.cause), code: fault.code, correlationId: c.var.correlationId },
        "failed",
      );
    }
    return answerProblem(c, fault);
  });
  return app;
};
