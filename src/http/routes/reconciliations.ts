import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { GatewayError } from "../../../contracts/errors.ts";
import {
  LIST_TYPES,
  listLineSchema,
  listOptionsSchema,
  listReceivedSchema,
  reconciliationPageSchema,
  reconciliationRequestSchema,
  reconciliationSchema,
  reconciliationStartedSchema,
} from "../../../contracts/services/reconciliations.ts";
import { checkLength } from "../../imports/upload/read-file.ts";
import { actOnce, actorOf } from "../act-once.ts";
import { answerJson, answerKept } from "../answer.ts";
import type { AppEnvironment } from "../environment.ts";
import { cursorOf, DEFAULT_LIMIT, pageLimit, writeCursor } from "../list-query.ts";
import { idPosition, numberOf, numberParam } from "../number-param.ts";
import { route } from "../route.ts";
import { uploadFormat } from "../upload-format.ts";

const page = z.strictObject({ limit: pageLimit, cursor: cursorOf(idPosition) });

const DESCRIPTION =
  "What the profile can tell stands beside each run (`sees`); what it cannot tell is never called equal. Dossiers with exchanges that are not settled are left out. One run of a platform at a time. Where the profile cannot be asked, a list that was exported from the platform is uploaded before and named here.";

const FILE =
  "One dossier in each line: its code at the platform and its status, as the platform or we call it. `application/x-ndjson` (schema ReconciliationListLine), or `text/csv` with the header `code,status`.";

const receiving = (app: OpenAPIHono<AppEnvironment>): void =>
  route(
    app,
    {
      method: "post",
      path: "/v1/reconciliation-lists",
      scope: "ledger:operate",
      summary: "Upload a list of what a platform holds, to be compared",
      description: "Serves one run, within seven days. Of a broken list nothing is kept.",
      query: listOptionsSchema,
      upload: {
        types: LIST_TYPES,
        description: FILE,
        check: (c) => {
          checkLength(c.req.header("content-length"));
          uploadFormat(c, LIST_TYPES);
        },
      },
      answers: { status: 201, schema: listReceivedSchema, description: "All lines are stored." },
    },
    async (c, { query: { platform, asOf, whole }, caller }) => {
      const { pathname, search } = new URL(c.req.url);
      const format = uploadFormat(c, LIST_TYPES);
      const answer = await c.var.gateway.reconciliations.receive(caller, {
        platform,
        asOf,
        whole: whole !== "false",
        format,
        body: c.req.raw.body,
        target: `POST ${pathname}${search} ${format}`,
      });
      return answerKept(answer);
    },
  );

const starting = (app: OpenAPIHono<AppEnvironment>): void =>
  route(
    app,
    {
      method: "post",
      path: "/v1/reconciliations",
      scope: "ledger:operate",
      summary: "Compare what the province holds with what a platform holds",
      description: DESCRIPTION,
      body: reconciliationRequestSchema,
      answers: {
        status: 202,
        schema: reconciliationStartedSchema,
        description: "Recorded; it runs in the background.",
      },
      errors: ["conflict", "not_configured"],
    },
    async (c, { body, caller }) =>
      actOnce(c, caller, {
        action: "reconciliation.start",
        subject: body.platform,
        status: 202,
        work: async (executor) => {
          const { reconciliations } = c.var.gateway;
          const { id, state } = await reconciliations.start(executor, caller.agency, body, actorOf(caller));
          return { body: { id, state } };
        },
      }),
  );

const reading = (app: OpenAPIHono<AppEnvironment>): void => {
  route(
    app,
    {
      method: "get",
      path: "/v1/reconciliations",
      scope: "reports:read",
      summary: "Reconciliations, newest first",
      query: page,
      answers: { status: 200, schema: reconciliationPageSchema, description: "One page." },
    },
    async (c, { query: { limit, cursor }, caller }) => {
      const wanted = { limit: limit ?? DEFAULT_LIMIT, after: cursor };
      const { items, next } = await c.var.gateway.reconciliations.list(caller.agency, wanted);
      return answerJson(200, { items, next: writeCursor(next) });
    },
  );

  route(
    app,
    {
      method: "get",
      path: "/v1/reconciliations/{id}",
      scope: "reports:read",
      summary: "A reconciliation with its progress",
      params: numberParam,
      answers: { status: 200, schema: reconciliationSchema, description: "The reconciliation." },
      errors: ["not_found"],
    },
    async (c, { params, caller }) => {
      const found = await c.var.gateway.reconciliations.read(caller.agency, numberOf(params));
      if (found === null) throw new GatewayError("not_found");
      return answerJson(200, found);
    },
  );
};

const stopping = (app: OpenAPIHono<AppEnvironment>): void =>
  route(
    app,
    {
      method: "post",
      path: "/v1/reconciliations/{id}/stop",
      scope: "ledger:operate",
      summary: "End a reconciliation; what it found stays",
      params: numberParam,
      answers: { status: 200, schema: reconciliationSchema, description: "The reconciliation as it is now." },
      errors: ["not_found", "conflict"],
    },
    async (c, { params, caller }) => {
      const id = numberOf(params);
      return actOnce(c, caller, {
        action: "reconciliation.stop",
        subject: id,
        status: 200,
        work: async (executor) => ({
          body: await c.var.gateway.reconciliations.stop(executor, caller.agency, id, actorOf(caller)),
        }),
      });
    },
  );

/** Status reconciliation with a platform (design section 7). */
export const reconciliationRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  app.openAPIRegistry.register("ReconciliationListLine", listLineSchema);
  receiving(app);
  starting(app);
  reading(app);
  stopping(app);
};
