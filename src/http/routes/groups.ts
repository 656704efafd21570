import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { failureGroupPageSchema } from "../../../contracts/services/ledger-groups.ts";
import { answerJson } from "../answer.ts";
import type { AppEnvironment } from "../environment.ts";
import { cursorOf, DEFAULT_LIMIT, pageLimit, writeCursor } from "../list-query.ts";
import { route } from "../route.ts";

const position = z.strictObject({ count: z.string().regex(/^\d{1,9}$/u), id: z.string().max(500) });
const page = z.strictObject({ limit: pageLimit, cursor: cursorOf(position) });

/** Failures gathered by cause (api section 4). Registered before the routes of single entries, whose pattern fits it too. */
export const groupRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  route(
    app,
    {
      method: "get",
      path: "/v1/ledger/groups",
      scope: "ledger:read",
      summary: "Failed entries gathered by cause, the largest group first",
      query: page,
      answers: { status: 200, schema: failureGroupPageSchema, description: "One page." },
    },
    async (c, { query: { limit, cursor }, caller }) => {
      const wanted = {
        limit: limit ?? DEFAULT_LIMIT,
        after: cursor && { count: Number(cursor.count), id: cursor.id },
      };
      const { items, next } = await c.var.gateway.groups.list(caller.agency, wanted, caller.language);
      return answerJson(200, { items, next: writeCursor(next && { count: String(next.count), id: next.id }) });
    },
  );
};
