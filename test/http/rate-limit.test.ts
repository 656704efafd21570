import { afterEach, expect, test } from "vitest";
import { ConfigError, parseConfig } from "../../src/config.ts";
import { type SQL, sql } from "../../src/database/sql.ts";
import { demoSettings } from "../../src/demo-settings.ts";
import type { Problem } from "../../src/http/problem.ts";
import { platformIds } from "../../src/platform-adapters.ts";
import { createClientLimits } from "../../src/security/client-limits.ts";
import { type ClientLimit, takeClientTokens } from "../../src/security/take-client-tokens.ts";
import { dossierBody, type SceneOptions } from "../gateway-scene.ts";
import { type ApiScene, codeOf, openApiScene } from "./api-scene.ts";
import { openSecondProcess } from "./second-process.ts";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const AGENCY = "000.00.00.H04";
const clientOf = (id: string, parts: object = {}) => ({
  id,
  secret: `${id}-secret`,
  scopes: ["*"],
  agency: AGENCY,
  ...parts,
});
/** So slow that no call comes back within a test. */
const SLOW = { ratePerSecond: 0.01, burst: 5 };

const open = async (limit: object, options: SceneOptions = {}): Promise<ApiScene> => {
  const reader = { ...clientOf("narrow", limit), scopes: ["dossiers:read"] };
  const clients = [clientOf("province"), clientOf("limited", limit), reader];
  const settings = { CLIENTS: JSON.stringify(clients) };
  const scene = await openApiScene({ dispatch: false, settings, ...options });
  closers.push(scene.close);
  return scene;
};

const statuses = async (scene: ApiScene, calls: number, client: string, app = scene.app): Promise<number[]> => {
  const authorization = `Bearer ${await scene.token(client)}`;
  const found: number[] = [];
  for (let call = 0; call < calls; call += 1) {
    found.push((await scene.send("/v1/platforms", { headers: { authorization } }, app)).status);
  }
  return found;
};

const count = (all: readonly number[], status: number): number => all.filter((each) => each === status).length;

test("a client beyond its own limit gets 429 with the time to wait, and is let through again after it", async () => {
  const scene = await open({ ratePerSecond: 1, burst: 2 });
  expect(await statuses(scene, 2, "limited")).toEqual([200, 200]);
  const refused = await scene.call<Problem>("GET", "/v1/platforms", undefined, { client: "limited" });
  expect([refused.status, refused.body.code, refused.body.retry]).toEqual([429, "rate_limited", "later"]);
  expect(refused.headers.get("retry-after")).toBe("1");
  await expect.poll(async () => (await statuses(scene, 1, "limited"))[0], { timeout: 10_000, interval: 50 }).toBe(200);
});

