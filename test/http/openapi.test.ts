import { afterAll, beforeAll, expect, test } from "vitest";
import { dossierBody } from "../gateway-scene.ts";
import { createAnswerCheck, describedPath, type ReadAnswer } from "./answer-check.ts";
import { type ApiScene, codeOf, openApiScene } from "./api-scene.ts";

let scene: ApiScene;

beforeAll(async () => {
  scene = await openApiScene({ dispatch: false });
});
afterAll(() => scene.close());

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** Every `$ref` inside a document. */
const references = (value: unknown): string[] => {
  if (!isRecord(value)) return [];
  const own = typeof value["$ref"] === "string" ? [value["$ref"]] : [];
  return [...own, ...Object.values(value).flatMap(references)];
};

const target = (document: unknown, reference: string): unknown =>
  reference
    .slice(2)
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<unknown>((place, step) => (isRecord(place) ? place[step] : undefined), document);

test("the description is OpenAPI 3.1 and every reference in it leads somewhere", () => {
  expect(scene.description.openapi).toBe("3.1.0");
  const found = [...new Set(references(scene.description))];
  expect(found.length).toBeGreaterThan(5);
  expect(found.filter((reference) => !reference.startsWith("#/"))).toEqual([]);
  expect(found.filter((reference) => target(scene.description, reference) === undefined)).toEqual([]);
});

test("no two paths of the description differ only in the name of a parameter, and each names its parameters", () => {
  const templates = Object.keys(scene.description.paths);
  const shapes = templates.map((template) => template.replaceAll(/\{\w+\}/gu, "{}"));
  expect(new Set(shapes).size).toBe(templates.length);
  for (const [template, operations] of Object.entries(scene.description.paths)) {
    for (const operation of Object.values(operations)) {
      const { parameters = [] } = operation as { parameters?: { in?: string; name?: string }[] };
      const named = parameters.filter((parameter) => parameter.in === "path").map(({ name }) => `{${name}}`);
      expect(named).toEqual(template.match(/\{\w+\}/gu) ?? []);
    }
  }
});

test("the description says of every route what it may answer", () => {
  const answers = Object.entries(scene.description.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { responses }]) => [
      `${method} ${path}`,
      Object.keys(responses).join(" "),
    ]),
  );
  expect(Object.fromEntries(answers)).toMatchObject({
    "get /.well-known/jwks.json": "200",
    "get /healthz": "200",
    "get /metrics": "200",
    "get /readyz": "200 503",
    "get /v1/dossiers": "200 400 401 403 429 500 503",
    "get /v1/dossiers/counts": "200 400 401 403 429 500 503",
    "get /v1/dossiers/{code}": "200 400 401 403 404 429 500 503",
    "get /v1/ledger": "200 400 401 403 429 500 503",
    "get /v1/ledger/summary": "200 400 401 403 429 500 503",
    "get /v1/ledger/{id}": "200 400 401 403 404 429 500 503",
    "post /oauth/token": "200 400 401 503",
    "post /v1/dossiers/{code}/events": "202 400 401 403 404 409 413 415 422 429 500 503",
    "post /v1/ledger/{id}/cancel": "200 400 401 403 404 409 413 415 422 429 500 503",
    "post /v1/ledger/{id}/retry": "202 400 401 403 404 409 422 429 500 503",
    "put /v1/dossiers/{code}": "202 400 401 403 409 413 415 422 429 500 503",
  });
});

const statusWithoutToken = (template: string): number => {
  if (template === "/oauth/token") return 400;
  // The link to a file is all that opens it: there is no token to ask for.
  if (template.endsWith("{uuid}")) return 404;
  if (template.endsWith("{platform}")) return 404;
  // Without a secret nobody can say whether a report is genuine; VNPay has its own code for that, within a 200.
  if (/^\/callbacks\/payments\/(?:payment-platform|keypay)$/u.test(template)) return 503;
  return /^\/(?:v1|portal)\//u.test(template) ? 401 : 200;
};

test("every described route is served: without a token it asks for one, and is never unknown", async () => {
  for (const [template, operations] of Object.entries(scene.description.paths)) {
    for (const method of Object.keys(operations)) {
      const path = template.replace("{code}", codeOf(1)).replace(/\{(?:id|uuid)\}/u, "1");
      const { status } = await scene.call(method.toUpperCase(), path, undefined, { token: null });
      expect([`${method} ${template}`, status]).toEqual([`${method} ${template}`, statusWithoutToken(template)]);
    }
  }
});

test("a literal path wins over one with a parameter", () => {
  expect(describedPath(scene.description, "/v1/dossiers/counts")).toBe("/v1/dossiers/counts");
  expect(describedPath(scene.description, `/v1/dossiers/${codeOf(1)}`)).toBe("/v1/dossiers/{code}");
  expect(describedPath(scene.description, "/v1/dossiers/a/b")).toBeUndefined();
});

test("the check of answers catches an extra field, a missing one, a wrong type, another status and another media type", async () => {
  const path = `/v1/dossiers/${codeOf(2)}`;
  const good = await scene.call("PUT", path, dossierBody());
  const check = createAnswerCheck(scene.description);
  const bodyOf = (change: object): ReadAnswer => ({ ...good, text: JSON.stringify({ ...good.body, ...change }) });
  expect(() => check("PUT", path, good)).not.toThrow();
  expect(() => check("PUT", path, bodyOf({ surprise: 1 }))).toThrow(/additional properties/u);
  expect(() => check("PUT", path, bodyOf({ warnings: undefined }))).toThrow(/required property 'warnings'/u);
  expect(() => check("PUT", path, bodyOf({ dossierCode: 7 }))).toThrow(/must be string/u);
  expect(() => check("PUT", path, bodyOf({ exchanges: [{ ...{ id: "1" } }] }))).toThrow(
    /required property 'platform'/u,
  );
  expect(() => check("PUT", path, { ...good, status: 201 })).toThrow(/status is not described/u);
  const html = { ...good, headers: new Headers({ "content-type": "text/html" }) };
  expect(() => check("PUT", path, html)).toThrow(/media type is not described/u);
  expect(() => check("GET", "/nowhere", good)).toThrow(/neither described nor a problem/u);
});

test("moments in answers are checked as RFC 3339 moments", async () => {
  const path = `/v1/dossiers/${codeOf(3)}`;
  await scene.call("PUT", path, dossierBody());
  const list = await scene.call<{ items: object[]; next: null }>("GET", "/v1/dossiers");
  const check = createAnswerCheck(scene.description);
  const items = list.body.items.map((item) => ({ ...item, receivedAt: "2026-11-20 09:15:00" }));
  expect(() => check("GET", "/v1/dossiers", { ...list, text: JSON.stringify({ ...list.body, items }) })).toThrow(
    /date-time/u,
  );
});

test("the documentation page loads nothing from anywhere else", async () => {
  const page = await scene.app.request("/docs");
  const html = await page.text();
  expect(page.status).toBe(200);
  expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//u);
  const policy = page.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/https?:|\*|unsafe-eval/u);
});
