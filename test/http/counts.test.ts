import { afterAll, beforeAll, expect, test } from "vitest";
import type { DossierCounts } from "../../contracts/services/dossier-views.ts";
import { dossierBody } from "../gateway-scene.ts";
import { type ApiScene, codeOf, openApiScene } from "./api-scene.ts";

let scene: ApiScene;

const WARD = { name: "UBND phường Tân Giang" };

/** The last moment of October and the first of November in Vietnam are one instant apart, in UTC both in October. */
const DOSSIERS = [
  { receivedAt: "2026-10-31T16:59:59Z" },
  { receivedAt: "2026-10-31T17:00:00Z", procedureCode: "1.005129" },
  { procedureCode: "1.005129", status: "processing", processingUnit: WARD },
  { status: "processing", origin: "kiosk" },
  { status: "processing", origin: "kiosk", channel: "post" },
];

beforeAll(async () => {
  scene = await openApiScene({ dispatch: false });
  for (const [i, parts] of DOSSIERS.entries()) {
    await scene.call("PUT", `/v1/dossiers/${codeOf(i)}`, dossierBody(parts));
  }
});
afterAll(() => scene.close());

const count = async (query: string): Promise<DossierCounts> =>
  (await scene.call<DossierCounts>("GET", `/v1/dossiers/counts${query}`)).body;

const BY: [string, object[]][] = [
  [
    "procedure",
    [
      { procedure: "1.005129", count: 2 },
      { procedure: "2.000591", count: 3 },
    ],
  ],
  [
    "unit",
    [
      { unit: "H04.15", count: 4 },
      { unit: "UBND phường Tân Giang", count: 1 },
    ],
  ],
  [
    "status",
    [
      { status: "accepted", count: 2 },
      { status: "processing", count: 3 },
    ],
  ],
  [
    "origin",
    [
      { origin: "kiosk", count: 2 },
      { origin: "province", count: 3 },
    ],
  ],
  [
    "period",
    [
      { period: "2026-10", count: 1 },
      { period: "2026-11", count: 4 },
    ],
  ],
  [
    "status,origin",
    [
      { status: "accepted", origin: "province", count: 2 },
      { status: "processing", origin: "kiosk", count: 2 },
      { status: "processing", origin: "province", count: 1 },
    ],
  ],
];

test.for(BY)("dossiers are counted by %s", async ([by, items]) => {
  const counts = await count(`?by=${by}`);
  expect(counts.total).toBe(5);
  expect(counts.items).toHaveLength(items.length);
  expect(counts.items).toEqual(expect.arrayContaining(items));
});

test("without keys there is the total alone", async () => {
  expect(await count("")).toEqual({ total: 5, items: [{ count: 5 }] });
});

test("all five keys at once give one row per combination, and the rows add up", async () => {
  const { total, items } = await count("?by=procedure,unit,status,origin,period");
  expect(items).toHaveLength(5 - 1);
  expect(items.reduce((sum, item) => sum + item.count, 0)).toBe(total);
  for (const item of items) {
    expect(Object.keys(item).toSorted()).toEqual(["count", "origin", "period", "procedure", "status", "unit"]);
  }
});

test("the filters of search hold for counts too", async () => {
  expect((await count("?status=processing")).total).toBe(3);
  expect((await count("?status=processing&origin=kiosk&channel=post")).total).toBe(1);
  expect((await count("?receivedTo=2026-10-31")).total).toBe(1);
  expect((await count("?q=vi%20du&receivedFrom=2026-11-01")).total).toBe(4);
  expect((await count("?sync=pending")).total).toBe(5);
  expect(await count("?q=nobody&by=status")).toEqual({ total: 0, items: [] });
});

test("the status counted is that of the last accepted step", async () => {
  await scene.call("PUT", `/v1/dossiers/${codeOf(50)}`, dossierBody());
  const event = {
    eventId: "e1",
    status: "stopped",
    occurredAt: "2026-11-20T14:10:00+07:00",
    officer: { name: "Lê Văn Mẫu" },
    content: "Dừng",
  };
  await scene.call("POST", `/v1/dossiers/${codeOf(50)}/events`, event);
  expect((await count("?status=stopped")).total).toBe(1);
});