test("a client without a limit is never limited, whatever the others do", async () => {
  const scene = await open(SLOW);
  expect(count(await statuses(scene, 7, "limited"), 429)).toBe(2);
  expect(count(await statuses(scene, 60, "province"), 200)).toBe(60);
  const figures = (await scene.send<string>("/metrics")).text;
  expect(figures).toMatch(/^gateway_client_limited_total\{client="limited"\} 2$/mu);
  expect(figures).not.toMatch(/gateway_client_limited_total\{client="province"/u);
});

test("several processes share one limit", async () => {
  const scene = await open({ ratePerSecond: 0.01, burst: 20 });
  const second = await openSecondProcess(scene);
  closers.push(second.close);
  const both = await Promise.all([
    statuses(scene, 30, "limited"),
    statuses(scene, 30, "limited", second.app),
    statuses(scene, 30, "limited"),
  ]);
  expect(count(both.flat(), 200)).toBe(20);
  expect(count(both.flat(), 429)).toBe(70);
});

test("the limit is asked after token and scope, and before the body is looked at", async () => {
  const scene = await open({ ratePerSecond: 0.01, burst: 1 });
  expect(await statuses(scene, 2, "limited")).toEqual([200, 429]);
  const path = `/v1/dossiers/${codeOf(1)}`;
  const huge = "x".repeat(2 * 1024 * 1024);
  const statusOf = async (options: object) => (await scene.call("PUT", path, huge, options)).status;
  expect(await statusOf({ token: null })).toBe(401);
  expect(await statusOf({ client: "narrow" })).toBe(403);
  expect(await statusOf({ client: "limited", headers: { "content-type": "text/plain" } })).toBe(429);
  expect(await statusOf({ client: "province" })).toBe(413);
  // Refused for its scope, a call costs nothing: the one that is allowed is still there.
  expect((await scene.call("GET", "/v1/dossiers", undefined, { client: "narrow" })).status).toBe(200);
  expect((await scene.call("GET", "/v1/dossiers", undefined, { client: "narrow" })).status).toBe(429);
});

test("a refused call stores nothing, and its Idempotency-Key serves later", async () => {
  const scene = await open({ ratePerSecond: 1, burst: 1 });
  expect(await statuses(scene, 1, "limited")).toEqual([200]);
  const headers = { "idempotency-key": "k1" };
  const put = () => scene.call("PUT", `/v1/dossiers/${codeOf(2)}`, dossierBody(), { client: "limited", headers });
  expect((await scene.storesNothing(put)).status).toBe(429);
  await expect.poll(async () => (await put()).status, { timeout: 10_000, interval: 100 }).toBe(202);
});

const emptied = (client: string): SQL =>
  sql`update client_budgets set tokens = -1000, refilled_at = clock_timestamp() where client = ${client}`;
const filled = (client: string): SQL => sql`update client_budgets set tokens = 1 where client = ${client}`;

/** Limits on a clock of the test's own; the bucket itself keeps the database's time. */
const openLimits = (scene: ApiScene, clock: { ms: number }, id: string, limit: ClientLimit) => {
  const client = { ...clientOf(id), ...limit } as never;
  const limits = createClientLimits({ tenant: "t", elapsed: () => clock.ms });
  return () => limits.admit(scene.database, client);
};

test("a slice is a tenth of a second's worth, and what is not used of it within a second is forgotten", async () => {
  const scene = await open({});
  const limit = { ratePerSecond: 1000, burst: 1000 };
  const clock = { ms: 0 };
  const admit = openLimits(scene, clock, "fast", limit);
  const left = async () =>
    (await takeClientTokens(scene.database, "t", "fast", { ...limit, ratePerSecond: 0 }, 0)).left;
  expect(await admit()).toBeNull();
  expect(await left()).toBe(900);
  for (let call = 1; call < 100; call += 1) expect(await admit()).toBeNull();
  expect(await left()).toBe(900);
  expect(await admit()).toBeNull();
  await scene.database.execute(emptied("fast"));
  clock.ms = 999;
  expect(await admit()).toBeNull();
  clock.ms = 1001;
  expect(await admit()).toBeGreaterThan(0);
});

test("an empty bucket is not asked again before it may hold something", async () => {
  const scene = await open({});
  const clock = { ms: 0 };
  const limit = { ratePerSecond: 0.02, burst: 1 };
  const admit = openLimits(scene, clock, "slow", limit);
  expect(await admit()).toBeNull();
  const wait = await admit();
  expect(wait).toBeGreaterThan(48);
  expect(wait).toBeLessThanOrEqual(50);
  await scene.database.execute(filled("slow"));
  clock.ms = 40_000;
  expect(await admit()).toBeLessThanOrEqual(10);
  clock.ms = 50_001;
  expect(await admit()).toBeNull();
});

test("calls that come at the same moment take no more than the burst", async () => {
  const scene = await open({});
  const limit = { ratePerSecond: 0.01, burst: 7 };
  const processes = [1, 2, 3].map(() => openLimits(scene, { ms: 0 }, "burst", limit));
  const answers = await Promise.all(processes.flatMap((admit) => Array.from({ length: 10 }, admit)));
  expect(answers.filter((wait) => wait === null)).toHaveLength(7);
});

test.each([
  [{ ratePerSecond: 0 }, "CLIENTS[0].ratePerSecond: "],
  [{ ratePerSecond: "10" }, "CLIENTS[0].ratePerSecond: "],
  [{ ratePerSecond: -1 }, "CLIENTS[0].ratePerSecond: "],
  [{ ratePerSecond: 5, burst: 0.5 }, "CLIENTS[0].burst: "],
  [{ burst: 5 }, "CLIENTS[0].burst: needs ratePerSecond"],
])("a limit that cannot be one is listed at start: %j", async (limit, start) => {
  const settings = { CLIENTS: JSON.stringify([clientOf("a", limit)]), PORT: "none" };
  const error = await parseConfig(settings, platformIds, { settings: demoSettings() }).catch((fault: unknown) => fault);
  const faults = error instanceof ConfigError ? error.faults : [];
  expect(faults).toHaveLength(2);
  expect(faults.some((fault) => fault.startsWith(start))).toBe(true);
  expect(faults.some((fault) => fault.startsWith("PORT"))).toBe(true);
});
