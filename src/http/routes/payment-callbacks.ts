import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { GatewayError } from "../../../contracts/errors.ts";
import type { CallbackAnswer, CallbackRequest, PaymentPlatformId } from "../../../contracts/payments.ts";
import { PAYMENT_PLATFORMS } from "../../../contracts/payments.ts";
import { faultFields, type Log } from "../../log.ts";
import type { Received } from "../../payments/receive-callback.ts";
import { returnPage } from "../../payments/return-page.ts";
import type { AppContext, AppEnvironment } from "../environment.ts";
import { problemSchema } from "../problem.ts";
import { readBytes } from "../read-body.ts";

/** Calls of payment platforms are small (payment section 4.17); so is a query. */
const MOST_BYTES = 64 * 1024;

/** Each with the method by which it calls (api section 7). */
const METHODS = { "payment-platform": "post", keypay: "post", vnpay: "get" } as const satisfies Record<
  PaymentPlatformId,
  "get" | "post"
>;

const answerWith = ({ status, contentType, body }: CallbackAnswer): Response =>
  new Response(body, { status, headers: { "content-type": contentType, "cache-control": "no-store" } });

/** What is left of an address behind its path, as it came. */
const queryOf = (c: AppContext): string => {
  const at = c.req.url.indexOf("?");
  return at < 0 ? "" : c.req.url.slice(at + 1);
};

/** The body as text; null: it is too large, or no UTF-8. */
const textOf = async (request: Request): Promise<string | "too-large" | null> => {
  try {
    const bytes = await readBytes(request, MOST_BYTES);
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch (error) {
    if (error instanceof GatewayError && error.code === "payload_too_large") return "too-large";
    return null;
  }
};

const noted = (log: Log, platform: PaymentPlatformId, received: Received, correlationId: string): void => {
  const { verdict, detail, error } = received;
  if (error !== undefined) {
    log.error({ platform, ...faultFields(error), correlationId }, "a report of a payment could not be recorded");
  } else if (verdict !== "recorded" && verdict !== "duplicate") {
    log.warn({ platform, why: verdict, detail, correlationId }, "a report of a payment was refused");
  }
};

/** A call that could not even be read: the platform's words all the same. */
const refuse = (c: AppContext, platform: PaymentPlatformId, isTooLarge: boolean, log: Log): Response => {
  const { payments } = c.var.gateway;
  const why = isTooLarge ? "too-large" : "unreadable";
  log.warn({ platform, why, correlationId: c.var.correlationId }, "a report of a payment was refused");
  const answer = payments.refusal(platform);
  if (answer === null) throw new GatewayError("not_found");
  return answerWith(isTooLarge && METHODS[platform] === "post" ? { ...answer, status: 413 } : answer);
};

const serve = async (c: AppContext, platform: PaymentPlatformId, log: Log): Promise<Response> => {
  const { correlationId } = c.var;
  const method = METHODS[platform].toUpperCase();
  const query = queryOf(c);
  const body = method === "GET" ? "" : await textOf(c.req.raw);
  if (body === "too-large" || query.length > MOST_BYTES) return refuse(c, platform, true, log);
  if (body === null) return refuse(c, platform, false, log);
  const contentType = c.req.header("content-type") ?? "";
  const request: CallbackRequest = { method, query, contentType, body };
  const received = await c.var.gateway.payments.receive(platform, request, correlationId);
  if (received === null) throw new GatewayError("not_found");
  noted(log, platform, received, correlationId);
  return answerWith(received.answer);
};

const ANSWERS = {
  200: "In the platform's own words, whatever the outcome.",
  413: "The call is too large.",
  503: "It could not be recorded, or there is no secret to check its signature with; it may be sent again.",
} as const;

const described = (description: string) => ({
  description,
  content: { "application/json": { schema: z.looseObject({}) } },
});

const register = (app: OpenAPIHono<AppEnvironment>, platform: PaymentPlatformId, log: Log): void => {
  const path = `/callbacks/payments/${platform}`;
  const method = METHODS[platform];
  app.openAPIRegistry.registerPath({
    method,
    path,
    tags: ["callbacks"],
    summary: `What became of a payment at ${platform}`,
    description: "Called by the platform, whose signature is checked before anything else. Repeats change nothing.",
    security: [],
    ...(method === "post" && {
      request: {
        body: {
          required: true,
          content: {
            "application/json": { schema: z.looseObject({}) },
            "application/x-www-form-urlencoded": { schema: z.looseObject({}) },
          },
        },
      },
    }),
    responses: Object.fromEntries(Object.entries(ANSWERS).map(([status, words]) => [status, described(words)])),
  });
  app.on(method.toUpperCase(), path, async (c: AppContext) => {
    c.set("routePath", path);
    return serve(c, platform, log);
  });
};

const PAGE_HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
};

/** What payment platforms call, and where payers' browsers come back to (api section 7). */
export const paymentCallbackRoutes = (app: OpenAPIHono<AppEnvironment>, log: Log): void => {
  for (const platform of PAYMENT_PLATFORMS) register(app, platform, log);
  const path = "/payments/return/:platform";
  app.openAPIRegistry.registerPath({
    method: "get",
    path: "/payments/return/{platform}",
    tags: ["callbacks"],
    summary: "Where a payer's browser comes back to: it is shown how the payment stands, and the platform is asked",
    security: [],
    request: { params: z.strictObject({ platform: z.string() }) },
    responses: {
      200: { description: "A page.", content: { "text/html": { schema: z.string() } } },
      404: {
        description: "There is no such platform.",
        content: { "application/problem+json": { schema: problemSchema } },
      },
    },
  });
  app.get(path, async (c: AppContext) => {
    c.set("routePath", path);
    const platform = PAYMENT_PLATFORMS.find((each) => each === c.req.param("platform"));
    if (platform === undefined) throw new GatewayError("not_found");
    const state = queryOf(c).length > MOST_BYTES ? null : await c.var.gateway.payments.returned(platform, queryOf(c));
    return new Response(returnPage(state), { headers: PAGE_HEADERS });
  });
};
