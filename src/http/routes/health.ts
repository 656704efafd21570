import { type OpenAPIHono, z } from "@hono/zod-openapi";
import { countStanding } from "../../alarms/list-alarms.ts";
import { measureBacklog } from "../../ledger/measure-backlog.ts";
import { imbalancesOf } from "../../ledger/summarize-entries.ts";
import type { Metrics } from "../../metrics.ts";
import type { AppEnvironment } from "../environment.ts";
import { problemSchema } from "../problem.ts";

const statusSchema = z.strictObject({ status: z.string(), reason: z.string().optional() }).meta({ id: "Status" });

const describe = (app: OpenAPIHono<AppEnvironment>): void => {
  const json = (description: string) => ({ description, content: { "application/json": { schema: statusSchema } } });
  const common: { method: "get"; tags: string[]; security: [] } = { method: "get", tags: ["health"], security: [] };
  app.openAPIRegistry.registerPath({
    ...common,
    path: "/healthz",
    summary: "Whether the process lives",
    responses: { 200: json("It lives.") },
  });
  app.openAPIRegistry.registerPath({
    ...common,
    path: "/readyz",
    summary: "Whether it can serve: database and migrations",
    responses: {
      200: json("It can serve."),
      503: {
        description: "It cannot serve now: migrations are missing, or the database is away (`unavailable`).",
        content: {
          "application/json": { schema: statusSchema },
          "application/problem+json": { schema: problemSchema },
        },
      },
    },
  });
  app.openAPIRegistry.registerPath({
    ...common,
    path: "/metrics",
    summary: "Figures for Prometheus",
    responses: { 200: { description: "Exposition text.", content: { "text/plain": { schema: z.string() } } } },
  });
};

/** Live, ready, and the figures for Prometheus (design section 5). They show counts alone. */
export const healthRoutes = (app: OpenAPIHono<AppEnvironment>, metrics: Metrics): void => {
  describe(app);
  app.get("/healthz", (c) => {
    c.set("routePath", "/healthz");
    return c.json({ status: "live" });
  });
  app.get("/readyz", async (c) => {
    c.set("routePath", "/readyz");
    const reason = await c.var.gateway.notReady();
    return reason === null
      ? c.json({ status: "ready" })
      : c.json({ status: "unavailable", reason }, 503, { "retry-after": "5" });
  });
  app.get("/metrics", async (c) => {
    c.set("routePath", "/metrics");
    const { database, tenant, ledger } = c.var.gateway;
    // The process's own figures are wanted most while the database is away.
    const backlog = await measureBacklog(database, tenant).catch(() => []);
    const alarms = await countStanding(database, tenant).catch(() => []);
    const imbalances = await ledger.summary(null).then(imbalancesOf, () => []);
    const { contentType, text } = await metrics.exposition(backlog, alarms, imbalances);
    return c.text(text, 200, { "content-type": contentType });
  });
};
