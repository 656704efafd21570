import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { ERRORS, type ErrorCode, type FieldError, GatewayError } from "../../../contracts/errors.ts";
import { text } from "../../../contracts/services/fields.ts";
import { uploadedFileSchema } from "../../../contracts/services/files.ts";
import { readRange } from "../../files/byte-range.ts";
import { answerFile, answerUnsatisfiable, lengthOf } from "../../files/file-answer.ts";
import type { ContentWish } from "../../files/file-content.ts";
import type { Asker, OpenedForReading } from "../../files/file-desk.ts";
import { isUuid } from "../../files/link-codec.ts";
import { answerOnce } from "../../ledger/answer-once.ts";
import type { Scope } from "../../security/scopes.ts";
import { actorOf } from "../act-once.ts";
import { answerKept } from "../answer.ts";
import { authenticate, requireScope } from "../authenticate.ts";
import type { AppContext, AppEnvironment, Principal } from "../environment.ts";
import { fieldErrors } from "../field-errors.ts";
import { idempotencyKey } from "../idempotency-key.ts";
import { limitClient } from "../limit-client.ts";
import { problemSchema } from "../problem.ts";

const PORTAL = "/portal/downloadfile/{uuid}";
const UPLOAD = "/v1/files";
const CONTENT = "/v1/files/{id}/content";

/** How soon who found no place may come back. */
const RETRY_AFTER_SECONDS = 2;

const BYTES = { "*/*": { schema: z.string().meta({ format: "binary" }) } };

const problems = (codes: readonly ErrorCode[]) =>
  Object.fromEntries(
    [...Map.groupBy(codes, (code) => ERRORS[code].status)].map(([status, group]) => [
      String(status),
      {
        description: group.map((code) => `\`${code}\`: ${ERRORS[code].title.en}.`).join(" "),
        content: { "application/problem+json": { schema: problemSchema } },
      },
    ]),
  );

const fileAnswers = {
  200: { description: "The file, to be saved; its type is that of its bytes.", content: BYTES },
  206: { description: "The part asked for.", content: BYTES },
  416: { description: "The file has none of the bytes asked for." },
};

const describe = (app: OpenAPIHono<AppEnvironment>): void => {
  const uuid = z.strictObject({ uuid: z.string() });
  const id = z.strictObject({ id: z.string() });
  app.openAPIRegistry.registerPath({
    method: "get",
    path: PORTAL,
    tags: ["portal"],
    summary: "The file behind a link that the portal was given; the link is all it takes",
    security: [],
    request: { params: uuid },
    responses: {
      ...fileAnswers,
      ...problems([
        "not_found",
        "gone",
        "internal",
        "upstream_malformed",
        "overloaded",
        "unavailable",
        "upstream_unavailable",
        "upstream_timeout",
      ]),
    },
  });
  app.openAPIRegistry.registerPath({
    method: "get",
    path: CONTENT,
    tags: ["files"],
    summary: "The bytes of an upload, for its owner",
    security: [{ oauth: ["dossiers:read"] }],
    request: { params: id },
    responses: {
      ...fileAnswers,
      ...problems([
        "unauthenticated",
        "forbidden",
        "not_found",
        "gone",
        "rate_limited",
        "internal",
        "overloaded",
        "unavailable",
      ]),
    },
  });
  app.openAPIRegistry.registerPath({
    method: "post",
    path: UPLOAD,
    tags: ["files"],
    summary: "Keep a file; its `url` may stand in a dossier",
    description: "The body is the file itself, whatever its Content-Type says; it is kept encrypted.",
    security: [{ oauth: ["dossiers:write"] }],
    request: {
      query: z.strictObject({ name: z.string() }),
      body: {
        required: true,
        content: { "application/octet-stream": { schema: z.string().meta({ format: "binary" }) } },
      },
    },
    parameters: [{ $ref: "#/components/parameters/IdempotencyKey" }],
    responses: {
      201: { description: "It is kept.", content: { "application/json": { schema: uploadedFileSchema } } },
      ...problems([
        "invalid_request",
        "unauthenticated",
        "forbidden",
        "payload_too_large",
        "idempotency_key_reused",
        "rate_limited",
        "internal",
        "unavailable",
        "not_configured",
      ]),
    },
  });
};

