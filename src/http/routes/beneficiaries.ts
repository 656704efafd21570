import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { GatewayError } from "../../../contracts/errors.ts";
import { procedureCode } from "../../../contracts/identifiers.ts";
import { beneficiaryPutSchema, beneficiarySchema } from "../../../contracts/services/payments.ts";
import { actOnce, actorOf } from "../act-once.ts";
import { answerJson } from "../answer.ts";
import type { AppEnvironment } from "../environment.ts";
import { route } from "../route.ts";

const codeParam = z.strictObject({ procedureCode: z.union([z.literal("default"), procedureCode]) });

/** Whose account the money of a procedure goes to (api section 6). */
export const beneficiaryRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  route(
    app,
    {
      method: "get",
      path: "/v1/payment-beneficiaries/{procedureCode}",
      scope: "payments:read",
      summary: "Whose account the money of a procedure goes to",
      description: "That of the nearest code for which one was put, else of `default`.",
      params: codeParam,
      answers: { status: 200, schema: beneficiarySchema, description: "The one in force." },
      errors: ["not_found"],
    },
    async (c, { params }) => {
      const view = await c.get("gateway").payments.readBeneficiary(params.procedureCode);
      if (view === null) throw new GatewayError("not_found");
      return answerJson(200, view);
    },
  );

  route(
    app,
    {
      method: "put",
      path: "/v1/payment-beneficiaries/{procedureCode}",
      scope: "payments:write",
      summary: "Set whose account the money of a procedure goes to",
      description:
        "`default` serves every procedure without one of its own. A change is audited, and an alarm tells it.",
      params: codeParam,
      body: beneficiaryPutSchema,
      answers: { status: 200, schema: beneficiarySchema, description: "The one in force." },
    },
    async (c, { params, body, caller }) =>
      actOnce(c, caller, {
        action: "payment-beneficiary.put",
        subject: params.procedureCode,
        status: 200,
        work: async (executor) => ({
          body: await c.var.gateway.payments.putBeneficiary(
            executor,
            { ...body, code: params.procedureCode },
            actorOf(caller),
          ),
        }),
      }),
  );
};
