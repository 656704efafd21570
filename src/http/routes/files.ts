import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { text } from "../../../contracts/services/fields.ts";
import { fileLinkPageSchema, fileSchema } from "../../../contracts/services/files.ts";
import { actOnce, actorOf } from "../act-once.ts";
import { answerJson } from "../answer.ts";
import type { AppEnvironment } from "../environment.ts";
import { cursorOf, DEFAULT_LIMIT, pageLimit, printedMoment, writeCursor } from "../list-query.ts";
import { route } from "../route.ts";
import { fileBytesRoutes } from "./file-bytes.ts";

const fileParam = z.strictObject({ id: z.string() });

const position = z.strictObject({ createdAt: printedMoment, id: z.string().regex(/^link_[\da-f]{32}$/u) });

const page = z.strictObject({
  reachable: z.enum(["true", "false"]).optional(),
  dossierCode: text(100).optional(),
  limit: pageLimit,
  cursor: cursorOf(position),
});

/** Files that the portal opens through us, and files that are kept here (api sections 3 and 7). */
export const fileRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  fileBytesRoutes(app);

  route(
    app,
    {
      method: "get",
      path: "/v1/files",
      scope: "ledger:read",
      summary: "Links under which the portal opens files, newest first",
      description:
        "`reachable=false` lists those that could not be read when last looked at, and are not taken back. Each link is looked at after it was sent, at most once in ten minutes.",
      query: page,
      answers: { status: 200, schema: fileLinkPageSchema, description: "One page; never the links themselves." },
    },
    async (c, { query: { limit, cursor, reachable, dossierCode }, caller }) => {
      const filter = { dossierCode, reachable: reachable === undefined ? undefined : reachable === "true" };
      const where = { limit: limit ?? DEFAULT_LIMIT, after: cursor };
      const { items, next } = await c.var.gateway.files.list(caller.agency, filter, where, caller.language);
      return answerJson(200, { items, next: writeCursor(next && { ...next }) });
    },
  );

  route(
    app,
    {
      method: "get",
      path: "/v1/files/{id}",
      scope: "dossiers:read",
      summary: "One upload (`file_...`) or one link (`link_...`)",
      params: fileParam,
      answers: { status: 200, schema: fileSchema, description: "What is known of it." },
      errors: ["not_found", "gone"],
    },
    async (c, { params, caller }) =>
      answerJson(200, await c.var.gateway.files.read(caller.agency, params.id, caller.language)),
  );

  route(
    app,
    {
      method: "delete",
      path: "/v1/files/{id}",
      scope: "dossiers:write",
      summary: "Take a link back, or delete an upload with its links: the portal gets 410 from then on",
      params: fileParam,
      answers: { status: 200, schema: fileSchema, description: "What it was." },
      errors: ["not_found", "gone"],
    },
    async (c, { params: { id }, caller }) => {
      const { files } = c.var.gateway;
      // Whose it is comes before the Idempotency-Key; a repeated call finds a deleted upload gone, and its key answers.
      if (caller.idempotencyKey === undefined) await files.read(caller.agency, id, caller.language);
      const answer = await actOnce(c, caller, {
        action: "file.remove",
        subject: id,
        status: 200,
        work: async (executor) => ({
          body: await files.remove(executor, caller.agency, id, actorOf(caller), caller.language),
        }),
      });
      await files.removed(id);
      return answer;
    },
  );
};
