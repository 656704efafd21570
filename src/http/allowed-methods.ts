import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnvironment } from "./environment.ts";

const METHODS = ["GET", "HEAD", "PUT", "POST", "DELETE"] as const;

/** The methods that some route answers at this path; none: there is no such path. Middleware stands at every path and does not count. */
export const allowedMethods = (app: OpenAPIHono<AppEnvironment>, path: string): string[] =>
  METHODS.filter((method) => {
    const asked = method === "HEAD" ? "GET" : method;
    const [handlers] = app.router.match(asked, path);
    return handlers.some(([handler]) => handler[1].method === asked);
  });
