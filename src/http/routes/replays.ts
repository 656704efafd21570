import type { OpenAPIHono } from "@hono/zod-openapi";
import { GatewayError } from "../../../contracts/errors.ts";
import {
  replayDryRunSchema,
  replayRequestSchema,
  replaySchema,
  replayStartedSchema,
} from "../../../contracts/services/replays.ts";
import { actOnce, actorOf } from "../act-once.ts";
import { answerJson } from "../answer.ts";
import type { AppEnvironment } from "../environment.ts";
import { numberOf, numberParam } from "../number-param.ts";
import { route } from "../route.ts";

const SUMMARIES = {
  pause: "Send no more for now; what was sent goes on its way",
  resume: "Go on with a paused replay",
  stop: "Send no more, for good; what was sent goes on its way",
} as const;

/** A route describes one answer; a dry run is the second one of this route. */
const describeDryRun = (app: OpenAPIHono<AppEnvironment>): void => {
  const registered = app.openAPIRegistry.definitions.at(-1);
  if (registered?.type !== "route") throw new Error("the route was not registered");
  registered.route.responses[200] = {
    description: "A dry run: what would be sent. Nothing is changed.",
    content: { "application/json": { schema: replayDryRunSchema } },
  };
};

/** Replays: one or many entries again, by filter or failure group (api section 4, design section 6). */
export const replayRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  route(
    app,
    {
      method: "post",
      path: "/v1/ledger/replays",
      scope: "ledger:operate",
      summary: "Send failed and delivered entries again; a dry run unless `dryRun` is false",
      body: replayRequestSchema,
      answers: { status: 202, schema: replayStartedSchema, description: "Recorded; the canary goes first." },
      errors: ["conflict"],
    },
    async (c, { body, caller }) => {
      const { replays } = c.var.gateway;
      if (body.dryRun !== false) {
        const found = await replays.dryRun(caller.agency, body, caller.language);
        const work = async () => ({ body: found });
        return actOnce(c, caller, { action: "replay.dry-run", subject: "", status: 200, work });
      }
      return actOnce(c, caller, {
        action: "replay.start",
        subject: "",
        status: 202,
        work: async (executor) => {
          const { id, state } = await replays.start(executor, caller.agency, body, actorOf(caller));
          return { body: { id, state } };
        },
      });
    },
  );
  describeDryRun(app);

  route(
    app,
    {
      method: "get",
      path: "/v1/ledger/replays/{id}",
      scope: "ledger:read",
      summary: "A replay with its progress",
      params: numberParam,
      answers: { status: 200, schema: replaySchema, description: "The replay." },
      errors: ["not_found"],
    },
    async (c, { params, caller }) => {
      const replay = await c.var.gateway.replays.read(caller.agency, numberOf(params));
      if (replay === null) throw new GatewayError("not_found");
      return answerJson(200, replay);
    },
  );

  for (const act of ["pause", "resume", "stop"] as const) {
    route(
      app,
      {
        method: "post",
        path: `/v1/ledger/replays/{id}/${act}`,
        scope: "ledger:operate",
        summary: SUMMARIES[act],
        params: numberParam,
        answers: { status: 200, schema: replaySchema, description: "The replay as it is now." },
        errors: ["not_found", "conflict"],
      },
      async (c, { params, caller }) => {
        const id = numberOf(params);
        return actOnce(c, caller, {
          action: `replay.${act}`,
          subject: id,
          status: 200,
          work: async (executor) => ({
            body: await c.var.gateway.replays.act(executor, caller.agency, id, act, actorOf(caller)),
          }),
        });
      },
    );
  }
};
