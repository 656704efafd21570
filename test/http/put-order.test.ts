import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type ApiScene, openApiScene } from "./api-scene.ts";
import { dossierCalls } from "./dossier-calls.ts";

let scene: ApiScene;
const { nextCode, put, exchangeOf, step, entries, states, detail } = dossierCalls(() => scene);

beforeAll(async () => {
  scene = await openApiScene();
});
afterEach(() => scene.portal.dial.clear());
afterAll(() => scene.close());

test("a full update makes the unsettled one directly before it needless and takes its place", async () => {
  await scene.stopDispatch();
  const code = nextCode();
  await put(code, { note: "một" });
  await put(code, { note: "hai" });
  const third = await exchangeOf(code, { note: "ba" });
  expect(await states(code)).toEqual(["dossier.put superseded", "dossier.put superseded", "dossier.put queued"]);
  expect((await entries(code))[1]?.supersededBy).toBe(third?.id);
  scene.startDispatch();
  await scene.drained();
  const held = scene.portal.state.dossiers.get(code);
  expect([held?.hoSo.GhiChu, held?.updates]).toEqual(["ba", 0]);
});

test("with a step between, an earlier full update is sent all the same", async () => {
  await scene.stopDispatch();
  const code = nextCode();
  await put(code, { note: "một" });
  await step(code, "e1");
  await put(code, { note: "hai" });
  expect(await states(code)).toEqual(["dossier.put queued", "dossier.step queued", "dossier.put queued"]);
  scene.startDispatch();
  await scene.drained();
  const held = scene.portal.state.dossiers.get(code);
  expect([held?.hoSo.GhiChu, held?.updates, held?.steps.length]).toEqual(["hai", 1, 1]);
});

test("a corrected put replaces a failed one at the head though steps wait behind, and all drains in order", async () => {
  const code = nextCode();
  scene.portal.dial.set({ fault: "error-body", service: "DongBoHoSoMC", code: "3", message: "Từ chối", times: 1 });
  const failed = await exchangeOf(code, { note: "sai" });
  await scene.drained();
  await step(code, "e1");
  await step(code, "e2");
  expect(await states(code)).toEqual(["dossier.put failed", "dossier.step queued", "dossier.step queued"]);
  const waiting = await entries(code);
  expect(waiting.map(({ blockedBy }) => blockedBy)).toEqual([undefined, failed?.id, failed?.id]);
  expect((await detail(code)).sync).toEqual([
    { platform: "national-portal", state: "blocked", failedExchange: failed?.id },
  ]);
  await put(code, { note: "đúng" });
  await scene.drained();
  expect(await states(code)).toEqual([
    "dossier.put superseded",
    "dossier.step delivered",
    "dossier.step delivered",
    "dossier.put delivered",
  ]);
  const held = scene.portal.state.dossiers.get(code);
  expect(held?.hoSo.GhiChu).toBe("đúng");
  expect(held?.steps.map(({ step: { NoiDungXuLy } }) => NoiDungXuLy)).toEqual([
    "Thẩm định hồ sơ e1",
    "Thẩm định hồ sơ e2",
  ]);
});

test("many puts of one new dossier at once leave one row, one head and nothing lost", async () => {
  const code = nextCode();
  const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => put(code, { note: `lần ${i}` })));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 202));
  await scene.drained();
  const ended = await states(code);
  expect(ended).toHaveLength(10);
  expect(ended.filter((state) => !/superseded|delivered/u.test(state))).toEqual([]);
  expect(scene.portal.state.dossiers.get(code)?.hoSo.GhiChu).toBe((await detail(code)).dossier.note);
});
