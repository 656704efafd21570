import { Hono } from "hono";
import PgBoss from "pg-boss";
import { GatewayError } from "../../../contracts/errors.ts";
import { dossierEventSchema } from "../../../contracts/services/dossier.ts";
import { createApp } from "../../../src/app.ts";
import { authenticate, requireScope } from "../../../src/http/authenticate.ts";
import type { AppEnvironment } from "../../../src/http/environment.ts";
import { readJson } from "../../../src/http/read-body.ts";
import { listen } from "../../../src/runtime/node-http-server.ts";
import { type BenchGatewayOptions, openBenchGateway } from "../bench-gateway.ts";
import { issueToken } from "../bench-token.ts";
import { answerCommands } from "../commands.ts";

const QUEUE = "steps";
/** As many as the gateway has. */
const DATABASE_CONNECTIONS = 20;

const commands = {
  /** Serves the events route with the gateway's own checks before pg-boss' `send`; answers its address and a token. */
  open: async (options: Omit<BenchGatewayOptions, "concurrency">) => {
    const { config, database, deployment, elapsed, log, metrics } = await openBenchGateway({
      ...options,
      concurrency: 8,
    });
    const gateway = deployment.open(database.database, () => undefined);
    const boss = new PgBoss({ connectionString: options.databaseUrl, max: DATABASE_CONNECTIONS, schedule: false });
    boss.on("error", (error) => console.error("pg-boss:", error.message));
    await boss.start();
    await boss.createQueue(QUEUE);
    const app = new Hono<AppEnvironment>();
    app.post("/v1/dossiers/:code/events", async (c) => {
      c.set("gateway", gateway);
      requireScope(await authenticate(c), "dossiers:write");
      const event = dossierEventSchema.safeParse(await readJson(c.req.raw));
      if (!event.success) throw new GatewayError("invalid_request");
      const id = await boss.send(QUEUE, { code: c.req.param("code"), event: event.data });
      return c.json({ dossierCode: c.req.param("code"), eventId: event.data.eventId, id }, 202);
    });
    const server = await listen(app.fetch, config);
    const gatewayApp = createApp({ open: () => gateway, log, metrics, elapsed, docs: null });
    return { url: server.url, token: await issueToken(gatewayApp) };
  },
};

/** What this process can be told. */
export type AcceptBossCommands = typeof commands;

answerCommands(commands);
