import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { agencyCovers } from "../../../contracts/identifiers.ts";
import { actPageSchema } from "../../../contracts/services/audit.ts";
import type { Gateway } from "../../gateway.ts";
import { listActs } from "../../security/list-acts.ts";
import { answerJson } from "../answer.ts";
import type { AppEnvironment } from "../environment.ts";
import { anyValues, cursorOf, DEFAULT_LIMIT, from, pageLimit, to, writeCursor } from "../list-query.ts";
import { idPosition } from "../number-param.ts";
import { route } from "../route.ts";

const page = z.strictObject({
  actor: anyValues,
  action: anyValues,
  subject: anyValues,
  from,
  to,
  limit: pageLimit,
  cursor: cursorOf(idPosition),
});

/** Whose acts a client may see: everybody's for the province itself, else those of clients of its agency and below. */
const visibleClients = ({ clients, provinceCode }: Gateway, agency: string): string[] | undefined =>
  agencyCovers(agency, provinceCode)
    ? undefined
    : clients.all.filter((client) => agencyCovers(agency, client.agency)).map(({ id }) => id);

/** What people and clients did (api section 4). */
export const auditRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  route(
    app,
    {
      method: "get",
      path: "/v1/audit",
      scope: "audit:read",
      summary: "Acts of people and clients, newest first",
      query: page,
      answers: { status: 200, schema: actPageSchema, description: "One page." },
    },
    async (c, { query: { limit, cursor, ...filter }, caller }) => {
      const { gateway } = c.var;
      const wanted = { ...filter, clients: visibleClients(gateway, caller.agency) };
      const { items, next } = await listActs(
        gateway.database,
        gateway.tenant,
        wanted,
        limit ?? DEFAULT_LIMIT,
        cursor?.id,
      );
      return answerJson(200, { items, next: writeCursor(next === null ? null : { id: next }) });
    },
  );
};
