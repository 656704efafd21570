import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { GatewayError } from "../../../contracts/errors.ts";
import {
  IMPORT_RATE,
  IMPORT_TYPES,
  importFindingSchema,
  importLineSchema,
  importOptionsSchema,
  importPageSchema,
  importSchema,
  importStartedSchema,
} from "../../../contracts/services/imports.ts";
import { CSV_COLUMNS, REQUIRED_COLUMNS } from "../../imports/csv-columns.ts";
import { type ReportFormat, writeReport } from "../../imports/report-text.ts";
import { checkLength } from "../../imports/upload/read-file.ts";
import { type Act, actOnce, actorOf } from "../act-once.ts";
import { answerJson, answerKept } from "../answer.ts";
import type { AppEnvironment } from "../environment.ts";
import { cursorOf, DEFAULT_LIMIT, pageLimit, writeCursor } from "../list-query.ts";
import { idPosition, numberOf, numberParam } from "../number-param.ts";
import { route } from "../route.ts";
import { textStream } from "../text-stream.ts";
import { uploadFormat } from "../upload-format.ts";

const page = z.strictObject({ limit: pageLimit, cursor: cursorOf(idPosition) });

const FILE = `One dossier in each line. \`application/x-ndjson\`: the \`code\`, the body of its PUT, and \`events\`, its progress steps in order (schema ImportLine). \`text/csv\` (RFC 4180, UTF-8, with or without a byte order mark) has a header with the columns ${REQUIRED_COLUMNS.join(", ")}, and out of: ${CSV_COLUMNS.filter((name) => !REQUIRED_COLUMNS.some((required) => required === name)).join(", ")}; an empty cell is an absent field.`;

const DESCRIPTION = `The file may have 2 GiB, a line 1 MiB. It is stored as it streams in and answered when it is stored whole; then its lines are taken as their calls would be, with priority \`bulk\`, \`ratePerSecond\` at a time (${IMPORT_RATE}), and no faster than the platform takes what is sent. Each line is taken wholly or not at all; a second line about one dossier is refused. A file that was cut off stays \`incomplete\`: send all of it again with the same Idempotency-Key, or delete it. With \`known=true\` lines have no \`events\`, which could not be recorded without being sent.`;

const receiving = (app: OpenAPIHono<AppEnvironment>): void =>
  route(
    app,
    {
      method: "post",
      path: "/v1/imports",
      scope: "dossiers:write",
      summary: "Back-load a file of dossiers without disturbing the traffic of the desks",
      description: DESCRIPTION,
      query: importOptionsSchema,
      upload: {
        types: IMPORT_TYPES,
        description: FILE,
        check: (c) => {
          checkLength(c.req.header("content-length"));
          uploadFormat(c, IMPORT_TYPES);
        },
      },
      answers: { status: 202, schema: importStartedSchema, description: "All lines are stored; they are worked off." },
      errors: ["conflict", "not_configured"],
    },
    async (c, { query, caller }) => {
      const { pathname, search } = new URL(c.req.url);
      const format = uploadFormat(c, IMPORT_TYPES);
      const answer = await c.var.gateway.imports.receive(caller, {
        target: `${c.req.method} ${pathname}${search} ${format}`,
        request: {
          format,
          known: query.known === "true",
          dryRun: query.dryRun === "true",
          ratePerSecond: query.ratePerSecond ?? IMPORT_RATE,
        },
        file: { body: c.req.raw.body, format },
      });
      return answerKept(answer);
    },
  );

const reading = (app: OpenAPIHono<AppEnvironment>): void => {
  route(
    app,
    {
      method: "get",
      path: "/v1/imports",
      scope: "dossiers:read",
      summary: "Imports, newest first",
      query: page,
      answers: { status: 200, schema: importPageSchema, description: "One page." },
    },
    async (c, { query: { limit, cursor }, caller }) => {
      const wanted = { limit: limit ?? DEFAULT_LIMIT, after: cursor };
      const { items, next } = await c.var.gateway.imports.list(caller.agency, wanted);
      return answerJson(200, { items, next: writeCursor(next && { ...next }) });
    },
  );

  route(
    app,
    {
      method: "get",
      path: "/v1/imports/{id}",
      scope: "dossiers:read",
      summary: "An import with its progress",
      params: numberParam,
      answers: { status: 200, schema: importSchema, description: "The import." },
      errors: ["not_found"],
    },
    async (c, { params, caller }) => {
      const found = await c.var.gateway.imports.read(caller.agency, numberOf(params));
      if (found === null) throw new GatewayError("not_found");
      return answerJson(200, found);
    },
  );
};

const reportFormat = (accept: string | undefined): ReportFormat =>
  /(^|[\s,])text\/csv\b/iu.test(accept ?? "") ? "csv" : "jsonl";

const reporting = (app: OpenAPIHono<AppEnvironment>): void =>
  route(
    app,
    {
      method: "get",
      path: "/v1/imports/{id}/report",
      scope: "dossiers:read",
      summary: "What was refused and why, and all warnings, line by line, so far",
      description:
        "One finding in each line: JSON (schema ImportFinding), or CSV where `Accept` names `text/csv`. Kept as long as bodies are (`RETENTION_BODIES_DAYS`).",
      params: numberParam,
      answers: { status: 200, schema: z.string(), types: IMPORT_TYPES, description: "The report as it streams." },
      errors: ["not_found"],
    },
    async (c, { params, caller }) => {
      const id = numberOf(params);
      const { imports } = c.var.gateway;
      if ((await imports.read(caller.agency, id)) === null) throw new GatewayError("not_found");
      const format = reportFormat(c.req.header("accept"));
      return textStream(writeReport(imports.report(id), format), {
        "content-type": format === "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson; charset=utf-8",
        "content-disposition": `attachment; filename="import-${id}.${format}"`,
      });
    },
  );

const SUMMARIES = {
  pause: "Accept no more lines for now",
  resume: "Go on with a paused import",
  cancel: "Accept no more lines, for good; what was accepted stays",
  delete: "Delete an import that is incomplete, cancelled or finished, with its report; what was accepted stays",
} as const;

const acting = (app: OpenAPIHono<AppEnvironment>): void => {
  for (const act of ["pause", "resume", "cancel", "delete"] as const) {
    route(
      app,
      {
        method: act === "delete" ? "delete" : "post",
        path: act === "delete" ? "/v1/imports/{id}" : `/v1/imports/{id}/${act}`,
        scope: "dossiers:write",
        summary: SUMMARIES[act],
        params: numberParam,
        answers: { status: 200, schema: importSchema, description: "The import." },
        errors: ["not_found", "conflict"],
      },
      async (c, { params, caller }) => {
        const id = numberOf(params);
        const { imports } = c.var.gateway;
        const work: Act["work"] = async (executor) => ({
          body: await imports.act(executor, caller.agency, id, act, actorOf(caller)),
        });
        return actOnce(c, caller, { action: `import.${act}`, subject: id, status: 200, work });
      },
    );
  }
};

/** Back-load: a year's dossiers in one file (api section 3, design section 6 "Order", priority bulk). */
export const importRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  app.openAPIRegistry.register("ImportLine", importLineSchema);
  app.openAPIRegistry.register("ImportFinding", importFindingSchema);
  receiving(app);
  reading(app);
  reporting(app);
  acting(app);
};
