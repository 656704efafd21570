import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { PLATFORMS } from "../../../contracts/adapter.ts";
import { ACCESS_KINDS, ACCESS_OUTCOMES, accessRecordPageSchema } from "../../../contracts/services/access-records.ts";
import { text } from "../../../contracts/services/fields.ts";
import { answerJson } from "../answer.ts";
import type { AppEnvironment } from "../environment.ts";
import {
  anyValues,
  cursorOf,
  DEFAULT_LIMIT,
  from,
  oneOrMore,
  pageLimit,
  printedMoment,
  to,
  writeCursor,
} from "../list-query.ts";
import { route } from "../route.ts";

const page = z.strictObject({
  subject: text(50).optional().meta({ description: "One whole identity value." }),
  officer: anyValues,
  dossierCode: anyValues,
  platform: oneOrMore(PLATFORMS),
  kind: oneOrMore(ACCESS_KINDS),
  outcome: oneOrMore(ACCESS_OUTCOMES),
  from,
  to,
  missingDossier: z
    .enum(["true", "false"])
    .optional()
    .meta({ description: "`true`: those at an intake whose dossier was not put in three working days." }),
  limit: pageLimit,
  cursor: cursorOf(z.strictObject({ at: printedMoment, id: z.string().max(64) })),
});

/** Who asked a registry about whom (api section 5). */
export const accessRecordRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  route(
    app,
    {
      method: "get",
      path: "/v1/access-records",
      scope: "access:read",
      summary: "Who looked whom up, for which dossier and purpose, and what was released; newest first",
      query: page,
      answers: { status: 200, schema: accessRecordPageSchema, description: "One page." },
    },
    async (c, { query: { limit, cursor, missingDossier, ...filter }, caller }) => {
      const question = { ...filter, missingDossier: missingDossier === "true" };
      const wanted = { limit: limit ?? DEFAULT_LIMIT, after: cursor, boundary: caller.agency };
      const { items, next } = await c.get("gateway").accesses.list(question, wanted);
      return answerJson(200, { items, next: writeCursor(next === null ? null : { ...next }) });
    },
  );
};
