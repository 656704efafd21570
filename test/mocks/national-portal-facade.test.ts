import { describe, expect, test } from "vitest";
import { FACADE_BASE, FACADE_ONE_ADDRESS } from "../../mocks/national-portal/facade.ts";
import { PORTAL_DEFAULTS } from "../../mocks/national-portal/settings.ts";
import { CODE, hoSo, openScene, PORTAL_CODE, type Scene, tienDo, trangThai } from "./national-portal-scene.ts";

const HEADERS = { "content-type": "application/json", authorization: PORTAL_DEFAULTS.facadeAuthorization };

const write = async ({ request }: Scene, path: string, body: unknown, headers: Record<string, string> = HEADERS) => {
  const response = await request(path.startsWith("/") ? path : `${FACADE_BASE}/${path}`, body, headers);
  return { status: response.status, ...((await response.json()) as { error_code: string; message: string }) };
};

const read = async ({ portal }: Scene, path: string) => {
  const response = await portal.app.request(`${FACADE_BASE}/${path}`, { headers: HEADERS });
  return (await response.json()) as { error_code: string; message: string; result?: unknown };
};

describe("the façade of the portal", () => {
  test("takes bare lists, one address per operation, and fills the same portal as shape A", async () => {
    const scene = openScene();
    expect(await write(scene, "ThemMoi", [hoSo()])).toEqual({
      status: 200,
      error_code: "0",
      message: "Đồng bộ hồ sơ thành công",
    });
    expect(await write(scene, "CapNhat", [hoSo({ GhiChu: "mới" })])).toMatchObject({ error_code: "0" });
    expect(await write(scene, "DongBoTienTrinh", [tienDo()])).toMatchObject({ error_code: "0" });
    const held = scene.portal.state.dossiers.get(CODE);
    expect(held).toMatchObject({ updates: 1, status: "4", hoSo: { GhiChu: "mới" } });
    const found = await scene.call("TraCuuHoSo", { mahoso: CODE });
    expect(found.body["result"]).toEqual([{ MAHOSO: CODE }]);
  });

  test("tells adding from updating by the address, or by the query of an address for both", async () => {
    const scene = openScene();
    const both = (updating: string) =>
      write(scene, `${FACADE_ONE_ADDRESS}?MaDinhDanhDV=${PORTAL_DEFAULTS.madonvi}&isUpdating=${updating}`, [hoSo()]);
    expect(await both("True")).toMatchObject({ error_code: "3" });
    expect(await both("False")).toMatchObject({ error_code: "0" });
    expect(await both("False")).toMatchObject({ error_code: "-3", message: `Hồ sơ ${CODE} đã tồn tại` });
    expect(await both("True")).toMatchObject({ error_code: "0" });
    expect(await both("yes")).toMatchObject({ error_code: "3" });
    expect(await write(scene, "ThemMoi", [hoSo()])).toMatchObject({ error_code: "-3" });
  });

  test("answers a read with the answer of shape A as text inside message", async () => {
    const scene = openScene();
    const { error_code, message, result } = await read(scene, "LayThuTuc?maTTHC=2.000591");
    expect({ error_code, result }).toEqual({ error_code: "0", result: undefined });
    expect(JSON.parse(message)).toMatchObject({
      error_code: "0",
      result: [{ MATTHC: "2.000591", LINHVUCTHUCHIEN: [{ MALINHVUC: "G02-AT01" }] }],
    });
    const unknown = await read(openScene({ unknownProcedures: ["2.000591"] }), "LayThuTuc?maTTHC=2.000591");
    expect(JSON.parse(unknown.message)).toEqual({ error_code: "0", message: "", result: [] });
    expect(await read(scene, "LayThuTuc")).toMatchObject({ error_code: "-1", message: "Thiếu tham số maTTHC" });
  });

  test("takes the status of a dossier born on the portal as one bare object", async () => {
    const scene = openScene();
    scene.portal.addPortalDossier({ MaHoSo: PORTAL_CODE, MaTTHC: "2.000033" });
    expect(await write(scene, "DongBoTrangThaiHoSoKM", trangThai())).toMatchObject({ error_code: "0" });
    expect(await write(scene, "DongBoTrangThaiHoSoKM", [trangThai()])).toMatchObject({ error_code: "3" });
    expect(scene.portal.state.portalDossiers.get(PORTAL_CODE)?.statuses).toHaveLength(1);
  });

  test("turns away who has not the right Authorization, and asks for none where none is set up", async () => {
    const json = { "content-type": "application/json" };
    for (const headers of [json, { ...json, authorization: "Bearer la" }]) {
      expect(await write(openScene(), "ThemMoi", [hoSo()], headers)).toMatchObject({ status: 401, error_code: "-1" });
    }
    const open = openScene({ facadeAuthorization: "" });
    expect(await write(open, "ThemMoi", [hoSo()], json)).toMatchObject({ status: 200, error_code: "0" });
  });

  test.each([
    ["an envelope in the place of the list", { data: [hoSo()] }],
    ["an empty list", []],
    ["half a JSON", '[{"MaHoSo":'],
    ["a field too long", [hoSo({ TrichYeuHoSo: "a".repeat(1001) })]],
    ["a time in another form", [hoSo({ NgayTiepNhan: "2026-11-20" })]],
    ["two dossiers of which one is wrong", [hoSo(), hoSo({ MaHoSo: "x" })]],
  ])("refuses %s, without effect", async (_, body) => {
    const scene = openScene();
    expect((await write(scene, "ThemMoi", body)).error_code).toMatch(/^-?[13]$/u);
    expect(scene.portal.state.counts.dossiers).toBe(0);
  });

  test("is spoilt by the dial under its own names", async () => {
    const scene = openScene();
    scene.portal.dial.set({ fault: "http-status", status: 503, service: "ThemMoi", times: 1 });
    expect((await scene.request(`${FACADE_BASE}/ThemMoi`, [hoSo()], HEADERS)).status).toBe(503);
    scene.portal.dial.set({ fault: "truncated", service: "ThemMoi", times: 1 });
    const cut = await (await scene.request(`${FACADE_BASE}/ThemMoi`, [hoSo()], HEADERS)).text();
    expect(() => JSON.parse(cut)).toThrow();
    expect(scene.portal.state.counts.dossiers).toBe(1);
    expect(scene.portal.calls.count("fault:http-status", "ThemMoi")).toBe(1);
  });
});
