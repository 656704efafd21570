import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { GatewayError } from "../../../contracts/errors.ts";
import { dossierCodeShape } from "../../../contracts/identifiers.ts";
import { PRIORITIES, PRIORITY_NAMES } from "../../../contracts/ledger.ts";
import {
  CHANNELS,
  DOSSIER_STATUSES,
  dossierEventSchema,
  dossierSchema,
  ORIGINS,
} from "../../../contracts/services/dossier.ts";
import {
  COUNT_KEYS,
  dossierAcceptedSchema,
  dossierCountsSchema,
  dossierDetailSchema,
  dossierPageSchema,
  eventAcceptedSchema,
  SYNC_STATES,
} from "../../../contracts/services/dossier-views.ts";
import { text } from "../../../contracts/services/fields.ts";
import { addEvent } from "../../dossiers/add-event.ts";
import { countDossiers } from "../../dossiers/count-dossiers.ts";
import type { FindScope } from "../../dossiers/find-dossiers.ts";
import { listDossiers } from "../../dossiers/list-dossiers.ts";
import { putDossier } from "../../dossiers/put-dossier.ts";
import { readDossier } from "../../dossiers/read-dossier.ts";
import { answerJson, answerKept } from "../answer.ts";
import type { AppContext, AppEnvironment } from "../environment.ts";
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

/** What dossiers are filtered by, in a query. */
export const dossierFilters = {
  origin: oneOrMore(ORIGINS),
  status: oneOrMore(DOSSIER_STATUSES),
  procedureCode: anyValues,
  unit: anyValues,
  channel: oneOrMore(CHANNELS),
  sync: oneOrMore(SYNC_STATES),
  receivedFrom: from,
  receivedTo: to,
  q: text(200).optional(),
};

const position = z.strictObject({ receivedAt: printedMoment, code: text(100) });
const page = z.strictObject({ ...dossierFilters, limit: pageLimit, cursor: cursorOf(position) });
const counts = z.strictObject({ ...dossierFilters, by: oneOrMore(COUNT_KEYS) });
const priority = z.enum(PRIORITY_NAMES).optional();
const putOptions = z.strictObject({ known: z.enum(["true", "false"]).optional(), priority });
const eventOptions = z.strictObject({ priority });
const PRIORITY_NOTE =
  "`priority` says how urgent it is towards the platform: `desk` (a citizen waits), `normal` (default) or `bulk` (a back-load). It is no part of the content: the same body again with a better priority raises what still waits. All that waits for one dossier has the best priority any of it was given, and nothing starves: a normal exchange goes before a desk one that came a minute later, a bulk one before any that came half an hour later.";
// A stored dossier may also be found by the portal's code, whose shape is the portal's own.
const anyCode = z.strictObject({ code: text(100) });

/** Where a caller's search applies. */
export const scopeOf = (c: AppContext): FindScope => ({
  tenant: c.var.gateway.tenant,
  boundary: c.var.principal.agency,
  platform: c.var.gateway.dossierPlatform,
});

/** The dossier routes (api section 3). */
export const dossierRoutes = (app: OpenAPIHono<AppEnvironment>, dossierCodePattern?: RegExp): void => {
  const ownCode = z.strictObject({ code: dossierCodeShape(dossierCodePattern) });

  route(
    app,
    {
      method: "put",
      path: "/v1/dossiers/{code}",
      scope: "dossiers:write",
      summary: "Create or replace a dossier; it is synced in the background",
      description: PRIORITY_NOTE,
      params: ownCode,
      query: putOptions,
      body: dossierSchema,
      answers: { status: 202, schema: dossierAcceptedSchema, description: "Committed; it will be delivered." },
      errors: ["conflict", "lifecycle_refused", "not_configured"],
    },
    async (c, { params, query, body, caller }) => {
      const urgency = PRIORITIES[query.priority ?? "normal"];
      const put = { code: params.code, dossier: body, known: query.known === "true", priority: urgency };
      return answerKept(await putDossier(c.get("gateway").dossiers, caller, put));
    },
  );

  route(
    app,
    {
      method: "post",
      path: "/v1/dossiers/{code}/events",
      scope: "dossiers:write",
      summary: "Record one progress step of a dossier",
      description: PRIORITY_NOTE,
      params: ownCode,
      query: eventOptions,
      body: dossierEventSchema,
      answers: { status: 202, schema: eventAcceptedSchema, description: "Committed; it goes behind what came before." },
      errors: ["not_found", "conflict", "lifecycle_refused", "not_configured"],
    },
    async (c, { params, query, body, caller }) => {
      const step = { code: params.code, event: body, priority: PRIORITIES[query.priority ?? "normal"] };
      return answerKept(await addEvent(c.get("gateway").dossiers, caller, step));
    },
  );

  route(
    app,
    {
      method: "get",
      path: "/v1/dossiers/counts",
      scope: "dossiers:read",
      summary: "Count dossiers by procedure, unit, status, origin, month",
      query: counts,
      answers: { status: 200, schema: dossierCountsSchema, description: "The counts." },
    },
    async (c, { query: { by, ...filter } }) =>
      answerJson(200, await countDossiers(c.var.gateway.dossiers, scopeOf(c), filter, by ?? [])),
  );

  route(
    app,
    {
      method: "get",
      path: "/v1/dossiers",
      scope: "dossiers:read",
      summary: "Search dossiers, newest first",
      query: page,
      answers: { status: 200, schema: dossierPageSchema, description: "One page." },
    },
    async (c, { query: { limit, cursor, ...filter } }) => {
      const found = await listDossiers(c.var.gateway.dossiers, scopeOf(c), filter, limit ?? DEFAULT_LIMIT, cursor);
      return answerJson(200, { items: found.items, next: writeCursor(found.next && { ...found.next }) });
    },
  );

  route(
    app,
    {
      method: "get",
      path: "/v1/dossiers/{code}",
      scope: "dossiers:read",
      summary: "One dossier with its timeline and how it stands towards each platform",
      params: anyCode,
      answers: { status: 200, schema: dossierDetailSchema, description: "The dossier." },
      errors: ["not_found"],
    },
    async (c, { params, caller }) => {
      const { dossiers, dossierPlatform } = c.var.gateway;
      const found = await readDossier(dossiers, caller.agency, params.code, dossierPlatform);
      if (found === null) throw new GatewayError("not_found");
      return answerJson(200, found);
    },
  );
};
