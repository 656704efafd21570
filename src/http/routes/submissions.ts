import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { askedQuestionPageSchema, QUESTION_STATES } from "../../../contracts/services/questions.ts";
import { questionAcceptedSchema, satisfactionAcceptedSchema } from "../../../contracts/services/submission-views.ts";
import {
  questionAnswerSchema,
  questionId,
  questionSchema,
  satisfactionSchema,
} from "../../../contracts/services/submissions.ts";
import { listQuestions } from "../../portal-inbound/questions/list-questions.ts";
import { answerJson, answerKept } from "../answer.ts";
import type { AppEnvironment } from "../environment.ts";
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

const byId = z.strictObject({ id: questionId });
const COMMITTED = "Committed; it will be delivered.";
const ONE_PROFILE =
  "Sent in the profile `mapi` alone: the others have no such service, and answer 503 `not_configured`. What was put first belongs to the agency of the client that put it.";

const position = z.strictObject({ receivedAt: printedMoment, id: questionId });
const questionQuery = z.strictObject({
  state: oneOrMore(QUESTION_STATES),
  fieldCode: anyValues,
  procedureCode: anyValues,
  receivedFrom: from,
  receivedTo: to,
  limit: pageLimit,
  cursor: cursorOf(position),
});

const askedRoute = (app: OpenAPIHono<AppEnvironment>): void =>
  route(
    app,
    {
      method: "get",
      path: "/v1/questions",
      scope: "dossiers:read",
      summary: "Questions that citizens sent through the national portal, newest first",
      description:
        "Fetched in the profile `mapi` (`/v1/portal/fetches`). Each belongs to the agency that the portal names, where that is one of ours, else to the province.",
      query: questionQuery,
      answers: { status: 200, schema: askedQuestionPageSchema, description: "One page." },
    },
    async (c, { query: { limit = DEFAULT_LIMIT, cursor, ...filter }, caller }) => {
      const { database, tenant, sealer } = c.var.gateway;
      const scope = { tenant, sealer, boundary: caller.agency };
      const { items, next } = await listQuestions(database, scope, filter, { limit, after: cursor });
      return answerJson(200, { items, next: writeCursor(next && { ...next }) });
    },
  );

/** Questions, their answers, and satisfaction (api section 3). */
export const submissionRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  askedRoute(app);

  route(
    app,
    {
      method: "put",
      path: "/v1/questions/{id}",
      scope: "dossiers:write",
      summary: "Create or replace a question of the agency's own bank at the national portal",
      description: ONE_PROFILE,
      params: byId,
      body: questionSchema,
      answers: { status: 202, schema: questionAcceptedSchema, description: COMMITTED },
      errors: ["not_configured"],
    },
    async (c, { params, body, caller }) => {
      const message = { operation: "question.put", questionId: params.id, question: body } as const;
      return answerKept(await c.var.gateway.submissions.accept(caller, message, { questionId: params.id }));
    },
  );

  route(
    app,
    {
      method: "post",
      path: "/v1/questions/{id}/answer",
      scope: "dossiers:write",
      summary: "Answer a question that a citizen sent through the national portal",
      description: `${ONE_PROFILE} Nothing recognises a repeated answer: after an unknown outcome it may show twice.`,
      params: byId,
      body: questionAnswerSchema,
      answers: { status: 202, schema: questionAcceptedSchema, description: COMMITTED },
      errors: ["not_found", "not_configured"],
    },
    async (c, { params, body, caller }) => {
      const message = { operation: "question.answer", questionId: params.id, answer: body } as const;
      return answerKept(await c.var.gateway.submissions.accept(caller, message, { questionId: params.id }));
    },
  );

  route(
    app,
    {
      method: "post",
      path: "/v1/satisfaction",
      scope: "dossiers:write",
      summary: "Send how satisfied people were with a procedure in a month",
      description: `${ONE_PROFILE} The same month, procedure and agency again replaces what was sent. Warned of: shares that do not add up to 100.`,
      body: satisfactionSchema,
      answers: { status: 202, schema: satisfactionAcceptedSchema, description: COMMITTED },
      errors: ["not_configured"],
    },
    async (c, { body, caller }) => {
      const { month, procedureCode } = body;
      const message = { operation: "satisfaction.put", satisfaction: body } as const;
      return answerKept(await c.var.gateway.submissions.accept(caller, message, { month, procedureCode }));
    },
  );
};
