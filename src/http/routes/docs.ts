import type { OpenAPIHono } from "@hono/zod-openapi";
import { html } from "hono/html";
import type { AppEnvironment } from "../environment.ts";

/** Swagger UI's own files, served by us: nothing is loaded from elsewhere. Where they are not bundled there is no page. */
export interface DocsAssets {
  readonly script: string;
  readonly style: string;
}

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

// Swagger UI sets styles from its script and draws its icons from data: addresses; scripts come from us alone.
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const BEGIN = `window.addEventListener("load", () => {
  SwaggerUIBundle({ url: "/openapi.json", dom_id: "#docs", deepLinking: true, validatorUrl: null });
});`;

const page = html`<!doctype html>
<html lang="vi">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Liên Thông Gateway: API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css">
    <script src="/docs/swagger-ui.js"></script>
    <script src="/docs/begin.js"></script>
  </head>
  <body><div id="docs"></div></body>
</html>`;

const serveAsset = (app: OpenAPIHono<AppEnvironment>, path: string, type: string, content: string): void => {
  app.get(path, (c) => {
    c.set("routePath", path);
    return c.body(content, 200, { "content-type": `${type}; charset=utf-8`, "cache-control": "public, max-age=86400" });
  });
};

/** `/openapi.json` and `/docs`. Called last: the description holds what was registered before. */
export const docsRoutes = (app: OpenAPIHono<AppEnvironment>, assets: DocsAssets | null): void => {
  registerComponents(app);
  let description: string | undefined;
  app.get("/openapi.json", (c) => {
    c.set("routePath", "/openapi.json");
    description ??= JSON.stringify(app.getOpenAPI31Document(DESCRIPTION));
    return c.body(description, 200, { "content-type": "application/json; charset=utf-8" });
  });
  if (assets === null) {
    app.get("/docs", (c) => c.redirect("/openapi.json"));
    return;
  }
  serveAsset(app, "/docs/swagger-ui.js", "text/javascript", assets.script);
  serveAsset(app, "/docs/swagger-ui.css", "text/css", assets.style);
  serveAsset(app, "/docs/begin.js", "text/javascript", BEGIN);
  app.get("/docs", (c) => {
    c.set("routePath", "/docs");
    c.header("content-security-policy", POLICY);
    return c.html(page);
  });
};
