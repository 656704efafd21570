import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { MirrorView } from "../../contracts/services/procedures.ts";
import { sql } from "../../src/database/sql.ts";
import { sheetRows } from "../dossiers/zip-reader.ts";
import { dossierBody, type GatewayScene, openGatewayScene } from "../gateway-scene.ts";
import { bundleWorker, type WorkerBundle } from "./worker-bundle.ts";
import { openWorker, sharedKeys, type WorkerScene, workerSettings } from "./worker-scene.ts";

const CODE = "H04.15-261120-0001";

let bundle: WorkerBundle;
let node: GatewayScene;
let worker: WorkerScene;

beforeAll(async () => {
  const keys = await sharedKeys();
  node = await openGatewayScene({ dispatch: false, settings: keys });
  bundle = await bundleWorker();
  const portal = Object.entries(node.config.settings).filter(([name]) => name.startsWith("NATIONAL_PORTAL_"));
  worker = await openWorker(bundle, node.databaseUrl, {
    ...(await workerSettings()),
    ...keys,
    ...(Object.fromEntries(portal) as Record<string, string>),
  });
});
afterAll(async () => {
  await worker?.close();
  await node?.close();
  await bundle?.remove();
});

test("the catalogue is mirrored by cron events", async () => {
  expect((await worker.request("POST", "/v1/procedures/refresh")).status).toBe(202);
  const view = async () => (await (await worker.request("GET", "/v1/procedures/refresh")).json()) as MirrorView;
  for (let rounds = 0; (await view()).state !== "idle" && rounds < 50; rounds++) {
    await worker.cron();
    await delay(50);
  }
  expect(await view()).toMatchObject({ state: "idle", listed: 9, read: 9 });
});

test("an acknowledgement cannot be ordered where none can be made", async () => {
  const body = { policy: "auto-acknowledgement", decision: "1" };
  const answer = await worker.request("PUT", "/v1/procedures/2.000033/policy", body);
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([503, "not_configured"]);
});

test("an export of many pages comes whole, packed by the runtime's own packing", async () => {
  await worker.request("PUT", `/v1/dossiers/${CODE}`, dossierBody());
  await node.database.execute(
    sql`insert into dossiers select (jsonb_populate_record(d, jsonb_build_object('code', d.code || '-' || n))).*
        from dossiers d, generate_series(1, 1299) n where d.code = ${CODE}`,
  );
  const csv = await (await worker.request("GET", "/v1/dossiers/export?format=csv")).text();
  expect(csv.trimEnd().split("\r\n")).toHaveLength(1301);
  const xlsx = await worker.request("GET", "/v1/dossiers/export?format=xlsx");
  expect(sheetRows(Buffer.from(await xlsx.arrayBuffer()))).toHaveLength(1301);
});
