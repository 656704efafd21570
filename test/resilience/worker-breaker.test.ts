import { afterAll, beforeAll, expect, test } from "vitest";
import type { PlatformLine } from "../../contracts/services/platforms.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { dossierBody, type GatewayScene, openGatewayScene } from "../gateway-scene.ts";
import { bundleWorker, type WorkerBundle } from "../worker/worker-bundle.ts";
import { openWorker, sharedKeys, type WorkerScene, workerSettings } from "../worker/worker-scene.ts";

let bundle: WorkerBundle;
let node: GatewayScene;
let worker: WorkerScene;
let settings: Record<string, string>;

beforeAll(async () => {
  const keys = await sharedKeys();
  node = await openGatewayScene({ dispatch: false, settings: { ...keys, NATIONAL_PORTAL_BREAKER_RESET_MS: "60000" } });
  bundle = await bundleWorker();
  const portal = Object.entries(node.config.settings).filter(([name]) => name.startsWith("NATIONAL_PORTAL_"));
  settings = { ...(await workerSettings()), ...keys, ...(Object.fromEntries(portal) as Record<string, string>) };
  worker = await openWorker(bundle, node.databaseUrl, settings);
});
afterAll(async () => {
  await worker?.close();
  await node?.close();
  await bundle?.remove();
});

const breaker = async () => {
  const { items } = (await (await worker.request("GET", "/v1/platforms")).json()) as { items: PlatformLine[] };
  return items.find(({ id }) => id === "national-portal")?.breaker;
};
const attempts = async () =>
  (await rows<{ count: number }>(node.database, sql`select count(*)::int as count from attempts`))[0]?.count;
const pending = async () =>
  (await rows<{ count: number }>(node.database, sql`select count(*)::int as count from pending`))[0]?.count;

/** Cron events until it is so; a minute lies between two of them in truth. */
const cronUntil = async (so: () => Promise<boolean>) => {
  for (let round = 0; round < 50 && !(await so()); round += 1) await worker.cron();
  expect(await so()).toBe(true);
};

test("on Workers it opens, stays open after an eviction, half-opens by the clock and closes by the next cron", async () => {
  await node.served.refuse(true);
  for (let n = 1; n <= 25; n += 1) {
    const code = `H04.15-261120-${String(n).padStart(4, "0")}`;
    expect((await worker.request("PUT", `/v1/dossiers/${code}`, dossierBody())).status).toBe(202);
  }
  await cronUntil(async () => (await breaker()) === "open");
  const spent = await attempts();

  // A new isolate knows nothing but what is stored.
  await worker.close();
  worker = await openWorker(bundle, node.databaseUrl, settings);
  await worker.cron();
  expect([await breaker(), await attempts()]).toEqual(["open", spent]);

  await node.database.execute(sql`update platform_states set opened_at = opened_at - interval '60 seconds'`);
  expect(await breaker()).toBe("half-open");
  await worker.cron();
  expect([await breaker(), await attempts()]).toEqual(["open", (spent ?? 0) + 1]);

  await node.served.refuse(false);
  await node.database.execute(sql`update platform_states set opened_at = opened_at - interval '60 seconds'`);
  expect(await breaker()).toBe("half-open");
  await worker.cron();
  expect(await breaker()).toBe("closed");
  await cronUntil(async () => (await pending()) === 0);
  expect(node.portal.state.dossiers.size).toBe(25);
});
