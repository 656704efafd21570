import type { MiddlewareHandler } from "hono";
import type { AppEnvironment } from "./environment.ts";

const HEADER = "X-Correlation-Id";
const ACCEPTABLE = /^[A-Za-z0-9._:/+=-]{1,128}$/u;

/** Takes the caller's correlation id if it is harmless, else makes one; every answer carries it. */
export const correlation = (newId: () => string = () => crypto.randomUUID()): MiddlewareHandler<AppEnvironment> =>
  async function correlation(c, next) {
    const given = c.req.header(HEADER);
    const id = given !== undefined && ACCEPTABLE.test(given) ? given : newId();
    c.set("correlationId", id);
    await next();
    c.res.headers.set(HEADER, id);
  };
