import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import {
  CORRECTION_STATES,
  correctionPageSchema,
  correctionRequestSchema,
  correctionSchema,
  rejectionSchema,
} from "../../../contracts/services/corrections.ts";
import type { CorrectionFilter } from "../../replays/corrections/correction-row.ts";
import { actOnce, actorOf } from "../act-once.ts";
import { answerJson } from "../answer.ts";
import { correctionPayload } from "../correction-payload.ts";
import type { AppContext, AppEnvironment } from "../environment.ts";
import { cursorOf, DEFAULT_LIMIT, oneOrMore, pageLimit, writeCursor } from "../list-query.ts";
import { idPosition, numberOf, numberParam } from "../number-param.ts";
import { route } from "../route.ts";

const page = z.strictObject({ limit: pageLimit, cursor: cursorOf(idPosition) });
const filtered = z.strictObject({ ...page.shape, state: oneOrMore(CORRECTION_STATES) });

const answerPage = async (
  c: AppContext,
  agency: string,
  filter: CorrectionFilter,
  { limit, cursor }: z.infer<typeof page>,
): Promise<Response> => {
  const wanted = { limit: limit ?? DEFAULT_LIMIT, after: cursor?.id };
  const { items, next } = await c.var.gateway.corrections.list(agency, filter, wanted);
  return answerJson(200, { items, next: writeCursor(next === null ? null : { id: next }) });
};

const proposals = (app: OpenAPIHono<AppEnvironment>): void => {
  route(
    app,
    {
      method: "post",
      path: "/v1/ledger/{id}/corrections",
      scope: "ledger:operate",
      summary: "Propose other content for a failed entry; another person approves it",
      params: numberParam,
      body: correctionRequestSchema,
      answers: { status: 202, schema: correctionSchema, description: "Proposed. Nothing is sent yet." },
      errors: ["not_found", "conflict"],
    },
    async (c, { params, body, caller }) => {
      const { corrections } = c.var.gateway;
      const entryId = numberOf(params);
      const entry = await corrections.open(caller.agency, entryId);
      const payload = correctionPayload(entry, body.payload, corrections.limitsOf);
      const proposal = { entryId, payload, reason: body.reason };
      return actOnce(c, caller, {
        action: "correction.propose",
        subject: entryId,
        status: 202,
        work: async (executor) => ({
          body: await corrections.propose(executor, caller.agency, proposal, actorOf(caller)),
        }),
      });
    },
  );

  route(
    app,
    {
      method: "get",
      path: "/v1/ledger/{id}/corrections",
      scope: "ledger:read",
      summary: "The proposals for one entry, newest first",
      params: numberParam,
      query: page,
      answers: { status: 200, schema: correctionPageSchema, description: "One page; personal values are hidden." },
    },
    async (c, { params, query, caller }) => answerPage(c, caller.agency, { entryId: numberOf(params) }, query),
  );

  route(
    app,
    {
      method: "get",
      path: "/v1/corrections",
      scope: "ledger:read",
      summary: "Proposals, newest first",
      query: filtered,
      answers: { status: 200, schema: correctionPageSchema, description: "One page; personal values are hidden." },
    },
    async (c, { query: { state, ...rest }, caller }) => answerPage(c, caller.agency, { state }, rest),
  );
};

const decisions = (app: OpenAPIHono<AppEnvironment>): void => {
  route(
    app,
    {
      method: "get",
      path: "/v1/corrections/{id}",
      scope: "ledger:approve",
      summary: "One proposal with every value in clear, for who decides on it; reading it is audited",
      params: numberParam,
      answers: { status: 200, schema: correctionSchema, description: "The proposal." },
      errors: ["not_found"],
    },
    async (c, { params, caller }) =>
      answerJson(200, await c.var.gateway.corrections.read(caller.agency, numberOf(params), actorOf(caller))),
  );

  route(
    app,
    {
      method: "post",
      path: "/v1/corrections/{id}/approve",
      scope: "ledger:approve",
      summary: "Send the corrected content in the failed entry's place; not for who proposed it",
      params: numberParam,
      answers: { status: 200, schema: correctionSchema, description: "Approved; `newEntry` is queued." },
      errors: ["not_found", "conflict"],
    },
    async (c, { params, caller }) => {
      const id = numberOf(params);
      return actOnce(c, caller, {
        action: "correction.approve",
        subject: id,
        status: 200,
        work: async (executor) => {
          const { corrections } = c.var.gateway;
          const approved = await corrections.approve(executor, caller.agency, id, actorOf(caller));
          return { body: approved.correction, wakes: approved.platform };
        },
      });
    },
  );

  route(
    app,
    {
      method: "post",
      path: "/v1/corrections/{id}/reject",
      scope: "ledger:approve",
      summary: "Refuse a proposal, with a reason",
      params: numberParam,
      body: rejectionSchema,
      answers: { status: 200, schema: correctionSchema, description: "Rejected; the entry stays as it is." },
      errors: ["not_found", "conflict"],
    },
    async (c, { params, body, caller }) => {
      const id = numberOf(params);
      return actOnce(c, caller, {
        action: "correction.reject",
        subject: id,
        status: 200,
        work: async (executor) => ({
          body: await c.var.gateway.corrections.reject(executor, caller.agency, id, body.reason, actorOf(caller)),
        }),
      });
    },
  );
};

/** Corrections of failed entries: proposed by one person, approved by another (api section 4). */
export const correctionRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  proposals(app);
  decisions(app);
};
