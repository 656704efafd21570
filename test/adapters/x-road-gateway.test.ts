import { afterAll, beforeAll, expect, test } from "vitest";
import { serve } from "../../mocks/server.ts";
import { createSecurityServer, type SecurityServer } from "../../mocks/x-road/create-security-server.ts";
import { dossierBody, type GatewayScene, openGatewayScene } from "../gateway-scene.ts";

const CONSUMER = "VN/GOV/000.00.00.H04/LGSP";
const SERVICE = "VN/GOV/000.00.00.G22/DVCQG/mapi";
const CODE = "H04.15-261120-0901";

let scene: GatewayScene;
let security: SecurityServer;
let stop: () => Promise<void>;

beforeAll(async () => {
  const portal = { fetch: (request: Request) => scene.portal.app.fetch(request) };
  security = createSecurityServer({
    clients: [CONSUMER],
    services: { [SERVICE]: { app: portal, base: "" } },
    newId: () => crypto.randomUUID(),
  });
  const served = await serve(security.app);
  stop = served.close;
  scene = await openGatewayScene({
    settings: {
      // Nobody answers there: only the security server knows the way.
      NATIONAL_PORTAL_URL: "http://portal.invalid",
      NATIONAL_PORTAL_XROAD_SERVER: served.url,
      NATIONAL_PORTAL_XROAD_CONSUMER: CONSUMER,
      NATIONAL_PORTAL_XROAD_SERVICES: JSON.stringify({ "http://portal.invalid": SERVICE }),
    },
  });
});
afterAll(async () => {
  await scene.close();
  await stop();
});

const entries = async () => {
  const answer = await scene.request("GET", `/v1/ledger?subject=${CODE}`);
  return ((await answer.json()) as { items: { id: string; state: string }[] }).items;
};

test("a platform that is set up so is reached through X-Road alone, and a refusal there is the entry's cause", async () => {
  security.misbehave({ error: "Server.ServerProxy.AccessDenied" });
  const put = await scene.request("PUT", `/v1/dossiers/${CODE}`, dossierBody(), {
    headers: { "idempotency-key": "x-road-1" },
  });
  expect(put.status).toBe(202);
  await scene.drained();
  const [failed] = await entries();
  expect(failed).toMatchObject({ state: "failed" });
  const shown = await (await scene.request("GET", `/v1/ledger/${failed?.id}`)).text();
  expect(shown).toContain("Server.ServerProxy.AccessDenied");

  security.misbehave(null);
  const retry = await scene.request("POST", `/v1/ledger/${failed?.id}/retry`, undefined, {
    headers: { "idempotency-key": "x-road-2" },
  });
  expect(retry.status).toBeLessThan(300);
  await scene.drained();
  expect((await entries()).map(({ state }) => state)).toEqual(["delivered"]);
  expect(scene.portal.state.dossiers.has(CODE)).toBe(true);
  const ids = security.calls.map(({ headers }) => headers.get("x-road-id"));
  expect(ids.every((id) => /^[0-9a-f]{8}-[0-9a-f-]{27}$/u.test(id ?? ""))).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
});
