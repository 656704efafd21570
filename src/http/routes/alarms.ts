import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { alarmPageSchema } from "../../../contracts/services/alarms.ts";
import { listAlarms } from "../../alarms/list-alarms.ts";
import { answerJson } from "../answer.ts";
import type { AppEnvironment } from "../environment.ts";
import { cursorOf, DEFAULT_LIMIT, pageLimit, writeCursor } from "../list-query.ts";
import { idPosition } from "../number-param.ts";
import { route } from "../route.ts";

const page = z.strictObject({
  standing: z.enum(["true", "false"]).optional(),
  limit: pageLimit,
  cursor: cursorOf(idPosition),
});

/** The alarms (api section 4). */
export const alarmRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  route(
    app,
    {
      method: "get",
      path: "/v1/alarms",
      scope: "platforms:read",
      summary: "Alarms, newest first; `standing=true` gives those that are not cleared",
      query: page,
      answers: { status: 200, schema: alarmPageSchema, description: "One page." },
    },
    async (c, { query: { standing, limit, cursor } }) => {
      const { database, tenant } = c.var.gateway;
      const { items, next } = await listAlarms(database, tenant, {
        standing: standing && standing === "true",
        limit: limit ?? DEFAULT_LIMIT,
        after: cursor?.id,
      });
      return answerJson(200, { items, next: writeCursor(next === null ? null : { id: next }) });
    },
  );
};
