import { afterAll, beforeAll, expect, test } from "vitest";
import { dossierBody, eventBody, type GatewayScene, openGatewayScene } from "./gateway-scene.ts";

let scene: GatewayScene;

beforeAll(async () => {
  scene = await openGatewayScene();
});
afterAll(() => scene.close());

test("a dossier and its steps reach the portal in order, and the ledger shows that they did", async () => {
  const code = "H04.15-261120-0001";
  expect((await scene.request("PUT", `/v1/dossiers/${code}`, dossierBody())).status).toBe(202);
  for (const n of [1, 2, 3]) {
    expect((await scene.request("POST", `/v1/dossiers/${code}/events`, eventBody(`e${n}`))).status).toBe(202);
  }
  await scene.drained();
  const held = scene.portal.state.dossiers.get(code);
  expect(held?.hoSo.ChuHoSo).toBe("Trần Thị Ví Dụ");
  expect(held?.steps.map((step) => step.step.NoiDungXuLy)).toEqual([1, 2, 3].map((n) => `Thẩm định hồ sơ e${n}`));
  const ledger = await (await scene.request("GET", `/v1/ledger?dossierCode=${code}`)).json();
  expect(ledger).toMatchObject({ items: [{ state: "delivered" }, {}, {}, { operation: "dossier.put" }], next: null });
});
