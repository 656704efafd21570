import { afterAll, beforeAll, expect, test } from "vitest";
import { dossierBody } from "../gateway-scene.ts";
import { type ApiScene, codeOf, openApiScene } from "../http/api-scene.ts";
import { createVisitor, wordsOf } from "./visitor.ts";

const OPERATORS = [{ id: "viewer", secret: "viewer-secret", role: "viewer" }];

let scene: ApiScene;
beforeAll(async () => {
  scene = await openApiScene({ dispatch: false, settings: { OPERATORS: JSON.stringify(OPERATORS) } });
  const origins = ["national-portal", "national-portal", "kiosk", "province"];
  for (const [i, origin] of origins.entries()) {
    const receivedAt = `2026-11-${10 + i}T08:00:00+07:00`;
    await scene.call("PUT", `/v1/dossiers/${codeOf(i + 1)}`, dossierBody({ origin, receivedAt }));
  }
  const applicant = { type: "citizen", name: "<script>alert(1)</script>", identities: [] };
  await scene.call("PUT", `/v1/dossiers/${codeOf(5)}`, dossierBody({ origin: "post", applicant }));
});
afterAll(() => scene?.close());

const visit = async () => {
  const visitor = createVisitor(scene.app);
  await visitor.logIn("viewer");
  return visitor;
};

test("an officer finds the dossiers that came from the national portal, with their number", async () => {
  const visitor = await visit();
  const all = await visitor.get("/console/dossiers");
  expect(wordsOf(all.text)).toContain("Thống kê: 5 hồ sơ");
  expect(wordsOf(all.text)).toMatch(/Cổng Dịch vụ công quốc gia 2/u);
  const page = await visitor.get("/console/dossiers?origin=national-portal&by=period");
  expect(wordsOf(page.text)).toContain("Thống kê: 2 hồ sơ");
  expect(wordsOf(page.text)).toContain("11/2026 2");
  expect(page.text).toContain(codeOf(1));
  expect(page.text).not.toContain(codeOf(3));
  expect(page.text).toContain("/console/dossiers/export?origin=national-portal&amp;format=xlsx");
});

test("days of the form are those of Vietnam and both included; what cannot be read filters nothing", async () => {
  const visitor = await visit();
  const some = await visitor.get("/console/dossiers?receivedFrom=2026-11-11&receivedTo=2026-11-12");
  expect(wordsOf(some.text)).toContain("Thống kê: 2 hồ sơ");
  const odd = await visitor.get("/console/dossiers?origin=moon&receivedFrom=31-02&by=x&cursor=%00&status=&q=");
  expect([odd.status, wordsOf(odd.text).includes("Thống kê: 5 hồ sơ")]).toEqual([200, true]);
});

test("names are written as text", async () => {
  const page = await (await visit()).get("/console/dossiers?origin=post");
  expect(page.text).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  expect(page.text).not.toContain("<script>");
});

test("the same dossiers come as a file, for who is logged in alone", async () => {
  const visitor = await visit();
  const csv = await visitor.get("/console/dossiers/export?format=csv&origin=national-portal");
  expect([csv.status, csv.text.trimEnd().split("\r\n").length]).toEqual([200, 3]);
  expect((await visitor.get("/console/dossiers/export?format=exe")).status).toBe(404);
  const stranger = createVisitor(scene.app);
  for (const path of ["/console/dossiers", "/console/dossiers/export?format=csv"]) {
    const answer = await stranger.get(path);
    expect([answer.status, answer.location?.startsWith("/console/login")]).toEqual([303, true]);
  }
});
