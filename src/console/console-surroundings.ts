import type { MiddlewareHandler } from "hono";
import type { AppEnvironment } from "../http/environment.ts";
import { faultPage } from "./pages/fault-page.ts";

/** The pages need one stylesheet, one picture and forms to ourselves. No script runs, whatever a platform's words hold. */
const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/**
 * What holds for every answer below `/console`: Vietnamese, a strict content policy, in no cache (unless the route says
 * otherwise), and a page in place of a problem document, which programs read and people do not.
 */
export const consoleSurroundings = (): MiddlewareHandler<AppEnvironment> =>
  async function consoleSurroundings(c, next) {
    c.set("language", "vi");
    await next();
    if (c.res.headers.get("content-type")?.startsWith("application/problem+json")) {
      const { status } = c.res;
      const page = await faultPage(status, c.var.correlationId);
      c.res = new Response(page.toString(), { status, headers: { "content-type": "text/html; charset=UTF-8" } });
    }
    c.res.headers.set("content-security-policy", POLICY);
    if (!c.res.headers.has("cache-control")) c.res.headers.set("cache-control", "no-store");
  };
