import { type OpenAPIHono, z } from "@hono/zod-openapi";
import { GatewayError } from "../../../contracts/errors.ts";
import { normalizeAgencyCode } from "../../../contracts/identifiers.ts";
import type { Log } from "../../log.ts";
import type { OAuthError } from "../../security/oauth-error.ts";
import { OFFICER_GRANT } from "../../security/officer-grant.ts";
import { grantScopes } from "../../security/scopes.ts";
import type { AppContext, AppEnvironment } from "../environment.ts";
import { problemSchema } from "../problem.ts";
import { readBytes } from "../read-body.ts";

/** A token request is a few hundred bytes; an assertion makes it a few thousand. */
const MAX_FORM_BYTES = 64 * 1024;

const HEADERS = { "content-type": "application/json; charset=utf-8", "cache-control": "no-store", pragma: "no-cache" };

const answerError = ({ error, error_description, status, headers }: OAuthError): Response =>
  new Response(JSON.stringify({ error, error_description }), {
    status,
    headers: { ...HEADERS, ...headers },
  });

const badRequest = (error: OAuthError["error"], description: string): Response =>
  answerError({ error, error_description: description, status: 400 });

const readForm = async (c: AppContext): Promise<URLSearchParams | null> => {
  const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded") return null;
  return new URLSearchParams(new TextDecoder().decode(await readBytes(c.req.raw, MAX_FORM_BYTES)));
};

/** RFC 6749 knows no other status than 400 here; what is not the form's fault stays what it is. */
const refuseForm = (error: unknown): Response => {
  if (error instanceof GatewayError && error.code === "payload_too_large") {
    return badRequest("invalid_request", `the form has more than ${MAX_FORM_BYTES} bytes`);
  }
  throw error;
};

const repeated = (form: URLSearchParams): boolean => new Set(form.keys()).size < [...form.keys()].length;

const grant = async (c: AppContext, log: Log): Promise<Response> => {
  c.set("routePath", "/oauth/token");
  const form = await readForm(c).catch(refuseForm);
  if (form instanceof Response) return form;
  if (form === null) return badRequest("invalid_request", "send application/x-www-form-urlencoded");
  if (repeated(form)) return badRequest("invalid_request", "a parameter is repeated");
  const { gateway } = c.var;
  const type = form.get("grant_type");
  const request = { authorization: c.req.header("authorization"), form };
  const who =
    type === OFFICER_GRANT
      ? await gateway.authenticateOfficer(request)
      : { officer: undefined, ...(await gateway.authenticateClient(request)) };
  if (!who.ok) {
    log.warn({ reason: who.reason, correlationId: c.var.correlationId }, "a client was not authenticated");
    return answerError(who.error);
  }
  if (type === null) return badRequest("invalid_request", "grant_type is missing");
  if (type !== "client_credentials" && type !== OFFICER_GRANT) {
    return badRequest("unsupported_grant_type", `use client_credentials or ${OFFICER_GRANT}`);
  }
  const granted = grantScopes(who.client.scopes, form.get("scope") ?? undefined);
  if (!granted.ok) return answerError(granted.error);
  const { client, officer } = who;
  const agency = normalizeAgencyCode(client.agency);
  const holder = { client: client.id, scopes: granted.scopes, agency, ...(officer && { officer }) };
  const { token, expiresIn } = await gateway.tokens.issue(holder);
  const body = { access_token: token, token_type: "Bearer", expires_in: expiresIn, scope: granted.scopes.join(" ") };
  return new Response(JSON.stringify(body), { status: 200, headers: HEADERS });
};

const tokenSchema = z
  .strictObject({
    access_token: z.string(),
    token_type: z.literal("Bearer"),
    expires_in: z.int(),
    scope: z.string(),
  })
  .meta({ id: "Token" });

const oauthErrorSchema = z
  .strictObject({ error: z.string(), error_description: z.string().optional() })
  .meta({ id: "OAuthError" });

const formSchema = z.object({
  grant_type: z.enum(["client_credentials", OFFICER_GRANT]),
  assertion: z.string().optional().meta({
    description:
      "With the officer grant: a JWT signed with the client's key (ES256): `iss` the client, `sub` the officer's code (at most 20 characters), `aud` the address of this route, `exp` at most 5 minutes ahead, `jti` used once, `officerName`, `agency` (the client's or one below it).",
  }),
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
  client_assertion: z.string().optional(),
  client_assertion_type: z.string().optional(),
  scope: z.string().optional(),
});

/** `POST /oauth/token` and the public keys (api section 2): the one route whose errors are RFC 6749's. */
export const tokenRoutes = (app: OpenAPIHono<AppEnvironment>, log: Log): void => {
  const error = (description: string) => ({
    description,
    content: { "application/json": { schema: oauthErrorSchema } },
  });
  app.openAPIRegistry.registerPath({
    method: "post",
    path: "/oauth/token",
    tags: ["token"],
    summary: "A short-lived access token for a client, or for one of its officers",
    security: [],
    request: { body: { required: true, content: { "application/x-www-form-urlencoded": { schema: formSchema } } } },
    responses: {
      200: { description: "The token.", content: { "application/json": { schema: tokenSchema } } },
      400: error("The request or the scope is not valid."),
      401: error("The client did not prove who it is."),
      503: {
        description: "`unavailable`: the database is away, in which an assertion is marked as used.",
        content: { "application/problem+json": { schema: problemSchema } },
      },
    },
  });
  const keySchema = z.strictObject({
    kty: z.literal("EC"),
    crv: z.literal("P-256"),
    x: z.string(),
    y: z.string(),
    kid: z.string(),
    alg: z.literal("ES256"),
    use: z.literal("sig"),
  });
  app.openAPIRegistry.registerPath({
    method: "get",
    path: "/.well-known/jwks.json",
    tags: ["token"],
    summary: "The public keys of access tokens",
    security: [],
    responses: {
      200: {
        description: "The keys.",
        content: { "application/json": { schema: z.strictObject({ keys: z.array(keySchema) }) } },
      },
    },
  });
  app.post("/oauth/token", (c) => grant(c, log));
  app.get("/.well-known/jwks.json", (c) => {
    c.set("routePath", "/.well-known/jwks.json");
    return c.json(c.var.gateway.signingKeys.jwks, 200, { "cache-control": "public, max-age=300" });
  });
};
