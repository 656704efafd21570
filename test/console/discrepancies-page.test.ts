import { afterAll, beforeAll, expect, test } from "vitest";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { type ApiScene, openApiScene } from "../http/api-scene.ts";
import { codeOf, reconcileCalls, type Seed, seedHere, seedThere } from "../reconcile/reconcile-scene.ts";
import { createVisitor, tokenIn, wordsOf } from "./visitor.ts";

const OPERATORS = [
  { id: "viewer", secret: "viewer-secret", role: "viewer" },
  { id: "operator", secret: "operator-secret", role: "operator" },
];
const PATH = "/console/discrepancies";

let scene: ApiScene;
const { until, list } = reconcileCalls(() => scene);

beforeAll(async () => {
  scene = await openApiScene({
    settings: { OPERATORS: JSON.stringify(OPERATORS), NATIONAL_PORTAL_LOOKUP_STATUS_KEY: "TRANGTHAI" },
    portalOptions: { lookupStatusKey: "TRANGTHAI" },
  });
});
afterAll(() => scene.close());

const visit = async (operator: string) => {
  const visitor = createVisitor(scene.app);
  await visitor.logIn(operator);
  return visitor;
};

test("an operator starts a reconciliation, sees what differs and since when, and mends it with one click", async () => {
  const operator = await visit("operator");
  const empty = await operator.get(PATH);
  expect(wordsOf(empty.text)).toContain("Chưa đối soát lần nào.");
  expect(wordsOf(empty.text)).toContain("Không có sai lệch nào khớp.");
  const seeds: Seed[] = [
    { n: 1, ours: "processing", theirs: "4" },
    { n: 2, ours: "processing", theirs: "2" },
    { n: 3, ours: "processing", theirs: null },
  ];
  await seedHere(scene, seeds);
  await seedThere(scene, seeds);
  const started = await operator.post(`${PATH}/start`, { csrf: tokenIn(empty.text) });
  expect([started.status, started.location]).toEqual([303, `${PATH}?result=done`]);
  await until("1", ({ state }) => state === "finished");
  await scene.database.execute(sql`update discrepancies set first_seen_at = now() - interval '3 days 2 hours'`);

  const page = await operator.get(PATH);
  const words = wordsOf(page.text);
  expect(words).toContain("3 hồ sơ đã xem, 1 khớp");
  expect(words).toContain("Cách kết nối mapi chỉ thấy được: nền tảng không có, khác trạng thái.");
  expect(words).toContain("Chưa xử lý Khác trạng thái ở đây 4, ở nền tảng 2");
  expect(words).toContain("3 ngày");
  const [missing] = await list("&kind=missing-at-portal");
  const answer = await operator.post(`${PATH}/${missing?.id}/repair`, { csrf: tokenIn(page.text) });
  expect([answer.status, answer.location]).toEqual([303, `${PATH}?result=done`]);
  await scene.drained();
  expect(scene.portal.state.dossiers.get(codeOf(3))?.status).toBe("4");
  const again = await operator.post(`${PATH}/${missing?.id}/repair`, { csrf: tokenIn(page.text) });
  expect(again.location).toBe(`${PATH}?result=refused`);
  expect(wordsOf((await operator.get(`${PATH}?result=refused`)).text)).toContain("Không thực hiện được");
  const acts = await rows<{ action: string }>(
    scene.database,
    sql`select action from audit where actor = 'operator' and action ~ '^(discrepancy|reconciliation)' order by id`,
  );
  expect(acts.map(({ action }) => action)).toEqual([
    "reconciliation.start",
    "reconciliation.finished",
    "discrepancy.repair",
    "discrepancy.repair.refused",
  ]);
});

test("filters narrow the list, and what cannot be read filters nothing", async () => {
  const viewer = await visit("viewer");
  const count = async (query: string) =>
    (await viewer.get(`${PATH}${query}`)).text.split('<td role="cell" class="id">').length - 1;
  expect(await count("")).toBe(1);
  expect(await count("?state=all")).toBe(2);
  expect(await count("?state=repairing")).toBe(1);
  expect(await count("?state=all&kind=status-differs")).toBe(1);
  expect(await count(`?state=all&dossierCode=${codeOf(3)}`)).toBe(1);
  expect(await count("?state=all&platform=vnpay")).toBe(0);
  expect(await count("?state=lost&kind=odd&after=x")).toBe(1);
  expect((await viewer.get(`${PATH}?dossierCode=%3Cscript%3E`)).text).not.toContain("<script>");
});

test("a viewer sees no buttons and is refused at the server too; without session or token nothing is done", async () => {
  const viewer = await visit("viewer");
  const page = await viewer.get(PATH);
  expect(page.text).not.toMatch(/\/(repair|start)"/u);
  const csrf = tokenIn(page.text);
  expect((await viewer.post(`${PATH}/start`, { csrf })).status).toBe(403);
  expect((await viewer.post(`${PATH}/1/repair`, { csrf })).status).toBe(403);
  const operator = await visit("operator");
  expect((await operator.post(`${PATH}/start`, { csrf: "x" })).status).toBe(403);
  expect((await operator.post(`${PATH}/x/repair`, { csrf: "x" })).status).toBe(404);
  expect((await createVisitor(scene.app).get(PATH)).location).toBe("/console/login?next=%2Fconsole%2Fdiscrepancies");
});
