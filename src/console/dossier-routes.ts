import type { OpenAPIHono } from "@hono/zod-openapi";
import { GatewayError } from "../../contracts/errors.ts";
import { countDossiers } from "../dossiers/count-dossiers.ts";
import { EXPORT_FORMATS, openExport } from "../dossiers/export/open-export.ts";
import type { FindScope } from "../dossiers/find-dossiers.ts";
import { listDossiers } from "../dossiers/list-dossiers.ts";
import type { AppContext, AppEnvironment } from "../http/environment.ts";
import { dossierFilterOf, dossiersPath, parseDossierQuery } from "./dossier-query.ts";
import { DOSSIERS } from "./local-path.ts";
import { dossiersPage } from "./pages/dossiers-page.ts";
import { pathOf, WHOLE_PROVINCE, withSession } from "./with-session.ts";

const PAGE_SIZE = 50;

const scopeOf = (c: AppContext): FindScope => ({
  tenant: c.var.gateway.tenant,
  boundary: WHOLE_PROVINCE,
  platform: c.var.gateway.dossierPlatform,
});

const showDossiers = (c: AppContext): Promise<Response> => {
  c.set("routePath", DOSSIERS);
  return withSession(c, pathOf(c), async (session) => {
    const { dossiers } = c.var.gateway;
    const given = parseDossierQuery(c.req.query());
    const { cursor, ...filters } = given;
    const filter = dossierFilterOf(given);
    const by = filters.by ?? "origin";
    const [found, counts] = await Promise.all([
      listDossiers(dossiers, scopeOf(c), filter, PAGE_SIZE, cursor),
      countDossiers(dossiers, scopeOf(c), filter, [by]),
    ]);
    const page = dossiersPage({
      session,
      filters,
      dossiers: found.items,
      counts,
      by,
      nextPath: found.next === null ? null : dossiersPath(filters, { after: found.next }),
      firstPath: cursor === undefined ? null : dossiersPath(filters),
    });
    return c.html(page);
  });
};

const exportDossiers = (c: AppContext): Promise<Response> => {
  c.set("routePath", `${DOSSIERS}/export`);
  return withSession(c, pathOf(c), async ({ operator }) => {
    const format = EXPORT_FORMATS.find((known) => known === c.req.query("format"));
    if (format === undefined) throw new GatewayError("not_found");
    const actor = { actorKind: "operator", actor: operator.id, correlationId: c.var.correlationId } as const;
    const filter = dossierFilterOf(parseDossierQuery(c.req.query()));
    return openExport(c.var.gateway.dossiers, { format, filter, scope: scopeOf(c), actor });
  });
};

/** Search and statistics by origin: what officers ask for most (domain section 2.5, C2). */
export const dossierPages = (app: OpenAPIHono<AppEnvironment>): void => {
  app.get(DOSSIERS, showDossiers);
  app.get(`${DOSSIERS}/export`, exportDossiers);
};
