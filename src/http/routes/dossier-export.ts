import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { EXPORT_FORMATS, EXPORT_TYPES, openExport } from "../../dossiers/export/open-export.ts";
import { actorOf } from "../act-once.ts";
import type { AppEnvironment } from "../environment.ts";
import { route } from "../route.ts";
import { dossierFilters, scopeOf } from "./dossiers.ts";

const query = z.strictObject({ ...dossierFilters, format: z.enum(EXPORT_FORMATS) });

/** What a search finds as a file (api section 3, the filters of `GET /v1/dossiers`). */
export const dossierExportRoutes = (app: OpenAPIHono<AppEnvironment>): void =>
  route(
    app,
    {
      method: "get",
      path: "/v1/dossiers/export",
      scope: "dossiers:read",
      summary: "Everything a search finds as CSV or as a workbook, newest first",
      description:
        "With the filters of `GET /v1/dossiers`; headings and words are Vietnamese, times those of Vietnam. It is written as it is read: a download that breaks off has no end. A workbook holds 1,048,575 dossiers.",
      query,
      answers: { status: 200, schema: z.string(), types: Object.values(EXPORT_TYPES), description: "The file." },
    },
    async (c, { query: { format, ...filter }, caller }) =>
      openExport(c.var.gateway.dossiers, { format, filter, scope: scopeOf(c), actor: actorOf(caller) }),
  );
