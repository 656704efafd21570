import { expect, test } from "vitest";
import { CONNECTOR_PATHS } from "../../contracts/platforms/national-portal/connector-v1.ts";
import { FACADE_BASE } from "../../mocks/national-portal/facade.ts";
import { PORTAL_DEFAULTS } from "../../mocks/national-portal/settings.ts";
import { CODE, hoSo, openScene, type Scene, tienDo, trangThai } from "./national-portal-scene.ts";

const JSON_TYPE = { "content-type": "application/json" };

/** How each face takes steps: the code of its answer, `"0"` or 200 where they were taken (national-portal sections 1.1 to 1.3). */
const FACES: Readonly<Record<string, (scene: Scene, steps: readonly object[]) => Promise<unknown>>> = {
  mapi: async ({ call }, data) => (await call("CapNhatTienDoHoSoMC", { data })).body["error_code"],
  "lgsp-facade": async ({ request }, steps) => {
    const headers = { ...JSON_TYPE, authorization: PORTAL_DEFAULTS.facadeAuthorization };
    const answer = await request(`${FACADE_BASE}/DongBoTienTrinh`, steps, headers);
    return ((await answer.json()) as { error_code: unknown }).error_code;
  },
  "connector-v1": async ({ request }, steps) => {
    const { clientId: client_id, clientSecret: client_secret } = PORTAL_DEFAULTS;
    const login = await request(CONNECTOR_PATHS.login, { client_id, client_secret }, JSON_TYPE);
    const { access_token } = (await login.json()) as { access_token: string };
    const inIts = steps.map((step) => ({
      ...step,
      TrangThai: Number((step as { TrangThai: string }).TrangThai),
      ThoiDiemXuLy: "2026-11-20T14:10:00.000",
      NgayBatDau: "",
      NgayKetThucTheoQuyDinh: "",
    }));
    const headers = { ...JSON_TYPE, authorization: `Bearer ${access_token}` };
    return (await request(CONNECTOR_PATHS.steps, inIts, headers)).status;
  },
};

const taken = (answer: unknown): boolean => answer === "0" || answer === 200;
const contents = ({ portal }: Scene): string[] =>
  portal.state.dossiers.get(CODE)?.steps.map(({ step }) => step.NoiDungXuLy) ?? [];
const named = (...names: readonly string[]) => names.map((NoiDungXuLy) => tienDo({ NoiDungXuLy }));

test.for(Object.entries(FACES))("%s takes several steps in a call, in their order", async ([, send]) => {
  const scene = openScene();
  await scene.create(hoSo());
  expect(taken(await send(scene, named("a", "b", "c")))).toBe(true);
  expect(taken(await send(scene, named("d")))).toBe(true);
  expect(contents(scene)).toEqual(["a", "b", "c", "d"]);
});

test.for(Object.entries(FACES))("%s refuses a whole packet for one bad step, wherever it stands", async ([, send]) => {
  const scene = openScene();
  await scene.create(hoSo());
  const bad = [tienDo({ NoiDungXuLy: "" }), tienDo({ TrangThai: "11" }), tienDo({ MaHoSo: "H04.15-261120-0999" })];
  for (const one of bad) {
    for (const packet of [
      [one, ...named("a", "b")],
      [...named("a"), one, ...named("b")],
      [...named("a", "b"), one],
    ])
      expect(taken(await send(scene, packet))).toBe(false);
  }
  expect(taken(await send(scene, []))).toBe(false);
  expect(contents(scene)).toEqual([]);
});

test.for(Object.entries(FACES))("%s takes ten steps in a call and not eleven", async ([, send]) => {
  const scene = openScene();
  await scene.create(hoSo());
  const eleven = named(...Array.from({ length: 11 }, (_, n) => `b${n}`));
  expect(taken(await send(scene, eleven))).toBe(false);
  expect(contents(scene)).toEqual([]);
  expect(taken(await send(scene, eleven.slice(1)))).toBe(true);
  expect(contents(scene)).toHaveLength(10);
});

test("the papers of a status are looked at like submitted files", async () => {
  const scene = openScene();
  scene.portal.addPortalDossier({ MaHoSo: String(trangThai()["MaHoSo"]), MaTTHC: "2.000591" });
  const [paper] = hoSo().TaiLieuNop;
  const send = async (TaiLieuXuLy: unknown) =>
    (await scene.call("DongBoTrangThaiHoSo", { type: "2", data: trangThai({ TaiLieuXuLy }) })).body["error_code"];
  for (const wrong of [
    "x",
    [{ ...paper, DuongDanTaiTepTin: "khong-phai-dia-chi" }],
    [{ ...paper, IsDeleted: "no" }],
    [{ ...paper, DuocTaiSuDung: "7" }],
    [paper, 5],
  ])
    expect([wrong, await send(wrong)]).toEqual([wrong, "3"]);
  expect(await send([paper, paper])).toBe("0");
});
