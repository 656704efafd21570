import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { questionAcceptedSchema, satisfactionAcceptedSchema } from "../../../contracts/services/submission-views.ts";
import {
  questionAnswerSchema,
  questionId,
  questionSchema,
  satisfactionSchema,
} from "../../../contracts/services/submissions.ts";
import { answerKept } from "../answer.ts";
import type { AppEnvironment } from "../environment.ts";
import { route } from "../route.ts";

const byId = z.strictObject({ id: questionId });
const COMMITTED = "Committed; it will be delivered.";
const ONE_PROFILE =
  "Sent in the profile `mapi` alone: the others have no such service, and answer 503 `not_configured`. What was put first belongs to the agency of the client that put it.";

/** Questions, their answers, and satisfaction (api section 3). */
export const submissionRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
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
