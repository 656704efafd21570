import type { OpenAPIHono } from "@hono/zod-openapi";
import { GatewayError } from "../../../contracts/errors.ts";
import {
  businessLookupSchema,
  businessSchema,
  enterpriseParamSchema,
} from "../../../contracts/services/enterprises.ts";
import { answerJson } from "../answer.ts";
import type { AppEnvironment } from "../environment.ts";
import { route } from "../route.ts";

const found = <T>(business: T | null): T => {
  if (business === null) throw new GatewayError("not_found");
  return business;
};

const answers = { status: 200, schema: businessSchema, description: "As its register knows it." } as const;
const errors = [
  "not_found",
  "upstream_timeout",
  "upstream_unavailable",
  "upstream_malformed",
  "upstream_rejected",
  "not_configured",
  "overloaded",
] as const;

/** Looking businesses up (api section 5). */
export const enterpriseRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  route(
    app,
    {
      method: "get",
      path: "/v1/enterprises/{code}",
      scope: "enterprises:read",
      summary: "The public data of an enterprise",
      description: "An answer serves for 24 hours; `fetchedAt` says how old it is.",
      params: enterpriseParamSchema,
      answers,
      errors,
    },
    async (c, { params: { code }, caller }) =>
      answerJson(200, found(await c.get("gateway").businesses.find(caller, "enterprise", code))),
  );

  route(
    app,
    {
      method: "post",
      path: "/v1/enterprises/lookup",
      scope: "enterprises:read",
      summary: "The public data of an enterprise, a household or a cooperative",
      description: "By POST because the code of a household may be a person's. An Idempotency-Key has no effect.",
      body: businessLookupSchema,
      answers,
      errors,
    },
    async (c, { body: { kind, code }, caller }) =>
      answerJson(200, found(await c.get("gateway").businesses.find(caller, kind, code))),
  );
};
