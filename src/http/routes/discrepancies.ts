import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { PLATFORMS } from "../../../contracts/adapter.ts";
import { DISCREPANCY_KINDS } from "../../../contracts/comparer.ts";
import { GatewayError } from "../../../contracts/errors.ts";
import {
  DISCREPANCY_STATES,
  discrepancyPageSchema,
  discrepancySchema,
  dismissSchema,
  repairRequestSchema,
  repairsSchema,
} from "../../../contracts/services/reconciliations.ts";
import { actOnce, actorOf } from "../act-once.ts";
import { answerJson } from "../answer.ts";
import type { AppEnvironment } from "../environment.ts";
import { anyValues, cursorOf, DEFAULT_LIMIT, oneOrMore, pageLimit, writeCursor } from "../list-query.ts";
import { idPosition, numberOf, numberParam } from "../number-param.ts";
import { route } from "../route.ts";

const page = z.strictObject({
  platform: oneOrMore(PLATFORMS),
  kind: oneOrMore(DISCREPANCY_KINDS),
  state: oneOrMore(DISCREPANCY_STATES),
  dossierCode: anyValues,
  reconciliation: z
    .string()
    .regex(/^[1-9]\d{0,17}$/u)
    .optional(),
  limit: pageLimit,
  cursor: cursorOf(idPosition),
});

const reading = (app: OpenAPIHono<AppEnvironment>): void => {
  route(
    app,
    {
      method: "get",
      path: "/v1/discrepancies",
      scope: "reports:read",
      summary: "Differences between the province and the platforms, newest first",
      query: page,
      answers: { status: 200, schema: discrepancyPageSchema, description: "One page." },
    },
    async (c, { query: { limit, cursor, reconciliation, ...filter }, caller }) => {
      const wanted = { limit: limit ?? DEFAULT_LIMIT, after: cursor };
      const within = { ...filter, ...(reconciliation !== undefined && { reconciliation: [reconciliation] }) };
      const { items, next } = await c.var.gateway.discrepancies.list(caller.agency, within, wanted);
      return answerJson(200, { items, next: writeCursor(next) });
    },
  );

  route(
    app,
    {
      method: "get",
      path: "/v1/discrepancies/{id}",
      scope: "reports:read",
      summary: "One difference",
      params: numberParam,
      answers: { status: 200, schema: discrepancySchema, description: "The discrepancy." },
      errors: ["not_found"],
    },
    async (c, { params, caller }) => {
      const found = await c.var.gateway.discrepancies.read(caller.agency, numberOf(params));
      if (found === null) throw new GatewayError("not_found");
      return answerJson(200, found);
    },
  );
};

const actingOnOne = (app: OpenAPIHono<AppEnvironment>): void => {
  route(
    app,
    {
      method: "post",
      path: "/v1/discrepancies/{id}/repair",
      scope: "ledger:operate",
      summary: "Send the dossier to the platform again, by a new exchange",
      params: numberParam,
      answers: { status: 202, schema: discrepancySchema, description: "The exchange is accepted." },
      errors: ["not_found", "conflict"],
    },
    async (c, { params, caller }) => {
      const id = numberOf(params);
      return actOnce(c, caller, {
        action: "discrepancy.repair",
        subject: id,
        status: 202,
        work: async (executor) => {
          const body = await c.var.gateway.discrepancies.repair(executor, caller.agency, id, actorOf(caller));
          return { body, wakes: body.platform };
        },
      });
    },
  );

  route(
    app,
    {
      method: "post",
      path: "/v1/discrepancies/{id}/dismiss",
      scope: "ledger:operate",
      summary: "Leave a difference as it is, for a reason; it comes back when it changes",
      params: numberParam,
      body: dismissSchema,
      answers: { status: 200, schema: discrepancySchema, description: "The discrepancy as it is now." },
      errors: ["not_found", "conflict"],
    },
    async (c, { params, body: { reason }, caller }) => {
      const id = numberOf(params);
      return actOnce(c, caller, {
        action: "discrepancy.dismiss",
        subject: id,
        status: 200,
        work: async (executor) => ({
          body: await c.var.gateway.discrepancies.dismiss(executor, caller.agency, id, {
            reason,
            actor: actorOf(caller),
          }),
        }),
      });
    },
  );
};

/** A route describes one answer; a dry run is the second one of this route. */
const describeDryRun = (app: OpenAPIHono<AppEnvironment>): void => {
  const registered = app.openAPIRegistry.definitions.at(-1);
  if (registered?.type !== "route") throw new Error("the route was not registered");
  registered.route.responses[200] = {
    description: "A dry run: what would be repaired. Nothing is changed.",
    content: { "application/json": { schema: repairsSchema } },
  };
};

const actingOnMany = (app: OpenAPIHono<AppEnvironment>): void => {
  route(
    app,
    {
      method: "post",
      path: "/v1/discrepancies/repairs",
      scope: "ledger:operate",
      summary: "Repair the open discrepancies of a filter; a dry run unless `dryRun` is false",
      description: "Their exchanges are made in the background, no faster than the platform takes them.",
      body: repairRequestSchema,
      answers: { status: 202, schema: repairsSchema, description: "They are in repair." },
    },
    async (c, { body: { filter, dryRun }, caller }) => {
      const { discrepancies } = c.var.gateway;
      const isDry = dryRun !== false;
      return actOnce(c, caller, {
        action: "discrepancy.repair-many",
        subject: "",
        status: isDry ? 200 : 202,
        work: async (executor) => ({
          body: isDry
            ? await discrepancies.countRepairs(caller.agency, filter)
            : await discrepancies.repairMany(executor, caller.agency, filter, actorOf(caller)),
        }),
      });
    },
  );
  describeDryRun(app);
};

/** What reconciliation found, and what is done about it (design section 7). */
export const discrepancyRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  reading(app);
  actingOnOne(app);
  actingOnMany(app);
};
