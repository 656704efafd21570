import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "../../src/database/sql.ts";
import { dossierBody } from "../gateway-scene.ts";
import { type ApiScene, codeOf, openApiScene } from "./api-scene.ts";

let scene: ApiScene;

beforeAll(async () => {
  scene = await openApiScene({ dispatch: false });
});
afterAll(() => scene.close());

test("the process says that it lives and that it can serve, to anyone", async () => {
  const live = await scene.send<object>("/healthz");
  const ready = await scene.send<object>("/readyz");
  expect([live.status, live.body]).toEqual([200, { status: "live" }]);
  expect([ready.status, ready.body]).toEqual([200, { status: "ready" }]);
});

test("the figures count requests by route, never by address, and show the backlog", async () => {
  await scene.call("PUT", `/v1/dossiers/${codeOf(1)}`, dossierBody());
  await scene.call("GET", `/v1/dossiers/${codeOf(1)}`);
  await scene.call("GET", "/v1/dossiers?q=001199000001");
  await scene.call("GET", "/v1/nowhere/001199000001");
  const { status, headers, text } = await scene.send("/metrics");
  expect(status).toBe(200);
  expect(headers.get("content-type")).toMatch(/^text\/plain/u);
  expect(text).toMatch(
    /gateway_http_request_seconds_count\{method="PUT",route="\/v1\/dossiers\/\{code\}",status="202"\} 1/u,
  );
  expect(text).toMatch(/gateway_ledger_unsettled\{platform="national-portal",state="queued"\} 1/u);
  expect(text).not.toMatch(/001199000001|nowhere|H04\.15/u);
});

test("without its migrations the gateway lives and is not ready", async () => {
  await scene.database.execute(sql`alter schema drizzle rename to elsewhere`);
  try {
    const answer = await scene.send<object>("/readyz");
    expect([answer.status, answer.body]).toEqual([503, { status: "unavailable", reason: "migrations" }]);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await scene.send("/healthz")).status).toBe(200);
  } finally {
    await scene.database.execute(sql`alter schema elsewhere rename to drizzle`);
  }
});
