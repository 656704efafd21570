import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { FailureGroup } from "../../contracts/services/ledger-groups.ts";
import { sql } from "../../src/database/sql.ts";
import { dossierBody, eventBody, type GatewayScene, openGatewayScene } from "../gateway-scene.ts";
import { type Cause, insertFailures } from "./insert-failures.ts";

let scene: GatewayScene;

beforeAll(async () => {
  scene = await openGatewayScene();
});
afterAll(() => scene.close());
beforeEach(async () => {
  scene.portal.dial.clear();
  // A truncate beside a dispatcher that claims would take their locks crosswise.
  await scene.stopDispatch();
  await scene.database.execute(sql`truncate entries, pending, settled, attempts, dossiers, dossier_events`);
  scene.startDispatch();
});

const groups = async (query = "", options = {}): Promise<{ items: FailureGroup[]; next: string | null }> => {
  const answer = await scene.request("GET", `/v1/ledger/groups${query}`, undefined, options);
  expect(answer.status).toBe(200);
  return (await answer.json()) as { items: FailureGroup[]; next: string | null };
};

const SIX: readonly Cause[] = [
  (n) => `Mã hồ sơ H04.15-261120-${n} sai`,
  (n) => `Số định danh ${n}00199 của "Người ${n}" không tồn tại`,
  () => "Thiếu thành phần hồ sơ bắt buộc",
  (n) => `Mã thủ tục 2.00${n} chưa được công khai`,
  () => "Hồ sơ đã kết thúc, không được cập nhật",
  (n) => `Ngày hẹn trả ${n} trước ngày tiếp nhận`,
];

test("four thousand failures of six causes are six groups, in far less than five seconds", async () => {
  await insertFailures(scene, 4000, SIX, { behind: 2 });
  const begun = performance.now();
  const { items, next } = await groups();
  const took = performance.now() - begun;
  console.log(`4,000 failures of six causes gathered in ${took.toFixed(0)} ms`);
  expect(items.map(({ count }) => count)).toEqual([667, 667, 667, 667, 666, 666]);
  expect(items.map(({ dossiers }) => dossiers)).toEqual([667, 667, 667, 667, 666, 666]);
  expect(items.map(({ waitingBehind }) => waitingBehind)).toEqual([1334, 1334, 1334, 1334, 1332, 1332]);
  expect(new Set(items.map(({ shape }) => shape))).toEqual(
    new Set([
      "Mã hồ sơ # sai",
      "Số định danh # của … không tồn tại",
      "Thiếu thành phần hồ sơ bắt buộc",
      "Mã thủ tục # chưa được công khai",
      "Hồ sơ đã kết thúc, không được cập nhật",
      "Ngày hẹn trả # trước ngày tiếp nhận",
    ]),
  );
  expect(next).toBeNull();
  expect(took).toBeLessThan(5000);
});

test("groups come in pages, the largest first, each once", async () => {
  await insertFailures(scene, 11, SIX);
  const first = await groups("?limit=4");
  const second = await groups(`?limit=4&cursor=${first.next}`);
  expect([...first.items, ...second.items].map(({ count }) => count)).toEqual([2, 2, 2, 2, 2, 1]);
  expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(6);
  expect(second.next).toBeNull();
});

test("an agency sees the failures of its own dossiers alone", async () => {
  await insertFailures(scene, 10, [() => "Lỗi chung"], { agencyOf: (n) => (n < 3 ? "H04.15.2" : "H04.16") });
  expect((await groups("", { client: "industry" })).items.map(({ count }) => count)).toEqual([3]);
  expect((await groups("", { client: "health" })).items.map(({ count }) => count)).toEqual([7]);
  expect((await groups()).items.map(({ count }) => count)).toEqual([10]);
});

test("what the portal refuses on the wire is gathered by its words, with a remedy and what waits behind", async () => {
  scene.portal.dial.set({
    fault: "error-body",
    code: "3",
    message: "Hồ sơ 00123 thiếu giấy tờ",
    service: "DongBoHoSoMC",
  });
  for (const n of [1, 2, 3]) {
    const code = `H04.15-261120-000${n}`;
    await scene.request("PUT", `/v1/dossiers/${code}`, dossierBody());
    await scene.request("POST", `/v1/dossiers/${code}/events`, eventBody(`e${n}`));
  }
  await scene.drained();
  const { items } = await groups("", { client: "reader" });
  expect(items).toMatchObject([
    {
      platform: "national-portal",
      code: "upstream_rejected",
      platformCode: "3",
      shape: "Hồ sơ # thiếu giấy tờ",
      count: 3,
      dossiers: 3,
      waitingBehind: 3,
    },
  ]);
  const [group] = items;
  expect(group?.remedy).toContain("Sửa dữ liệu");
  expect(Date.parse(group?.firstSeen ?? "")).toBeLessThanOrEqual(Date.parse(group?.lastSeen ?? ""));
  expect(JSON.stringify(items)).not.toContain("00123");
});

test("a failure that was recorded without a shape is still gathered, by its code", async () => {
  await insertFailures(scene, 2, [() => "Lỗi"]);
  await scene.database.execute(sql`update pending set shape = null, error_message = null`);
  const { items } = await groups();
  expect(items).toMatchObject([
    { id: "national-portal.upstream_rejected", count: 2, shape: "Hệ thống quốc gia từ chối" },
  ]);
});

test("the keyed hash of a cause is stored, its words are not", async () => {
  await insertFailures(scene, 1, [() => "Một nguyên nhân lạ"]);
  const [row] = await scene.database.execute(sql`select shape, error_message from pending`);
  expect(String(row?.["shape"])).toMatch(/^[\w-]+\.[\w-]{43}$/u);
  expect(Buffer.from(row?.["error_message"] as Uint8Array).toString("utf8")).not.toContain("nguyên nhân");
});

test("bad queries of groups are refused by name", async () => {
  for (const [query, field] of [
    ["limit=0", "limit"],
    ["cursor=abc", "cursor"],
    ["state=failed", "state"],
  ] as const) {
    const answer = await scene.request("GET", `/v1/ledger/groups?${query}`);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: [{ field }] });
  }
});
