import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { BusinessView } from "../../contracts/services/enterprises.ts";
import { sql } from "../../src/database/sql.ts";
import { type LookUpScene, openLookUpScene } from "./look-up-scene.ts";

let scene: LookUpScene;
beforeAll(async () => {
  scene = await openLookUpScene();
});
afterAll(() => scene.close());
afterEach(() => scene.enterprise.dial.clear());

const CODE = "9900000016";
const get = (code: string) => scene.call<BusinessView>("GET", `/v1/enterprises/${code}`);

test("an enterprise is answered with exact capital, and again from what is kept, with the time it was fetched", async () => {
  const first = await get(CODE);
  expect([first.status, first.body.code, first.body.capital]).toEqual([200, CODE, "9007199254740993.125"]);
  await scene.businesses.refuse(true);
  const kept = await get(CODE);
  expect(kept.body).toEqual(first.body);
  await scene.database.execute(sql`update business_answers set fetched_at = now() - interval '25 hours'`);
  const away = await get(CODE);
  expect([away.status, (away.body as unknown as { code: string }).code]).toEqual([503, "upstream_unavailable"]);
  await scene.businesses.refuse(false);
  const renewed = await get(CODE);
  expect(renewed.status).toBe(200);
  expect(Date.parse(renewed.body.fetchedAt)).toBeGreaterThan(Date.parse(first.body.fetchedAt));
  const outcomes = (await scene.records(`subject=${CODE}`)).map(({ end }) => end?.outcome);
  expect(outcomes).toEqual(["found", "failed", "found", "found"]);
});

test("callers who ask the same at the same time share one call, and each has a record of its own", async () => {
  scene.enterprise.dial.set([{ fault: "latency", ms: 150, times: 1 }]);
  const together = await Promise.all(Array.from({ length: 6 }, () => get("9900000030")));
  expect(together.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
  expect(new Set(together.map(({ body }) => body.fetchedAt)).size).toBe(1);
  expect(await scene.records("subject=9900000030")).toHaveLength(6);
});

test("a code that no enterprise can have is refused, one that none has is not found", async () => {
  for (const code of ["9900000017", "123", "99000000%36", "ABC0000016"]) {
    const { status } = await scene.storesNothing(() => get(code));
    expect([code, status]).toEqual([code, 400]);
  }
  expect((await get("0100109106")).status).toBe(404);
  expect((await scene.records("subject=0100109106"))[0]?.end?.outcome).toBe("not-found");
});

test("one register of one kind is asked by POST", async () => {
  const post = (body: unknown) => scene.call<BusinessView>("POST", "/v1/enterprises/lookup", body);
  expect((await post({ kind: "enterprise", code: CODE })).body.names.vietnamese).toBe("CÔNG TY CỔ PHẦN MẪU");
  expect((await post({ kind: "school", code: CODE })).status).toBe(400);
  expect((await post([{ kind: "enterprise", code: CODE }])).status).toBe(400);
  expect((await post({ kind: "enterprise", code: CODE, all: true })).status).toBe(400);
  const reader = await scene.call("GET", `/v1/enterprises/${CODE}`, undefined, { client: "reader" });
  expect(reader.status).toBe(403);
});
