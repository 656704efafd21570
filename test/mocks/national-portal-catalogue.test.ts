import { expect, test } from "vitest";
import { openScene } from "./national-portal-scene.ts";

const read = async (scene: ReturnType<typeof openScene>, maTTHC: string) =>
  ((await scene.call("LayThuTuc", { maTTHC })).body["result"] as Record<string, unknown>[])[0];

test("the four notifications end without a document, the other procedures with one", async () => {
  const scene = openScene();
  const list = (await scene.call("LayDanhSachTTHC", {})).body["result"] as { MATTHC: string }[];
  const rows = await Promise.all(list.map(({ MATTHC }) => read(scene, MATTHC)));
  const without = rows.filter((row) => (row?.["KETQUATHUCHIEN"] as unknown[] | undefined)?.length === 0);
  expect(without.map((row) => row?.["MATTHC"]).sort()).toEqual(["1.013001", "2.000033", "2.000609", "2.001474"]);
});

test("the catalogue is changed and withdrawn from outside, and refuses a code of no known shape", async () => {
  const scene = openScene();
  const post = (body: unknown) =>
    scene.portal.app.request("/__simulator/procedures", { method: "POST", body: JSON.stringify(body) });
  expect((await post({ code: "1.009999", change: { TENTTHC: "Thủ tục mới" } })).status).toBe(200);
  expect(await read(scene, "1.009999")).toMatchObject({ MATTHC: "1.009999", TENTTHC: "Thủ tục mới" });
  expect((await scene.call("LayDanhSachTTHC", {})).body["result"]).toHaveLength(10);
  expect((await post({ code: "1.009999", withdrawn: true })).status).toBe(200);
  expect(await read(scene, "1.009999")).toBeUndefined();
  expect((await scene.call("LayDanhSachTTHC", {})).body["result"]).toHaveLength(9);
  expect((await post({ code: "noi-bo", change: {} })).status).toBe(400);
  expect((await post([])).status).toBe(400);
});

test("the keys of both services come in another case when the dial says so", async () => {
  const scene = openScene();
  await scene.login();
  for (const service of ["LayThuTuc", "LayDanhSachTTHC"]) {
    scene.portal.dial.add([{ fault: "key-case", form: "lower", service }]);
  }
  const row = (await scene.call("LayThuTuc", { maTTHC: "2.000648" })).body["result"] as Record<string, unknown>[];
  expect(row[0]).toMatchObject({ matthc: "2.000648", cachthucthuchien: [{ kenh: "1" }, { kenh: "2" }, { kenh: "3" }] });
  const list = (await scene.call("LayDanhSachTTHC", {})).body["result"] as Record<string, unknown>[];
  expect(list[0]).toEqual({ matthc: expect.any(String), tentthc: expect.any(String) });
});
