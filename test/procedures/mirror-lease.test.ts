import { afterAll, beforeAll, expect, test } from "vitest";
import type { Adapter } from "../../contracts/adapter.ts";
import type { ProcedureContent } from "../../contracts/services/procedures.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { claimMirror, LEASE_SECONDS, renewMirror } from "../../src/procedures/mirror/claim-mirror.ts";
import { requestMirror } from "../../src/procedures/mirror/mirror-view.ts";
import { stepMirror } from "../../src/procedures/mirror/step-mirror.ts";
import { storeList } from "../../src/procedures/mirror/store-list.ts";
import { storeProcedure } from "../../src/procedures/mirror/store-procedure.ts";
import { memoryCache } from "../adapters/call-context.ts";
import { type GatewayScene, openGatewayScene } from "../gateway-scene.ts";

const TENANT = "H04";

let scene: GatewayScene;
beforeAll(async () => {
  scene = await openGatewayScene({ dispatch: false });
});
afterAll(() => scene?.close());

const content = (name: string): ProcedureContent => ({
  ...{ name, isPublic: true, fields: [], channels: [], components: [], results: null },
  ...{ agencies: [], applicants: [], legalBases: [] },
});

/** A catalogue of 25 procedures that counts what it is asked. */
const countingCatalogue = () => {
  const asked: string[] = [];
  const codes = Array.from({ length: 25 }, (_, i) => `1.${String(100_000 + i)}`);
  const catalogue: NonNullable<Adapter["catalogue"]> = {
    list: async () => {
      asked.push("list");
      return { ok: true, value: codes.map((code) => ({ code, name: code })) };
    },
    read: async (code) => {
      asked.push(code);
      return { ok: true, value: content(`Thủ tục ${code}`) };
    },
  };
  return { asked, codes, catalogue };
};

const partsOf = (catalogue: NonNullable<Adapter["catalogue"]>) => {
  const now = () => new Date();
  const attempt = () => Promise.reject(new Error("no wire here"));
  return {
    database: scene.database,
    tenant: TENANT,
    catalogue,
    call: { correlationId: "c", now, cache: memoryCache(now), attempt },
    hold: async () => null,
    ratePerSecond: 100_000,
    restSeconds: 0,
  };
};

const expireLease = () =>
  scene.database.execute(sql`update procedure_mirrors set lease_until = now() - interval '1 second'`);

test("one process mirrors at a time; another goes on where one died, and what the dead one still brings is refused", async () => {
  await requestMirror(scene.database, TENANT);
  const dead = await claimMirror(scene.database, TENANT);
  expect(dead?.stage).toBe("listing");
  expect(await claimMirror(scene.database, TENANT)).toBeNull();
  const { asked, catalogue, codes } = countingCatalogue();
  expect(await stepMirror(partsOf(catalogue))).toBe(false);
  expect(asked).toEqual([]);
  const listed = codes.map((code) => ({ code, name: code }));
  expect(await storeList(scene.database, TENANT, dead?.fence ?? "", listed)).toBe(true);

  await expireLease();
  expect(await stepMirror(partsOf(catalogue))).toBe(true);
  expect(asked).toEqual(codes.slice(0, 10));
  const stale = { code: codes[20] ?? "", platformCode: codes[20] ?? "", content: content("của tiến trình cũ") };
  expect(await renewMirror(scene.database, TENANT, dead?.fence ?? "")).toBe(false);
  expect(await storeProcedure(scene.database, TENANT, dead?.fence ?? "", stale)).toBe(false);
  expect(await storeList(scene.database, TENANT, dead?.fence ?? "", [])).toBe(false);

  while (await stepMirror(partsOf(catalogue)));
  expect(asked).toEqual(codes);
  const names = await rows<{ name: string }>(
    scene.database,
    sql`select content ->> 'name' as name from procedure_versions where code = ${stale.code}`,
  );
  expect(names).toEqual([{ name: `Thủ tục ${stale.code}` }]);
  expect(LEASE_SECONDS).toBeGreaterThan(30);
});

test("eight processes that step at the same time ask for each procedure once", async () => {
  await requestMirror(scene.database, TENANT);
  const { asked, catalogue, codes } = countingCatalogue();
  const parts = partsOf(catalogue);
  const done = async (): Promise<boolean> => {
    const found = await rows(
      scene.database,
      sql`select 1 from procedure_mirrors where stage = 'idle' and next_at > now()`,
    );
    return found.length > 0;
  };
  const run = async () => {
    while (!(await done())) await stepMirror(parts);
  };
  await Promise.all(Array.from({ length: 8 }, run));
  expect(asked.toSorted()).toEqual(["list", ...codes].toSorted());
});

test("a procedure that cannot be read does not keep the others from it, and is skipped in the end", async () => {
  await requestMirror(scene.database, TENANT);
  const { asked, catalogue, codes } = countingCatalogue();
  const broken = codes[3] ?? "";
  const faulty: NonNullable<Adapter["catalogue"]> = {
    ...catalogue,
    read: async (code, call) =>
      code === broken
        ? { ok: false, fault: { outcome: "transient", code: "upstream_malformed", message: "half" } }
        : catalogue.read(code, call),
  };
  for (let steps = 0; steps < 40; steps++) await stepMirror(partsOf(faulty));
  expect(asked).toEqual(["list", ...codes.filter((code) => code !== broken)]);
  const [run] = await rows<{ stage: string; skipped: number; read: number }>(
    scene.database,
    sql`select stage, skipped, read from procedure_mirrors`,
  );
  expect(run).toEqual({ stage: "idle", skipped: 1, read: 25 });
});
