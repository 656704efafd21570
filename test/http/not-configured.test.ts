import { afterAll, beforeAll, expect, test } from "vitest";
import { dossierBody, eventBody } from "../gateway-scene.ts";
import { type ApiScene, codeOf, openApiScene } from "./api-scene.ts";

let scene: ApiScene;
const path = `/v1/dossiers/${codeOf(1)}`;

beforeAll(async () => {
  scene = await openApiScene({ portal: false, dispatch: false });
});
afterAll(() => scene.close());

test.for([
  ["PUT", path, dossierBody()],
  ["PUT", `${path}?known=true`, dossierBody()],
  ["POST", `${path}/events`, eventBody("e1")],
] as const)(
  "without the portal %s %s answers that it is not configured, and stores nothing",
  async ([method, target, body]) => {
    const headers = { "idempotency-key": "k1" };
    const answer = await scene.storesNothing(() => scene.call(method, target, body, { headers }));
    expect([answer.status, answer.body.code, answer.body.retry]).toEqual([503, "not_configured", "later"]);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(answer.body.detail).toContain("NATIONAL_PORTAL_URL");
  },
);

test("a call that is at fault itself hears of that first", async () => {
  expect((await scene.call("PUT", path, dossierBody({ status: "x" }))).status).toBe(400);
  expect((await scene.call("PUT", path, dossierBody(), { client: "reader" })).status).toBe(403);
});

test("everything that needs no platform goes on", async () => {
  for (const target of ["/v1/dossiers", "/v1/dossiers/counts", "/v1/ledger", "/v1/ledger/summary"]) {
    expect([target, (await scene.call("GET", target)).status]).toEqual([target, 200]);
  }
  expect((await scene.call("GET", path)).status).toBe(404);
  expect((await scene.send("/readyz")).status).toBe(200);
});
