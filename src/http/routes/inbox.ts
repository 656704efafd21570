import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { GatewayError } from "../../../contracts/errors.ts";
import { acknowledgementSchema, inboxPageSchema } from "../../../contracts/services/inbox.ts";
import { actOnce } from "../act-once.ts";
import { answerJson } from "../answer.ts";
import type { AppEnvironment } from "../environment.ts";
import { DEFAULT_LIMIT, pageLimit } from "../list-query.ts";
import { route } from "../route.ts";

const BEGINNING = "0";

const page = z.strictObject({
  after: z
    .string()
    .regex(/^\d{1,18}$/u)
    // "007" is position 7: what is given back has one spelling.
    .transform((digits) => String(BigInt(digits)))
    .optional()
    .meta({ type: "string", description: "The `next` of the last call, or the `position` of an item; absent: all." }),
  limit: pageLimit,
});

const eventParam = z.strictObject({ id: z.string() });

/** An id of another shape names nothing: it is not found, never a fault of the database. */
const eventOf = ({ id }: { id: string }): string => {
  if (!/^evt_[\da-f]{32}$/u.test(id)) throw new GatewayError("not_found");
  return id;
};

/** What the province's software is told, for software that pulls (api section 8). */
export const inboxRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  route(
    app,
    {
      method: "get",
      path: "/v1/inbox",
      scope: "inbox:read",
      summary: "Events after a position, in their order",
      description:
        "Whoever keeps the last `next` and gives it as `after` never misses an event. Beyond the end `items` is empty and `next` is what was given.",
      query: page,
      answers: { status: 200, schema: inboxPageSchema, description: "The next events, and where to go on." },
    },
    async (c, { query: { after, limit }, caller }) => {
      const wanted = { after: after ?? BEGINNING, limit: limit ?? DEFAULT_LIMIT };
      return answerJson(200, await c.var.gateway.inbox.list(caller, wanted));
    },
  );

  route(
    app,
    {
      method: "post",
      path: "/v1/inbox/{id}/ack",
      scope: "inbox:read",
      summary: "Note that the calling client has dealt with an event",
      params: eventParam,
      answers: { status: 200, schema: acknowledgementSchema, description: "When it was acknowledged first." },
      errors: ["not_found"],
    },
    async (c, { params, caller }) => {
      const id = eventOf(params);
      const { inbox } = c.var.gateway;
      if (!(await inbox.has(caller, id))) throw new GatewayError("not_found");
      const work = async (executor: Parameters<typeof inbox.acknowledge>[0]) => ({
        body: await inbox.acknowledge(executor, caller, id),
      });
      return actOnce(c, caller, { action: "inbox.ack", subject: id, status: 200, work });
    },
  );
};
