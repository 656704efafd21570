import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { GatewayError } from "../../../contracts/errors.ts";
import { paymentCreatedSchema, paymentRequestSchema, paymentSchema } from "../../../contracts/services/payments.ts";
import { attachment } from "../../files/disposition.ts";
import { answerOnce } from "../../ledger/answer-once.ts";
import { actOnce, actorOf } from "../act-once.ts";
import { answerJson, answerKept } from "../answer.ts";
import type { AppEnvironment } from "../environment.ts";
import { route } from "../route.ts";

/** A path with the id of a payment. */
export const paymentParam = z.strictObject({ id: z.string() });

/** One of another shape names nothing: it is not found. */
export const paymentIdOf = ({ id }: { id: string }): string => {
  if (!/^pay_[\da-f]{32}$/u.test(id)) throw new GatewayError("not_found");
  return id;
};

const UPSTREAM = [
  "upstream_timeout",
  "upstream_unavailable",
  "upstream_malformed",
  "upstream_rejected",
  "not_configured",
  "overloaded",
] as const;

const createRoute = (app: OpenAPIHono<AppEnvironment>, dossierCodePattern: RegExp | undefined): void =>
  route(
    app,
    {
      method: "post",
      path: "/v1/payments",
      scope: "payments:write",
      summary: "Have somebody pay for a dossier",
      description:
        "The payer is sent to `payUrl`. Recorded before the platform is asked; after a time-out the same call with the same Idempotency-Key is safe: it finds the payment, whatever became of the first.",
      body: paymentRequestSchema(dossierCodePattern),
      answers: { status: 201, schema: paymentCreatedSchema, description: "It can be paid now." },
      errors: ["not_found", "conflict", ...UPSTREAM],
    },
    async (c, { body, caller }) => answerKept(await c.get("gateway").payments.create(caller, body)),
  );

const readRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  route(
    app,
    {
      method: "get",
      path: "/v1/payments/{id}",
      scope: "payments:read",
      summary: "How a payment stands",
      params: paymentParam,
      answers: { status: 200, schema: paymentSchema, description: "As last heard." },
      errors: ["not_found"],
    },
    async (c, { params, caller }) => {
      const view = await c.get("gateway").payments.read(caller.agency, paymentIdOf(params));
      if (view === null) throw new GatewayError("not_found");
      return answerJson(200, view);
    },
  );

  route(
    app,
    {
      method: "post",
      path: "/v1/payments/{id}/refresh",
      scope: "payments:read",
      summary: "Ask the platform now what became of a payment",
      params: paymentParam,
      answers: { status: 200, schema: paymentSchema, description: "As the platform says now." },
      errors: ["not_found", ...UPSTREAM],
    },
    async (c, { params, caller }) => {
      const { database, tenant, payments } = c.var.gateway;
      const view = await payments.refresh(caller, paymentIdOf(params));
      const kept = await database.transaction((executor) =>
        answerOnce(executor, tenant, caller.idempotencyKey, async () => ({ status: 200, body: JSON.stringify(view) })),
      );
      return answerKept(kept);
    },
  );

  route(
    app,
    {
      method: "post",
      path: "/v1/payments/{id}/cancel",
      scope: "payments:write",
      summary: "Cancel a payment that nobody has paid",
      description: "The platform cannot be told: money that comes all the same makes it `paid-orphan`.",
      params: paymentParam,
      answers: { status: 200, schema: paymentSchema, description: "Cancelled." },
      errors: ["not_found", "conflict"],
    },
    async (c, { params, caller }) => {
      const id = paymentIdOf(params);
      return actOnce(c, caller, {
        action: "payment.cancel",
        subject: id,
        status: 200,
        work: async (executor) => ({
          body: await c.var.gateway.payments.cancel(executor, caller.agency, id, actorOf(caller)),
        }),
      });
    },
  );
};

/** The receipt of a payment. */
const receiptRoute = (app: OpenAPIHono<AppEnvironment>): void =>
  route(
    app,
    {
      method: "get",
      path: "/v1/payments/{id}/receipt",
      scope: "payments:read",
      summary: "The receipt of a payment, to be saved",
      description: "404 with `Retry-After` until it is stored; `receipt.stored` in the inbox says when it is.",
      params: paymentParam,
      answers: { status: 200, schema: z.string(), types: ["application/pdf"], description: "The receipt." },
      errors: ["not_found"],
    },
    async (c, { params, caller }) => {
      const { name, sha256, bytes } = await c.get("gateway").payments.receipt(caller.agency, paymentIdOf(params));
      return new Response(bytes as Uint8Array<ArrayBuffer>, {
        headers: {
          "content-type": "application/pdf",
          "content-length": String(bytes.length),
          "content-disposition": attachment(name),
          "x-content-type-options": "nosniff",
          "content-security-policy": "default-src 'none'; sandbox",
          "cache-control": "private, no-cache",
          etag: `"${sha256}"`,
        },
      });
    },
  );

/** Payments (api section 6). */
export const paymentRoutes = (app: OpenAPIHono<AppEnvironment>, dossierCodePattern: RegExp | undefined): void => {
  createRoute(app, dossierCodePattern);
  readRoutes(app);
  receiptRoute(app);
};
