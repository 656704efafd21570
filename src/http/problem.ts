import { z } from "@hono/zod-openapi";
import { ERROR_CODES, ERRORS, type GatewayError } from "../../contracts/errors.ts";
import type { Language } from "../../contracts/text.ts";
import type { AppContext } from "./environment.ts";

/** RFC 9457 problem document (api section 1, "Errors"). */
export const problemSchema = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(ERROR_CODES),
    detail: z.string(),
    correlationId: z.string(),
    retry: z.enum(["never", "later", "same-key"]),
    errors: z.array(z.strictObject({ field: z.string(), code: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: "Problem" });

/** A problem document. */
export type Problem = z.infer<typeof problemSchema>;

/** An error as the caller sees it: rich inside, plain outside. */
export const problemOf = (error: GatewayError, language: Language, correlationId: string): Problem => {
  const { status, title, remedy, retry } = ERRORS[error.code];
  const { detail, errors } = error.evidence;
  return {
    type: `urn:lien-thong-gateway:problem:${error.code}`,
    title: title[language],
    status,
    code: error.code,
    detail: (detail ?? remedy)[language],
    correlationId,
    retry,
    ...(errors && {
      errors: errors.map(({ field, code, message }) => ({ field, code, message: message[language] })),
    }),
  };
};

/** Answers with a problem document. */
export const answerProblem = (c: AppContext, error: GatewayError): Response => {
  const problem = problemOf(error, c.var.language, c.var.correlationId);
  const { headers, retryAfterSeconds } = error.evidence;
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      "content-type": "application/problem+json; charset=utf-8",
      "content-language": c.var.language,
      "cache-control": "no-store",
      ...(retryAfterSeconds !== undefined && { "retry-after": String(Math.ceil(retryAfterSeconds)) }),
      ...headers,
    },
  });
};
