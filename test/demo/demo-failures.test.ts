import { afterAll, beforeAll, expect, test } from "vitest";
import { createGatewayClient } from "../../mocks/demo/gateway-client.ts";
import { atRest, readUndelivered, waitUntilAtRest } from "../../mocks/demo/watch-ledger.ts";
import { dossierBody, eventBody, type GatewayScene, openGatewayScene } from "../gateway-scene.ts";

const CODE = "H04.15-261120-0001";

let scene: GatewayScene;

beforeAll(async () => {
  scene = await openGatewayScene();
});
afterAll(() => scene.close());

test("waiting ends when all that is left has failed or stands behind what failed", async () => {
  scene.portal.dial.set([{ fault: "error-body", service: "DongBoHoSoMC", code: "-3", message: "Sai đơn vị" }]);
  const gateway = createGatewayClient(
    {
      gatewayUrl: "http://gateway.test",
      client: "province",
      secret: "province-secret",
      simulatorUrl: "",
      pushKey: "k",
    },
    {
      fetch: async (url, init) => scene.app.request(url.replace("http://gateway.test", ""), init),
      wait: () => new Promise((resolve) => setTimeout(resolve, 20)),
      elapsed: () => performance.now(),
      onTrouble: () => undefined,
    },
  );
  await gateway.call({ method: "PUT", path: `/v1/dossiers/${CODE}`, body: dossierBody() });
  await gateway.call({ method: "POST", path: `/v1/dossiers/${CODE}/events`, body: eventBody("e1") });
  const sums = await waitUntilAtRest(gateway, new Set([CODE]), {
    pauseMs: 20,
    patienceMs: 10_000,
    wait: () => new Promise((resolve) => setTimeout(resolve, 20)),
    elapsed: () => performance.now(),
    onSums: () => undefined,
  });
  expect(sums).toMatchObject({ accepted: 2, failed: 1, pending: 1 });
  const left = await readUndelivered(gateway, new Set([CODE]));
  const failed = left.find(({ state }) => state === "failed");
  expect(failed).toMatchObject({ operation: "dossier.put", error: { code: "upstream_rejected", platformCode: "-3" } });
  expect(left.find(({ operation }) => operation === "dossier.step")).toMatchObject({ blockedBy: failed?.id });
  expect(await readUndelivered(gateway, new Set(["H04.15-261120-0002"]))).toEqual([]);

  // What a person gave up never arrived either.
  const step = left.find(({ operation }) => operation === "dossier.step");
  await gateway.call({ method: "POST", path: `/v1/ledger/${step?.id}/cancel`, body: { reason: "mistake" } });
  const after = await readUndelivered(gateway, new Set([CODE]));
  expect(after.map(({ state }) => state).toSorted()).toEqual(["cancelled", "failed"]);
  expect(after.every(atRest)).toBe(true);
});
