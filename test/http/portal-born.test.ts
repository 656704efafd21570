import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { dossierBody } from "../gateway-scene.ts";
import { type ApiScene, openApiScene } from "./api-scene.ts";
import { dossierCalls } from "./dossier-calls.ts";

let scene: ApiScene;
const { nextCode, put, exchangeOf, step, detail } = dossierCalls(() => scene);

beforeAll(async () => {
  scene = await openApiScene();
});
afterEach(() => scene.portal.dial.clear());
afterAll(() => scene.close());

test("a dossier born at the portal is told its status, by puts and by steps, and both of its codes find it", async () => {
  const code = nextCode();
  const portalCode = "G22.99-261119-000123";
  scene.portal.addPortalDossier({ MaHoSo: portalCode, MaTTHC: "2.000591" });
  const first = await put(code, { portalCode, origin: "national-portal", note: "Đã nhận hồ sơ" });
  expect(first.body.exchanges[0]?.operation).toBe("dossier.status");
  expect((await step(code, "e1")).status).toBe(202);
  await scene.drained();
  // The code of the portal need not be given again.
  expect((await put(code, { note: "Đang xử lý", status: "processing" })).body.exchanges[0]?.operation).toBe(
    "dossier.status",
  );
  await scene.drained();
  const born = scene.portal.state.portalDossiers.get(portalCode);
  expect(born?.statuses.map(({ data }) => [data.MaHoSoDonVi, data.NoiDung, data.TrangThai])).toEqual([
    [code, "Đã nhận hồ sơ", "2"],
    [code, "Thẩm định hồ sơ e1", "2"],
    [code, "Đang xử lý", "2"],
  ]);
  expect(scene.portal.state.dossiers.has(code)).toBe(false);
  for (const known of [code, portalCode]) expect((await detail(known)).code).toBe(code);
});

test("the origin alone is a tag: such a dossier is synced like any other", async () => {
  const code = nextCode();
  expect((await exchangeOf(code, { origin: "national-portal" }))?.operation).toBe("dossier.put");
  await scene.drained();
  expect(scene.portal.state.dossiers.has(code)).toBe(true);
});

test("a dossier keeps its portal code, and no other dossier can have it", async () => {
  const [code, other] = [nextCode(), nextCode()];
  const portalCode = "G22.99-261119-000124";
  scene.portal.addPortalDossier({ MaHoSo: portalCode, MaTTHC: "2.000591" });
  await put(code, { portalCode });
  const changed = await scene.call("PUT", `/v1/dossiers/${code}`, dossierBody({ portalCode: "G22.99-261119-000999" }));
  expect([changed.status, changed.body.code]).toEqual([409, "conflict"]);
  await scene.drained();
  const taken = await scene.storesNothing(() =>
    scene.call("PUT", `/v1/dossiers/${other}`, dossierBody({ portalCode })),
  );
  expect([taken.status, taken.body.code]).toEqual([409, "conflict"]);
});
