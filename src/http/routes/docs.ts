import type { OpenAPIHono } from "@hono/zod-openapi";
import { html } from "hono/html";
import type { AppEnvironment } from "../environment.ts";

/** The documentation page's own script, served by us: nothing is loaded from elsewhere. Null where it is not bundled. */
export type DocsScript = string | null;

const DESCRIPTION = {
  openapi: "3.1.0",
  info: {
    title: "Liên Thông Gateway",
    version: "1",
    description: "One API for the one-stop software of a province, and behind it every national platform.",
    license: { name: "Apache-2.0", identifier: "Apache-2.0" },
  },
  servers: [{ url: "/" }],
};

const registerComponents = (app: OpenAPIHono<AppEnvironment>): void => {
  app.openAPIRegistry.registerComponent("securitySchemes", "oauth", {
    type: "oauth2",
    flows: { clientCredentials: { tokenUrl: "/oauth/token", scopes: {} } },
  });
  app.openAPIRegistry.registerComponent("parameters", "IdempotencyKey", {
    name: "Idempotency-Key",
    in: "header",
    required: false,
    description: "The same key with the same request gives the first answer again for 30 days.",
    schema: { type: "string", minLength: 1, maxLength: 255 },
  });
};

// RapiDoc styles its shadow trees inline; scripts come from us alone.
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** `/openapi.json` and `/docs`. Called last: the description holds what was registered before. */
export const docsRoutes = (app: OpenAPIHono<AppEnvironment>, script: DocsScript): void => {
  registerComponents(app);
  let description: string | undefined;
  app.get("/openapi.json", (c) => {
    c.set("routePath", "/openapi.json");
    description ??= JSON.stringify(app.getOpenAPI31Document(DESCRIPTION));
    return c.body(description, 200, { "content-type": "application/json; charset=utf-8" });
  });
  if (script === null) {
    app.get("/docs", (c) => c.redirect("/openapi.json"));
    return;
  }
  app.get("/docs/rapidoc.js", (c) => {
    c.set("routePath", "/docs/rapidoc.js");
    return c.body(script, 200, {
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": "public, max-age=86400",
    });
  });
  app.get("/docs", (c) => {
    c.set("routePath", "/docs");
    c.header("content-security-policy", POLICY);
    return c.html(html`<!doctype html>
<html lang="vi">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Liên Thông Gateway: API</title>
    <script type="module" src="/docs/rapidoc.js"></script>
  </head>
  <body>
    <rapi-doc spec-url="/openapi.json" load-fonts="false" render-style="read" show-header="false"
      allow-server-selection="false" regular-font="system-ui, sans-serif" mono-font="ui-monospace, monospace"
      theme="light" primary-color="#8a1c1c"></rapi-doc>
  </body>
</html>`);
  });
};
