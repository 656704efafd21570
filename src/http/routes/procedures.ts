import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { GatewayError } from "../../../contracts/errors.ts";
import { procedureCode } from "../../../contracts/identifiers.ts";
import { text } from "../../../contracts/services/fields.ts";
import {
  mirrorSchema,
  PROCEDURE_POLICIES,
  policyStoredSchema,
  procedurePageSchema,
  procedurePolicySchema,
  procedureSchema,
} from "../../../contracts/services/procedures.ts";
import { listProcedures } from "../../procedures/catalogue/list-procedures.ts";
import { putPolicy } from "../../procedures/catalogue/put-policy.ts";
import { readProcedure } from "../../procedures/catalogue/read-procedure.ts";
import { readMirror, requestMirror } from "../../procedures/mirror/mirror-view.ts";
import { recordAct } from "../../security/audit.ts";
import { actOnce, actorOf } from "../act-once.ts";
import { answerJson } from "../answer.ts";
import type { AppEnvironment } from "../environment.ts";
import { cursorOf, DEFAULT_LIMIT, oneOrMore, pageLimit, to, writeCursor } from "../list-query.ts";
import { route } from "../route.ts";

const position = z.strictObject({ code: text(50) });
const page = z.strictObject({
  q: text(200).optional(),
  policy: oneOrMore(PROCEDURE_POLICIES),
  limit: pageLimit,
  cursor: cursorOf(position),
});
const codeParam = z.strictObject({ code: procedureCode });
const versionQuery = z.strictObject({ at: to });

const mirrorRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  route(
    app,
    {
      method: "post",
      path: "/v1/procedures/refresh",
      scope: "procedures:write",
      summary: "Mirror the platform's catalogue now; it is mirrored each night anyway",
      description: "A run that waits goes on at once, one that runs is left alone.",
      answers: { status: 202, schema: mirrorSchema, description: "It runs in the background." },
      errors: ["not_configured"],
    },
    async (c, { caller }) => {
      const { tenant, procedures } = c.var.gateway;
      if (!procedures.hasCatalogue) throw new GatewayError("not_configured", { detail: NO_CATALOGUE });
      const action = "procedures.refresh";
      return actOnce(c, caller, {
        action,
        subject: "procedures",
        status: 202,
        work: async (executor) => {
          const body = await requestMirror(executor, tenant);
          await recordAct(executor, tenant, { ...actorOf(caller), action, subject: "procedures" });
          return { body };
        },
      });
    },
  );

  route(
    app,
    {
      method: "get",
      path: "/v1/procedures/refresh",
      scope: "procedures:read",
      summary: "How far the mirror of the catalogue is",
      answers: { status: 200, schema: mirrorSchema, description: "The run in hand, or the last one." },
    },
    async (c) => answerJson(200, await readMirror(c.var.gateway.database, c.var.gateway.tenant)),
  );
};

const NO_CATALOGUE = {
  vi: "Chưa khai báo hệ thống có danh mục thủ tục, hoặc giao thức đang dùng không hỏi được danh mục.",
  en: "No platform with a catalogue of procedures is configured, or its profile cannot ask for it.",
};

const readingRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  route(
    app,
    {
      method: "get",
      path: "/v1/procedures",
      scope: "procedures:read",
      summary: "The mirrored national catalogue, with our policy for each procedure",
      description:
        "`q`: the beginning of a code, or beginnings of words of the name, without regard to case and accents.",
      query: page,
      answers: { status: 200, schema: procedurePageSchema, description: "One page, in the order of the codes." },
    },
    async (c, { query: { limit = DEFAULT_LIMIT, cursor, ...filter } }) => {
      const { database, tenant } = c.var.gateway;
      const { items, next } = await listProcedures(database, tenant, filter, { limit, after: cursor?.code });
      return answerJson(200, { items, next: writeCursor(next === null ? null : { code: next }) });
    },
  );

  route(
    app,
    {
      method: "get",
      path: "/v1/procedures/{code}",
      scope: "procedures:read",
      summary: "One procedure, in the version valid at a time",
      description:
        "The code may have any suffix: the nearest procedure that the catalogue holds is answered. `at`: a time, or a date, which is the end of that day in Vietnam; before the first version that was seen, the first one is answered.",
      params: codeParam,
      query: versionQuery,
      answers: { status: 200, schema: procedureSchema, description: "The procedure." },
      errors: ["not_found"],
    },
    async (c, { params, query: { at } }) => {
      const { database, tenant } = c.var.gateway;
      const found = await readProcedure(database, tenant, params.code, at);
      if (found === null) throw new GatewayError("not_found");
      return answerJson(200, found);
    },
  );
};

const NO_PAPERS = {
  vi: "Hệ thống này không tạo được giấy xác nhận: cần chạy trên Node và có kho tệp (FILE_STORE_URL).",
  en: "This deployment cannot make acknowledgements: it takes Node and a file store (FILE_STORE_URL).",
};

const policyRoute = (app: OpenAPIHono<AppEnvironment>): void =>
  route(
    app,
    {
      method: "put",
      path: "/v1/procedures/{code}/policy",
      scope: "procedures:write",
      summary: "Set how a procedure's dossiers are treated, by which decision",
      description:
        "`exclude-by-metadata`: sent as put; reports leave results out where the catalogue names none (the default there). `auto-acknowledgement`: a PDF of its receipt is the result of a dossier without one. `mark-digitised`: its components are marked as digitised. `do-not-sync`: recorded and not sent, but for the status of dossiers born on the portal. `none`: sent as put. It holds for every call accepted after this answer; what was sent stays sent.",
      params: codeParam,
      body: procedurePolicySchema,
      answers: { status: 200, schema: policyStoredSchema, description: "The policy in force." },
      errors: ["not_configured"],
    },
    async (c, { params, body, caller }) => {
      const { tenant, procedures } = c.var.gateway;
      const isPaper = body.policy === "auto-acknowledgement";
      if (isPaper && !procedures.makesPapers) throw new GatewayError("not_configured", { detail: NO_PAPERS });
      const action = "procedure.policy";
      return actOnce(c, caller, {
        action,
        subject: params.code,
        status: 200,
        work: async (executor) => {
          const stored = await putPolicy(executor, tenant, caller.client, params.code, body);
          const detail = { policy: body.policy, decision: body.decision, reason: body.reason ?? null };
          await recordAct(executor, tenant, { ...actorOf(caller), action, subject: stored.code, detail });
          return { body: stored };
        },
      });
    },
  );

/** The catalogue of procedures and our policies (design section 5). */
export const procedureRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  // Before the route of one procedure: `refresh` is no code.
  mirrorRoutes(app);
  readingRoutes(app);
  policyRoute(app);
};
