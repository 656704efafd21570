import { expect, test } from "vitest";
import { CODE, hoSo, openScene, type Scene, tienDo } from "./national-portal-scene.ts";

const HOSTILE = `<script>alert("x")</script>&'`;
const ESCAPED = "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;&#39;";

const page = async ({ portal }: Scene, path: string): Promise<string> => (await portal.app.request(path)).text();

const submit = ({ portal }: Scene, path: string, form: Record<string, string>): Promise<Response> =>
  Promise.resolve(portal.app.request(path, { method: "POST", body: new URLSearchParams(form) }));

test("the first page shows counts, the latest dossiers and the last calls with their outcomes", async () => {
  const scene = openScene();
  await scene.create(hoSo());
  await scene.step(tienDo());
  await scene.create(hoSo());
  const text = await page(scene, "/");
  expect(text).toContain('<html lang="vi">');
  expect(text).toContain("1 hồ sơ, 1 bước xử lý (0 bước lặp lại)");
  expect(text).toContain(`<a href="/dossiers/${CODE}">${CODE}</a>`);
  expect(text).toContain("4 – Đang xử lý");
  expect(text).toContain("<td>exists</td>");
});

test("a dossier's page shows its steps in order of arrival and its latest object", async () => {
  const scene = openScene();
  await scene.create(hoSo());
  await scene.step(tienDo({ NoiDungXuLy: "Bước một" }), tienDo({ NoiDungXuLy: "Bước hai", TrangThai: "9" }));
  await scene.update(hoSo({ GhiChu: "Bản mới nhất" }));
  const text = await page(scene, `/dossiers/${CODE}`);
  expect(text.indexOf("Bước một")).toBeGreaterThan(0);
  expect(text.indexOf("Bước hai")).toBeGreaterThan(text.indexOf("Bước một"));
  expect(text).toContain("&quot;GhiChu&quot;: &quot;Bản mới nhất&quot;");
  expect((await scene.portal.app.request("/dossiers/khong-co")).status).toBe(404);
});

test("names and contents that hold HTML are shown as text on both pages", async () => {
  const scene = openScene();
  await scene.create(hoSo({ ChuHoSo: HOSTILE }));
  await scene.step(tienDo({ NguoiXuLy: HOSTILE, NoiDungXuLy: HOSTILE }));
  await scene.call("TraCuuHoSo", { mahoso: HOSTILE });
  scene.portal.dial.set({ fault: "error-body", message: HOSTILE });
  const texts = [await page(scene, "/"), await page(scene, `/dossiers/${CODE}`)];
  for (const text of texts) {
    expect(text).not.toContain("<script");
    expect(text).toContain(ESCAPED);
  }
});

test("the pages need nothing from elsewhere and no script", async () => {
  const scene = openScene();
  await scene.create(hoSo({ TaiLieuNop: [] }));
  for (const text of [await page(scene, "/"), await page(scene, `/dossiers/${CODE}`)])
    expect(text).not.toMatch(/<script|https?:\/\/|<link|<img/u);
});

test("the form sets a fault and clears all of them, then shows the first page again", async () => {
  const scene = openScene();
  const set = await submit(scene, "/__simulator/page/dial", { preset: "http-500", service: "LayThuTuc", times: "3" });
  expect([set.status, set.headers.get("location")]).toEqual([303, "/"]);
  await submit(scene, "/__simulator/page/dial", { preset: "close-after", service: "", times: "" });
  expect(scene.portal.dial.rules.map(({ rule }) => rule)).toEqual([
    { fault: "http-status", status: 500, service: "LayThuTuc", times: 3 },
    { fault: "close", taken: true },
  ]);
  expect(await page(scene, "/")).toContain("Đóng kết nối không trả lời");
  await submit(scene, "/__simulator/page/dial/clear", {});
  expect(scene.portal.dial.rules).toEqual([]);
});

test("every choice of the form can be set, and a wrong one cannot", async () => {
  const scene = openScene();
  const presets = [...(await page(scene, "/")).matchAll(/<option value="([a-z0-9-]+)">[A-Zfe]/gu)].map(
    ([, name]) => name,
  );
  expect(presets).toContain("session-expired");
  for (const preset of presets.filter((name) => name !== "login"))
    expect((await submit(scene, "/__simulator/page/dial", { preset: preset ?? "" })).status).toBe(303);
  expect((await submit(scene, "/__simulator/page/dial", { preset: "toString" })).status).toBe(400);
  expect((await submit(scene, "/__simulator/page/dial", { preset: "html", times: "0.5" })).status).toBe(400);
});
