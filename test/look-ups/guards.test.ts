import { expect, test } from "vitest";
import { dossierBody } from "../gateway-scene.ts";
import { codeOf } from "../http/api-scene.ts";
import { lookupBody, openLookUpScene } from "./look-up-scene.ts";

const open = async (settings: Record<string, string>) => {
  const scene = await openLookUpScene({ settings });
  await scene.call("PUT", `/v1/dossiers/${codeOf(1)}`, dossierBody());
  const token = await scene.officer();
  return { ...scene, once: () => scene.lookUp(lookupBody(), { token }) };
};

test("a breaker that opened answers at once without a call, with its reset, and one look-up closes it again", async () => {
  const scene = await open({ POPULATION_BREAKER_RESET_MS: "1500", LOOKUPS_PER_OFFICER_HOUR: "1000" });
  try {
    scene.population.dial.set([{ fault: "close" }]);
    await Promise.all(Array.from({ length: 24 }, () => scene.once()));
    await expect
      .poll(async () => (await scene.once()).headers.get("retry-after"), { timeout: 10_000 })
      .toMatch(/^[12]$/u);
    const asked = scene.population.registry.asked.length;
    scene.population.dial.clear();
    const held = await scene.once();
    expect([held.status, held.body.code]).toEqual([503, "upstream_unavailable"]);
    expect(scene.population.registry.asked.length).toBe(asked);
    await expect.poll(async () => (await scene.once()).status, { timeout: 15_000 }).toBe(200);
    expect((await scene.once()).status).toBe(200);
  } finally {
    await scene.close();
  }
});

test("a paused registry and a rate that is used up are 503 with the time to come back, and a day's quota holds", async () => {
  const scene = await open({ POPULATION_DAILY_QUOTA: "3" });
  try {
    expect([(await scene.once()).status, (await scene.once()).status, (await scene.once()).status]).toEqual([
      200, 200, 200,
    ]);
    const spent = await scene.once();
    expect([spent.status, spent.body.code]).toEqual([503, "upstream_unavailable"]);
    expect(Number(spent.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(scene.population.registry.asked).toHaveLength(3);
    await scene.call("POST", "/v1/platforms/population/pause", { reason: "bảo trì" });
    await expect.poll(async () => (await scene.once()).headers.get("retry-after")).toBe("60");
  } finally {
    await scene.close();
  }
});

test("look-ups beyond the bulkhead wait their turn, and no more than it run at once", async () => {
  const scene = await open({ POPULATION_CONCURRENCY: "2" });
  try {
    scene.population.dial.set([{ fault: "latency", ms: 60 }]);
    const begun = performance.now();
    const all = await Promise.all(Array.from({ length: 8 }, () => scene.once()));
    expect(all.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    expect(performance.now() - begun).toBeGreaterThan(200);
  } finally {
    await scene.close();
  }
});

test("without a registry a look-up is not configured and stores nothing", async () => {
  const scene = await openLookUpScene({ settings: { POPULATION_URL: "", ENTERPRISE_URL: "" } });
  try {
    const token = await scene.officer();
    const refused = await scene.storesNothing(() => scene.lookUp(lookupBody(), { token }));
    expect([refused.status, refused.body.code]).toEqual([503, "not_configured"]);
    const enterprise = await scene.storesNothing(() => scene.call("GET", "/v1/enterprises/9900000016"));
    expect([enterprise.status, enterprise.body.code]).toEqual([503, "not_configured"]);
  } finally {
    await scene.close();
  }
});