const admit = async (c: AppContext, path: string, scope: Scope): Promise<Principal> => {
  c.set("routePath", path);
  const principal = await authenticate(c);
  c.set("principal", principal);
  requireScope(principal, scope);
  await limitClient(c, principal);
  return principal;
};

/** HEAD comes as GET through the router. */
const wishOf = (c: AppContext): ContentWish => {
  const head = c.req.raw.method === "HEAD";
  return { head, range: head ? null : readRange(c.req.header("range")), ifRange: c.req.header("if-range") };
};

/** Where the call comes from, as the runtime tells; a proxy in between is all that is seen. */
const addressOf = (c: AppContext): string | null => {
  const { incoming } = (c.env ?? {}) as { incoming?: { socket?: { remoteAddress?: string } } };
  return incoming?.socket?.remoteAddress ?? c.req.header("cf-connecting-ip") ?? null;
};

const askerOf = (c: AppContext): Asker => {
  const address = addressOf(c);
  const { fingerprints } = c.var.gateway;
  const asker = address === null ? null : fingerprints.of(["asker", address]);
  return { asker, correlationId: c.var.correlationId };
};

/** Serves a file within the places there are; how it ended is audited. */
const serve = async (c: AppContext, open: (wish: ContentWish) => Promise<OpenedForReading>): Promise<Response> => {
  const { files } = c.var.gateway;
  const asker = askerOf(c);
  const wish = wishOf(c);
  const leave = files.takePlace();
  if (leave === null) throw new GatewayError("overloaded", { retryAfterSeconds: RETRY_AFTER_SECONDS });
  try {
    const { fileId, name, reading } = await open(wish);
    const note = (outcome: string, bytes: number | null) => files.note({ ...asker, fileId, outcome, bytes });
    if (!reading.ok) {
      await note("unsatisfiable", null);
      leave();
      return answerUnsatisfiable(reading.total);
    }
    const { content } = reading;
    await note(wish.head ? "head" : "served", wish.head ? 0 : lengthOf(content)).catch(async (error: unknown) => {
      await content.close();
      throw error;
    });
    return answerFile(content, {
      name,
      head: wish.head,
      ended: ({ whole, bytes }) => {
        leave();
        // On Workers the request's database is closed by then: there the beginning alone is audited.
        if (!whole) note("cut", bytes).catch(() => undefined);
      },
    });
  } catch (error) {
    leave();
    throw error;
  }
};

const NAME = z.strictObject({ name: text(1000) });

const upload = async (c: AppContext): Promise<Response> => {
  const principal = await admit(c, UPLOAD, "dossiers:write");
  const { files, database, tenant } = c.var.gateway;
  files.admit(Number(c.req.header("content-length") ?? "0"));
  const errors: FieldError[] = [];
  const query = NAME.safeParse(c.req.query());
  if (!query.success) errors.push(...fieldErrors(query.error, c.req.query(), "unknown_parameter"));
  idempotencyKey(c, principal, null, errors);
  if (!query.success || errors.length > 0) throw new GatewayError("invalid_request", { errors });
  const kept = await files.keep(query.data.name, c.req.raw.body as ReadableStream<Uint8Array> | null);
  try {
    const { correlationId, language } = c.var;
    const caller = { client: principal.client.id, agency: principal.agency, correlationId, language };
    const key = idempotencyKey(c, principal, kept.sha256, errors);
    const answer = await database.transaction((transaction) =>
      answerOnce(transaction, tenant, key, async () => ({
        status: 201,
        body: JSON.stringify(await kept.record(transaction, caller, actorOf(caller))),
      })),
    );
    if (answer.replayed) await kept.drop();
    return answerKept(answer);
  } catch (error) {
    await kept.drop();
    throw error;
  }
};

/** The bytes of files, in and out: streamed, never held as a whole. */
export const fileBytesRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  describe(app);
  app.get("/portal/downloadfile/:uuid", async (c) => {
    c.set("routePath", PORTAL);
    const uuid = c.req.param("uuid");
    if (!isUuid(uuid)) throw new GatewayError("not_found");
    return serve(c, (wish) => c.var.gateway.files.openByUuid(uuid, wish, askerOf(c)));
  });
  app.get("/v1/files/:id/content", async (c) => {
    const { agency } = await admit(c, CONTENT, "dossiers:read");
    const id = c.req.param("id");
    return serve(c, (wish) => c.var.gateway.files.openUpload(agency, id, wish));
  });
  app.post(UPLOAD, upload);
};
