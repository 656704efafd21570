import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { ERRORS, type ErrorCode, type FieldError, GatewayError } from "../../contracts/errors.ts";
import { FIELD_ERRORS } from "../../contracts/services/fields.ts";
import type { Caller } from "../caller.ts";
import type { Scope } from "../security/scopes.ts";
import { authenticate, requireScope } from "./authenticate.ts";
import type { AppContext, AppEnvironment, Principal } from "./environment.ts";
import { fieldErrors } from "./field-errors.ts";
import { idempotencyKey } from "./idempotency-key.ts";
import { limitClient } from "./limit-client.ts";
import { problemSchema } from "./problem.ts";
import { readJson } from "./read-body.ts";

type Shape = z.ZodObject;
type Parsed<S> = S extends z.ZodType ? z.infer<S> : undefined;

/** A body that streams in: its media types, and what is checked of its headers before the fields of the call. */
export interface UploadContract {
  readonly types: readonly string[];
  readonly description: string;
  /** @throws GatewayError `payload_too_large`, `unsupported_media_type` */
  readonly check: (c: AppContext) => void;
}

/** One route of `/v1`: what it takes, what it answers, and nothing of how. */
export interface RouteContract<P, Q, B> {
  readonly method: "get" | "put" | "post" | "delete";
  /** As OpenAPI writes it: `/v1/dossiers/{code}`. */
  readonly path: `/v1/${string}`;
  readonly scope: Scope;
  readonly summary: string;
  readonly description?: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** In the place of `body`: one that the handler reads as it streams in. */
  readonly upload?: UploadContract;
  /** The answer's status and schema, and its media types where it is not JSON. */
  readonly answers: {
    readonly status: 200 | 201 | 202;
    readonly schema: z.ZodType;
    readonly description: string;
    readonly types?: readonly string[];
  };
  /** A second answer of JSON that the same call may give. */
  readonly also?: { readonly status: 202; readonly schema: z.ZodType; readonly description: string };
  /** The codes a caller must be ready for, besides those every route may answer. */
  readonly errors?: readonly ErrorCode[];
}

/** Everything a handler gets: checked input, the caller, and the gateway's services. */
export interface RouteInput<P, Q, B> {
  readonly params: Parsed<P>;
  readonly query: Parsed<Q>;
  readonly body: Parsed<B>;
  readonly caller: Caller;
}

const EVERYWHERE: readonly ErrorCode[] = [
  "invalid_request",
  "unauthenticated",
  "forbidden",
  "rate_limited",
  "internal",
  "unavailable",
];

const errorAnswers = (codes: readonly ErrorCode[]) => {
  const byStatus = Map.groupBy([...new Set(codes)], (code) => ERRORS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      String(status),
      {
        description: group.map((code) => `\`${code}\`: ${ERRORS[code].title.en}.`).join(" "),
        content: { "application/problem+json": { schema: problemSchema } },
      },
    ]),
  );
};

const contentOf = (types: readonly string[], schema: z.ZodType) =>
  Object.fromEntries(types.map((type) => [type, { schema }]));

const describedUpload = ({ types, description }: UploadContract) => ({
  required: true,
  description,
  content: contentOf(types, z.string()),
});

/** A route that names no query parameters takes none (api section 1, "Input"). */
const NO_QUERY = z.strictObject({});

const parse = <S extends z.ZodType>(
  schema: S | undefined,
  input: unknown,
  errors: FieldError[],
  unknown: "unknown_field" | "unknown_parameter",
): Parsed<S> => {
  if (schema === undefined) return undefined as Parsed<S>;
  const parsed = schema.safeParse(input);
  if (!parsed.success) errors.push(...fieldErrors(parsed.error, input, unknown));
  return parsed.data as Parsed<S>;
};

const singleQuery = (c: AppContext, errors: FieldError[]): Record<string, string> => {
  if (!c.req.url.includes("?")) return {};
  const query = c.req.queries();
  for (const [field, values] of Object.entries(query)) {
    if (values.length > 1) errors.push({ field, code: "too_many", message: FIELD_ERRORS.too_many });
  }
  return Object.fromEntries(Object.entries(query).map(([name, values]) => [name, values[0] ?? ""]));
};

const callerOf = (c: AppContext, principal: Principal, body: unknown, errors: FieldError[]): Caller => {
  const key = idempotencyKey(c, principal, body, errors);
  return {
    client: principal.client.id,
    agency: principal.agency,
    correlationId: c.get("correlationId"),
    language: c.get("language"),
    ...(key && { idempotencyKey: key }),
    ...(principal.officer && { officer: principal.officer }),
  };
};

/**
 * Registers a route with its description in OpenAPI and the checks in the order of api section 1: token 401, scope 403, the client's
 * own limit 429, size 413, media type 415, syntax and fields 400; what follows is the handler's.
 */
export const route = <
  P extends Shape | undefined = undefined,
  Q extends Shape | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(
  app: OpenAPIHono<AppEnvironment>,
  contract: RouteContract<P, Q, B>,
  handle: (c: AppContext, input: RouteInput<P, Q, B>) => Promise<Response>,
): void => {
  const { method, path, scope, params, query, body, upload, answers } = contract;
  const unsafe = method !== "get";
  app.openAPIRegistry.registerPath({
    method,
    path,
    tags: [path.split("/")[2] ?? "v1"],
    summary: contract.summary,
    ...(contract.description !== undefined && { description: contract.description }),
    security: [{ oauth: [scope] }],
    request: {
      ...(params && { params }),
      ...(query && { query }),
      ...(body && { body: { required: true, content: { "application/json": { schema: body } } } }),
      ...(upload && { body: describedUpload(upload) }),
    },
    ...(unsafe && { parameters: [{ $ref: "#/components/parameters/IdempotencyKey" }] }),
    responses: {
      [answers.status]: {
        description: answers.description,
        content: contentOf(answers.types ?? ["application/json"], answers.schema),
      },
      ...(contract.also && {
        [contract.also.status]: {
          description: contract.also.description,
          content: contentOf(["application/json"], contract.also.schema),
        },
      }),
      ...errorAnswers([
        ...EVERYWHERE,
        ...(body || upload ? (["payload_too_large", "unsupported_media_type"] as const) : []),
        ...(unsafe ? (["idempotency_key_reused"] as const) : []),
        ...(contract.errors ?? []),
      ]),
    },
  });
  app.on(method.toUpperCase(), path.replaceAll(/\{(\w+)\}/gu, ":$1"), async (c: AppContext) => {
    c.set("routePath", path);
    const principal = await authenticate(c);
    c.set("principal", principal);
    requireScope(principal, scope);
    await limitClient(c, principal);
    upload?.check(c);
    const json = body === undefined ? undefined : await readJson(c.req.raw);
    const errors: FieldError[] = [];
    const input = {
      params: parse(params, c.req.param(), errors, "unknown_field"),
      query: parse(query ?? NO_QUERY, singleQuery(c, errors), errors, "unknown_parameter"),
      body: parse(body, json, errors, "unknown_field"),
      caller: callerOf(c, principal, json, errors),
    } as RouteInput<P, Q, B>;
    if (errors.length > 0) throw new GatewayError("invalid_request", { errors });
    return handle(c, input);
  });
};
