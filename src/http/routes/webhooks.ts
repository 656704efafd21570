import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { GatewayError } from "../../../contracts/errors.ts";
import {
  webhookListSchema,
  webhookRequestSchema,
  webhookSchema,
  webhookWithSecretSchema,
} from "../../../contracts/services/webhooks.ts";
import type { Caller } from "../../caller.ts";
import type { Executor } from "../../database/database.ts";
import { type Act, actOnce, actorOf } from "../act-once.ts";
import { answerJson } from "../answer.ts";
import type { AppContext, AppEnvironment } from "../environment.ts";
import { route } from "../route.ts";

const webhookParam = z.strictObject({ id: z.string() });

/** An id of another shape names nothing: it is not found, never a fault of the database. */
const webhookOf = ({ id }: { id: string }): string => {
  if (!/^wh_[\da-f]{32}$/u.test(id)) throw new GatewayError("not_found");
  return id;
};

/** Changes one webhook of the caller's. Whose it is comes before the Idempotency-Key, as api section 1 orders the checks. */
const change = async (
  c: AppContext,
  caller: Caller,
  { params, action }: { params: { id: string }; action: string },
  work: (executor: Executor, id: string) => Promise<unknown>,
): Promise<Response> => {
  const id = webhookOf(params);
  const { webhooks } = c.var.gateway;
  await webhooks.read(caller.agency, id);
  const once: Act["work"] = async (executor) => ({ body: await work(executor, id), wakes: "province" });
  const answer = await actOnce(c, caller, { action: `webhook.${action}`, subject: id, status: 200, work: once });
  webhooks.changed();
  return answer;
};

const reading = (app: OpenAPIHono<AppEnvironment>): void => {
  route(
    app,
    {
      method: "get",
      path: "/v1/webhooks",
      scope: "webhooks:write",
      summary: "Webhooks of the caller's agency and those below it, oldest first",
      answers: { status: 200, schema: webhookListSchema, description: "All of them; never with their secrets." },
    },
    async (c, { caller }) => answerJson(200, { items: await c.var.gateway.webhooks.list(caller.agency) }),
  );

  route(
    app,
    {
      method: "get",
      path: "/v1/webhooks/{id}",
      scope: "webhooks:write",
      summary: "One webhook and how its endpoint fares",
      params: webhookParam,
      answers: { status: 200, schema: webhookSchema, description: "The webhook, without its secret." },
      errors: ["not_found"],
    },
    async (c, { params, caller }) =>
      answerJson(200, await c.var.gateway.webhooks.read(caller.agency, webhookOf(params))),
  );
};

const creating = (app: OpenAPIHono<AppEnvironment>): void =>
  route(
    app,
    {
      method: "post",
      path: "/v1/webhooks",
      scope: "webhooks:write",
      summary: "Have events pushed to an address",
      description:
        "Each event of the caller's agency and those below it is posted as JSON and signed as the Standard Webhooks specification says. 2xx within 15 seconds is success; anything else is tried again with growing pauses. Redirects are not followed. Events of one subject come in their order.",
      body: webhookRequestSchema,
      answers: {
        status: 201,
        schema: webhookWithSecretSchema,
        description: "The webhook with its secret, which is shown here and never again.",
      },
      errors: ["conflict"],
    },
    async (c, { body, caller }) => {
      const { webhooks } = c.var.gateway;
      await webhooks.checkAddress(body.url);
      const work: Act["work"] = async (executor) => ({
        body: await webhooks.create(executor, caller, body, actorOf(caller)),
      });
      const answer = await actOnce(c, caller, { action: "webhook.create", subject: caller.client, status: 201, work });
      webhooks.changed();
      return answer;
    },
  );

const changing = (app: OpenAPIHono<AppEnvironment>): void => {
  route(
    app,
    {
      method: "post",
      path: "/v1/webhooks/{id}/rotate",
      scope: "webhooks:write",
      summary: "Make a new secret; for 24 hours both sign",
      params: webhookParam,
      answers: {
        status: 200,
        schema: webhookWithSecretSchema,
        description: "The webhook with its new secret, which is shown here and never again.",
      },
      errors: ["not_found"],
    },
    async (c, { params, caller }) =>
      change(c, caller, { params, action: "rotate" }, (executor, id) =>
        c.var.gateway.webhooks.rotate(executor, id, actorOf(caller)),
      ),
  );

  route(
    app,
    {
      method: "post",
      path: "/v1/webhooks/{id}/enable",
      scope: "webhooks:write",
      summary: "Send again to a webhook that was disabled: what waits for it goes out now",
      params: webhookParam,
      answers: { status: 200, schema: webhookSchema, description: "It is active." },
      errors: ["not_found"],
    },
    async (c, { params, caller }) =>
      change(c, caller, { params, action: "enable" }, (executor, id) =>
        c.var.gateway.webhooks.enable(executor, id, actorOf(caller)),
      ),
  );

  route(
    app,
    {
      method: "delete",
      path: "/v1/webhooks/{id}",
      scope: "webhooks:write",
      summary: "Send nothing more; what was queued for it is cancelled",
      params: webhookParam,
      answers: { status: 200, schema: webhookSchema, description: "The webhook as it was." },
      errors: ["not_found"],
    },
    async (c, { params, caller }) =>
      change(c, caller, { params, action: "delete" }, (executor, id) =>
        c.var.gateway.webhooks.remove(executor, id, actorOf(caller)),
      ),
  );
};

/** Events pushed (api section 8). */
export const webhookRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  creating(app);
  reading(app);
  changing(app);
};
