import { afterAll, beforeAll, expect, test } from "vitest";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { dossierBody } from "../gateway-scene.ts";
import { type ApiScene, codeOf, openApiScene } from "./api-scene.ts";

let scene: ApiScene;

beforeAll(async () => {
  scene = await openApiScene();
});
afterAll(() => scene.close());

test("an answer kept under a key is sealed: what a platform said of a dossier stands nowhere in clear", async () => {
  const words = "Thiếu giấy uỷ quyền của bà Nguyễn Thị Khác";
  scene.portal.dial.set([{ fault: "error-body", service: "DongBoHoSoMC", code: "3", message: words }]);
  await scene.call("PUT", `/v1/dossiers/${codeOf(1)}`, dossierBody());
  await scene.drained();
  const [{ id }] = (await scene.call<{ items: [{ id: string }] }>("GET", "/v1/ledger")).body.items;
  const options = { headers: { "idempotency-key": "again" } };
  const first = await scene.call<{ error: { detail: string } }>("POST", `/v1/ledger/${id}/retry`, undefined, options);
  expect([first.status, first.body.error.detail]).toEqual([202, words]);
  const kept = await rows<{ row: string }>(scene.database, sql`select k::text as row from idempotency_keys k`);
  expect(kept).toHaveLength(1);
  expect(kept[0]?.row).not.toContain("Khác");
  const second = await scene.call("POST", `/v1/ledger/${id}/retry`, undefined, options);
  expect([second.status, second.body]).toEqual([202, first.body]);
});
