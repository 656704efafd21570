import { afterAll, beforeAll, expect, test } from "vitest";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { type ApiScene, openApiScene } from "../http/api-scene.ts";
import { importCalls, lineOf, linesOf } from "../imports/import-scene.ts";
import { createVisitor, tokenIn, wordsOf } from "./visitor.ts";

const OPERATORS = [
  { id: "viewer", secret: "viewer-secret", role: "viewer" },
  { id: "operator", secret: "operator-secret", role: "operator" },
];

let scene: ApiScene;
const { upload, until, done, read } = importCalls(() => scene);

beforeAll(async () => {
  scene = await openApiScene({ settings: { OPERATORS: JSON.stringify(OPERATORS) } });
});
afterAll(() => scene.close());

const visit = async (operator: string) => {
  const visitor = createVisitor(scene.app);
  await visitor.logIn(operator);
  return visitor;
};

test("shows each import with its progress, and an operator pauses it, goes on with it and cancels it", async () => {
  const operator = await visit("operator");
  expect(wordsOf((await operator.get("/console/imports")).text)).toContain("Chưa có đợt nạp nào.");
  const { body } = await upload(linesOf(1, 60).join("\n"), "?ratePerSecond=5");
  await until(body.id, ({ done: worked }) => worked > 0);
  const page = await operator.get("/console/imports");
  expect(page.text).toMatch(/<progress value="\d+" max="60"/u);
  expect(wordsOf(page.text)).toContain(`#${body.id} Đang nạp province JSONL`);
  const csrf = tokenIn(page.text);
  for (const [act, state] of [
    ["pause", "paused"],
    ["resume", "running"],
    ["cancel", "cancelled"],
  ] as const) {
    const answer = await operator.post(`/console/imports/${body.id}/${act}`, { csrf });
    expect([act, answer.status, answer.location]).toEqual([act, 303, "/console/imports?result=done"]);
    expect((await read(body.id)).state).toBe(state);
  }
  const late = await operator.post(`/console/imports/${body.id}/resume`, { csrf });
  expect(late.location).toBe("/console/imports?result=refused");
  expect(wordsOf((await operator.get(late.location ?? "")).text)).toContain("trạng thái của đợt nạp đã thay đổi");
  const acts = await rows<{ action: string }>(
    scene.database,
    sql`select action from audit where actor = 'operator' and action like 'import.%' order by id`,
  );
  expect(acts.map(({ action }) => action)).toEqual([
    "import.pause",
    "import.resume",
    "import.cancel",
    "import.resume.refused",
  ]);
});

test("a viewer sees no buttons, is refused at the server too, and reads the report", async () => {
  const view = await done(`${lineOf(101)}\n{"code":"<b>x</b>"}`);
  const viewer = await visit("viewer");
  const page = await viewer.get("/console/imports");
  expect(page.text).not.toMatch(/\/(pause|resume|cancel)"/u);
  const answer = await viewer.post(`/console/imports/${view.id}/cancel`, { csrf: tokenIn(page.text) });
  expect(answer.status).toBe(403);
  const report = await viewer.get(`/console/imports/${view.id}/report`);
  expect([report.status, report.headers.get("content-type")]).toEqual([200, "text/csv; charset=utf-8"]);
  expect(report.headers.get("content-disposition")).toBe(`attachment; filename="import-${view.id}.csv"`);
  expect(report.text).toContain("2,<b>x</b>,refused,");
  expect((await viewer.get("/console/imports/999999/report")).status).toBe(404);
});

test("without a session or the session's own token nothing is shown or done", async () => {
  const { body } = await upload(linesOf(201, 203).join("\n"), "?ratePerSecond=0.1");
  const stranger = createVisitor(scene.app);
  expect((await stranger.get("/console/imports")).location).toBe("/console/login?next=%2Fconsole%2Fimports");
  expect((await stranger.get(`/console/imports/${body.id}/report`)).status).toBe(303);
  const operator = await visit("operator");
  expect((await operator.post(`/console/imports/${body.id}/cancel`, { csrf: "x" })).status).toBe(403);
  expect((await read(body.id)).state).toBe("running");
});
