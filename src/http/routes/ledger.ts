import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { ENTRY_OPERATIONS, PLATFORMS } from "../../../contracts/adapter.ts";
import { ERROR_CODES, GatewayError } from "../../../contracts/errors.ts";
import { ENTRY_STATES } from "../../../contracts/ledger.ts";
import type { EntryView } from "../../../contracts/services/ledger.ts";
import {
  cancelSchema,
  entryDetailSchema,
  entryPageSchema,
  entrySchema,
  ledgerSummarySchema,
} from "../../../contracts/services/ledger.ts";
import type { Caller } from "../../caller.ts";
import type { Executor } from "../../database/database.ts";
import { type Act, actOnce, actorOf } from "../act-once.ts";
import { answerJson } from "../answer.ts";
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

const position = z.strictObject({ acceptedAt: printedMoment, id: z.string().regex(/^\d{1,18}$/u) });

const page = z.strictObject({
  state: oneOrMore(ENTRY_STATES),
  platform: oneOrMore(PLATFORMS),
  operation: oneOrMore(ENTRY_OPERATIONS),
  subject: anyValues,
  dossierCode: anyValues,
  errorCode: oneOrMore(ERROR_CODES),
  direction: oneOrMore(["out", "in"]),
  from,
  to,
  limit: pageLimit,
  cursor: cursorOf(position),
});

// An id of another shape names nothing: it is not found, never a fault of the database.
const entryId = z.strictObject({ id: z.string() });
const idOf = ({ id }: { id: string }): string => {
  if (!/^[1-9]\d{0,17}$/u.test(id)) throw new GatewayError("not_found");
  return id;
};

/** Acts on an entry. Whose entry it is comes before the Idempotency-Key, as api section 1 orders the checks. */
const act = async (
  c: AppContext,
  caller: Caller,
  { id, action, status }: { id: string; action: string; status: Act["status"] },
  work: (executor: Executor) => Promise<EntryView>,
): Promise<Response> => {
  if (!(await c.var.gateway.ledger.has(caller.agency, id))) throw new GatewayError("not_found");
  const once = async (executor: Executor) => {
    const entry = await work(executor);
    return { body: entry, wakes: entry.platform };
  };
  return actOnce(c, caller, { action, subject: id, status, work: once });
};

/** The ledger routes (api section 4). */
export const ledgerRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  route(
    app,
    {
      method: "get",
      path: "/v1/ledger",
      scope: "ledger:read",
      summary: "Ledger entries, newest first",
      query: page,
      answers: { status: 200, schema: entryPageSchema, description: "One page." },
    },
    async (c, { query: { limit, cursor, ...filter }, caller }) => {
      const wanted = { limit: limit ?? DEFAULT_LIMIT, after: cursor };
      const found = await c.var.gateway.ledger.list(caller.agency, filter, wanted, caller.language);
      return answerJson(200, { items: found.items, next: writeCursor(found.next && { ...found.next }) });
    },
  );

  route(
    app,
    {
      method: "get",
      path: "/v1/ledger/summary",
      scope: "ledger:read",
      summary: "The sums of the ledger per direction and platform",
      answers: { status: 200, schema: ledgerSummarySchema, description: "Sums of one moment; they balance." },
    },
    async (c, { caller }) => answerJson(200, await c.var.gateway.ledger.summary(caller.agency)),
  );

  route(
    app,
    {
      method: "get",
      path: "/v1/ledger/{id}",
      scope: "ledger:read",
      summary: "One entry with its attempts, bodies masked",
      params: entryId,
      answers: { status: 200, schema: entryDetailSchema, description: "The entry." },
      errors: ["not_found"],
    },
    async (c, { params, caller }) => {
      const entry = await c.var.gateway.ledger.read(caller.agency, idOf(params), caller.language);
      if (entry === null) throw new GatewayError("not_found");
      return answerJson(200, entry);
    },
  );

  route(
    app,
    {
      method: "post",
      path: "/v1/ledger/{id}/retry",
      scope: "ledger:operate",
      summary: "Try an entry again now",
      params: entryId,
      answers: { status: 202, schema: entrySchema, description: "It is due now." },
      errors: ["not_found", "conflict"],
    },
    async (c, { params, caller }) => {
      const id = idOf(params);
      return act(c, caller, { id, action: "ledger.retry", status: 202 }, (executor) =>
        c.var.gateway.ledger.retry(executor, caller.agency, id, actorOf(caller), caller.language),
      );
    },
  );

  route(
    app,
    {
      method: "post",
      path: "/v1/ledger/{id}/cancel",
      scope: "ledger:operate",
      summary: "Give an entry up, with a reason",
      params: entryId,
      body: cancelSchema,
      answers: { status: 200, schema: entrySchema, description: "It is cancelled." },
      errors: ["not_found", "conflict"],
    },
    async (c, { params, body, caller }) => {
      const id = idOf(params);
      return act(c, caller, { id, action: "ledger.cancel", status: 200 }, (executor) => {
        const { ledger } = c.var.gateway;
        return ledger.cancel(executor, caller.agency, id, body.reason, actorOf(caller), caller.language);
      });
    },
  );
};
