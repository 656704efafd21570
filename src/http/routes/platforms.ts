import type { OpenAPIHono } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { z } from "zod";
import { PLATFORMS, type PlatformId } from "../../../contracts/adapter.ts";
import { GatewayError } from "../../../contracts/errors.ts";
import {
  pauseSchema,
  platformLineSchema,
  platformListSchema,
  windowsSchema,
} from "../../../contracts/services/platforms.ts";
import type { Caller } from "../../caller.ts";
import type { Executor } from "../../database/database.ts";
import { answerOnce } from "../../ledger/answer-once.ts";
import { answerJson, answerKept } from "../answer.ts";
import type { AppContext, AppEnvironment } from "../environment.ts";
import { route } from "../route.ts";

const platformParam = z.strictObject({ id: z.string() });

const platformOf = ({ id }: { id: string }): PlatformId => {
  const platform = PLATFORMS.find((known) => known === id);
  if (platform === undefined) throw new GatewayError("not_found");
  return platform;
};

/** Who is written into the audit trail. */
export const actorOf = ({ client, correlationId }: Caller) =>
  ({ actorKind: "client", actor: client, correlationId }) as const;

/** Runs one change once per Idempotency-Key and answers 200. */
export const change = async (
  c: AppContext,
  caller: Caller,
  work: (executor: Executor) => Promise<unknown>,
): Promise<Response> => {
  const { database, tenant } = c.var.gateway;
  return answerKept(
    await database.transaction((transaction) =>
      answerOnce(transaction, tenant, caller.idempotencyKey, async () => ({
        status: 200,
        body: JSON.stringify(await work(transaction)),
      })),
    ),
  );
};

/** A pause needs no words: a request without a body counts as one with `{}`. */
const bodyMayBeAbsent = (): MiddlewareHandler<AppEnvironment> =>
  async function absentBody(c, next) {
    const { raw } = c.req;
    if (c.req.method === "POST" && raw.body === null) {
      const headers = new Headers(raw.headers);
      headers.delete("content-length");
      headers.set("content-type", "application/json");
      c.req.raw = new Request(raw.url, { method: "POST", headers, body: "{}" });
    }
    await next();
  };

const stateRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  route(
    app,
    {
      method: "get",
      path: "/v1/platforms",
      scope: "platforms:read",
      summary: "Every platform: state, breaker, quota, backlog, windows",
      answers: { status: 200, schema: platformListSchema, description: "One line for each platform." },
    },
    async (c) => answerJson(200, { items: await c.var.gateway.platforms.list(c.var.gateway.database) }),
  );

  app.use("/v1/platforms/:id/pause", bodyMayBeAbsent());
  route(
    app,
    {
      method: "post",
      path: "/v1/platforms/{id}/pause",
      scope: "platforms:operate",
      summary: "Hold a platform's entries",
      description: "Nothing is lost and no attempt is spent. Pausing a paused platform changes nothing.",
      params: platformParam,
      body: pauseSchema,
      answers: { status: 200, schema: platformLineSchema, description: "It is paused." },
      errors: ["not_found"],
    },
    async (c, { params, body, caller }) => {
      const platform = platformOf(params);
      const { platforms } = c.var.gateway;
      return change(c, caller, (executor) => platforms.pause(executor, platform, body.reason, actorOf(caller)));
    },
  );

  route(
    app,
    {
      method: "post",
      path: "/v1/platforms/{id}/resume",
      scope: "platforms:operate",
      summary: "Let a platform's entries go again",
      params: platformParam,
      answers: { status: 200, schema: platformLineSchema, description: "It is not paused." },
      errors: ["not_found"],
    },
    async (c, { params, caller }) => {
      const platform = platformOf(params);
      return change(c, caller, (executor) => c.var.gateway.platforms.resume(executor, platform, actorOf(caller)));
    },
  );
};

const windowRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  route(
    app,
    {
      method: "get",
      path: "/v1/platforms/{id}/windows",
      scope: "platforms:read",
      summary: "A platform's maintenance windows",
      params: platformParam,
      answers: { status: 200, schema: windowsSchema, description: "The windows in force." },
      errors: ["not_found"],
    },
    async (c, { params }) => {
      const { platforms, database } = c.var.gateway;
      return answerJson(200, { windows: await platforms.windows(database, platformOf(params)) });
    },
  );

  route(
    app,
    {
      method: "put",
      path: "/v1/platforms/{id}/windows",
      scope: "platforms:operate",
      summary: "Replace a platform's maintenance windows",
      description: "They stand in place of those of the setting; an empty list means none.",
      params: platformParam,
      body: windowsSchema,
      answers: { status: 200, schema: windowsSchema, description: "The windows in force." },
      errors: ["not_found"],
    },
    async (c, { params, body, caller }) => {
      const platform = platformOf(params);
      return change(c, caller, async (executor) => {
        await c.var.gateway.platforms.setWindows(executor, platform, body.windows, actorOf(caller));
        return body;
      });
    },
  );
};

/** The platform routes (api section 4). */
export const platformRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  stateRoutes(app);
  windowRoutes(app);
};
