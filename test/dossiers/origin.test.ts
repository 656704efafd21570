import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DossierCounts, DossierLine } from "../../contracts/services/dossier-views.ts";
import { sql } from "../../src/database/sql.ts";
import { dossierBody } from "../gateway-scene.ts";
import { type ApiScene, codeOf, openApiScene } from "../http/api-scene.ts";

let scene: ApiScene;

const ORIGIN = "national-portal";

/** Two dossiers of the portal, one of the province that is like the first but for its origin. */
const DOSSIERS: Readonly<Record<number, Readonly<Record<string, unknown>>>> = {
  1: {
    origin: ORIGIN,
    procedureCode: "2.000033",
    channel: "online",
    status: "processing",
    receivedAt: "2026-11-02T08:00:00+07:00",
    processingUnit: { code: "H04.15", name: "Sở Công Thương" },
  },
  2: {
    origin: ORIGIN,
    procedureCode: "2.001474",
    channel: "post",
    status: "accepted",
    receivedAt: "2026-10-14T23:59:59+07:00",
    processingUnit: { name: "Sở Y tế" },
    applicant: { type: "citizen", name: "Lê Văn Đức", identities: [{ kind: "personal-id", value: "001099000777" }] },
    receiptNumber: "BN-77",
  },
};

beforeAll(async () => {
  scene = await openApiScene({ dispatch: false });
  const put = (number: number, parts: Readonly<Record<string, unknown>>) =>
    scene.call("PUT", `/v1/dossiers/${codeOf(number)}`, dossierBody(parts));
  for (const [number, parts] of Object.entries(DOSSIERS)) await put(Number(number), parts);
  await put(3, { ...DOSSIERS[1], origin: "province" });
  await put(4, { ...DOSSIERS[2], origin: "kiosk" });
  for (const state of ["sending", "failed"]) {
    await scene.database.execute(
      sql`update pending set state = ${state} where stream = ${`national-portal:dossier:${codeOf(2)}`}`,
    );
  }
});
afterAll(() => scene?.close());

const found = async (query: string): Promise<string[]> => {
  const { body } = await scene.call<{ items: DossierLine[] }>("GET", `/v1/dossiers?${query}`);
  return body.items.map(({ code }) => code);
};

const counted = async (query: string): Promise<DossierCounts> =>
  (await scene.call<DossierCounts>("GET", `/v1/dossiers/counts?${query}`)).body;

describe("with the origin, each other filter narrows the list and the counts alike", () => {
  test.each([
    ["procedureCode=2.000033", "procedureCode=2.000591", [1]],
    ["procedureCode=2.000033,2.001474", "procedureCode=9.999999", [1, 2]],
    ["status=processing", "status=finished", [1]],
    ["channel=post", "channel=counter", [2]],
    ["unit=H04.15", "unit=H04.99", [1]],
    [`unit=${encodeURIComponent("Sở Y tế")}`, "unit=x", [2]],
    ["sync=pending", "sync=synced", [1]],
    ["sync=failed", "sync=blocked", [2]],
    ["receivedFrom=2026-10-15", "receivedFrom=2026-11-03", [1]],
    ["receivedTo=2026-10-14", "receivedTo=2026-10-13", [2]],
    ["receivedFrom=2026-10-14&receivedTo=2026-10-14", "receivedFrom=2026-10-15&receivedTo=2026-10-15", [2]],
    [`q=${codeOf(1)}`, `q=${codeOf(3)}`, [1]],
    ["q=BN-77", "q=BN-78", [2]],
    ["q=001099000777", "q=001099000778", [2]],
    ["q=duc%20le", "q=duc%20le%20x", [2]],
  ])("%s", async (some, none, numbers) => {
    const codes = numbers.map(codeOf);
    expect(await found(`origin=${ORIGIN}&${some}`)).toEqual(codes);
    expect((await counted(`origin=${ORIGIN}&${some}`)).total).toBe(codes.length);
    expect(await found(`origin=${ORIGIN}&${none}`)).toEqual([]);
    expect((await counted(`origin=${ORIGIN}&${none}`)).total).toBe(0);
  });
});

test("several origins are an or, and each is counted by itself", async () => {
  expect(await found("origin=national-portal,kiosk")).toHaveLength(3);
  const { total, items } = await counted("by=origin");
  expect([total, items]).toEqual([
    4,
    [
      { origin: "kiosk", count: 1 },
      { origin: "national-portal", count: 2 },
      { origin: "province", count: 1 },
    ],
  ]);
});

test.each([
  [
    "procedure",
    [
      { procedure: "2.000033", count: 1 },
      { procedure: "2.001474", count: 1 },
    ],
  ],
  [
    "unit",
    [
      { unit: "H04.15", count: 1 },
      { unit: "Sở Y tế", count: 1 },
    ],
  ],
  [
    "status",
    [
      { status: "accepted", count: 1 },
      { status: "processing", count: 1 },
    ],
  ],
  [
    "period",
    [
      { period: "2026-10", count: 1 },
      { period: "2026-11", count: 1 },
    ],
  ],
])("the dossiers of an origin are counted by %s", async (by, items) => {
  expect((await counted(`origin=${ORIGIN}&by=${by}`)).items).toEqual(items);
});

test("an unknown origin is refused by both", async () => {
  await scene.refuses("GET", "/v1/dossiers?origin=moon", undefined, ["origin[0] not_allowed"]);
  await scene.refuses("GET", "/v1/dossiers/counts?origin=moon&by=origin", undefined, ["origin[0] not_allowed"]);
});
