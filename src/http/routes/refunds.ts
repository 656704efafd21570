import type { OpenAPIHono } from "@hono/zod-openapi";
import { GatewayError } from "../../../contracts/errors.ts";
import { paymentSchema, refundEvidenceSchema, refundRequestSchema } from "../../../contracts/services/payments.ts";
import { recordAct } from "../../security/audit.ts";
import { actOnce, actorOf } from "../act-once.ts";
import { answerJson } from "../answer.ts";
import type { AppEnvironment } from "../environment.ts";
import { route } from "../route.ts";
import { paymentIdOf, paymentParam } from "./payments.ts";

const answers = { schema: paymentSchema, description: "The payment as it stands now." };

const approvalRoute = (app: OpenAPIHono<AppEnvironment>): void =>
  route(
    app,
    {
      method: "post",
      path: "/v1/payments/{id}/refund/approve",
      scope: "ledger:approve",
      summary: "Approve a proposed refund; another client proposed it",
      description:
        "The platform is asked at once where it can give money back, and never twice: an Idempotency-Key has no effect, a second approval is 409. Else `refunding` lasts until there is evidence.",
      params: paymentParam,
      answers: { ...answers, status: 200 },
      errors: [
        "not_found",
        "conflict",
        "upstream_timeout",
        "upstream_unavailable",
        "upstream_malformed",
        "upstream_rejected",
        "not_configured",
        "overloaded",
      ],
    },
    async (c, { params, caller }) => {
      const { payments, database, tenant } = c.get("gateway");
      const id = paymentIdOf(params);
      const actor = actorOf(caller);
      try {
        return answerJson(200, await payments.approveRefund({ boundary: caller.agency, id, actor }));
      } catch (error) {
        if (error instanceof GatewayError && (error.code === "conflict" || error.code === "forbidden")) {
          const refused = { action: "payment.refund.approve.refused", subject: id, detail: { code: error.code } };
          await recordAct(database, tenant, { ...actor, ...refused });
        }
        throw error;
      }
    },
  );

/** Money given back (api section 6). */
export const refundRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  route(
    app,
    {
      method: "post",
      path: "/v1/payments/{id}/refund",
      scope: "payments:refund",
      summary: "Propose to give money back; another client approves it",
      params: paymentParam,
      body: refundRequestSchema,
      answers: { ...answers, status: 202 },
      errors: ["not_found", "conflict"],
    },
    async (c, { params, body, caller }) => {
      const id = paymentIdOf(params);
      const proposal = { boundary: caller.agency, id, ...body, actor: actorOf(caller) };
      return actOnce(c, caller, {
        action: "payment.refund",
        subject: id,
        status: 202,
        work: async (executor) => ({ body: await c.var.gateway.payments.proposeRefund(executor, proposal) }),
      });
    },
  );

  approvalRoute(app);

  route(
    app,
    {
      method: "post",
      path: "/v1/payments/{id}/refund/evidence",
      scope: "payments:refund",
      summary: "Prove that approved money was given back: by hand, or by a platform that never said so",
      params: paymentParam,
      body: refundEvidenceSchema,
      answers: { ...answers, status: 200 },
      errors: ["not_found", "conflict"],
    },
    async (c, { params, body, caller }) => {
      const id = paymentIdOf(params);
      const act = { boundary: caller.agency, id, actor: actorOf(caller) };
      return actOnce(c, caller, {
        action: "payment.refund.evidence",
        subject: id,
        status: 200,
        work: async (executor) => ({ body: await c.var.gateway.payments.proveRefund(executor, act, body) }),
      });
    },
  );
};
