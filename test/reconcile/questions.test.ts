import { expect, onTestFinished, test } from "vitest";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { dossierBody } from "../gateway-scene.ts";
import { openApiScene } from "../http/api-scene.ts";
import { codeOf, reconcileCalls, type Seed, seedHere, seedThere } from "./reconcile-scene.ts";

/** A gateway with dossiers that both sides hold alike. */
const openWith = async (count: number, settings: Record<string, string>) => {
  const scene = await openApiScene({ settings });
  onTestFinished(() => scene.close());
  const seeds = Array.from({ length: count }, (_, i): Seed => ({ n: i + 1, ours: "accepted", theirs: "2" }));
  await seedHere(scene, seeds);
  await seedThere(scene, seeds);
  return { scene, ...reconcileCalls(() => scene) };
};

test("half of the day's quota is left to what is delivered", async () => {
  const { scene, start, until } = await openWith(60, { NATIONAL_PORTAL_DAILY_QUOTA: "40" });
  const run = await until(await start(), ({ held }) => held === "quota", 30);
  expect(run).toMatchObject({ state: "running", found: { "missing-at-portal": 0 } });
  expect(run.examined).toBeLessThan(60);
  const [spent] = await rows<{ used: number }>(scene.database, sql`select used from platform_budgets`);
  // The login is a call of its own.
  expect(spent?.used).toBeLessThanOrEqual(21);
  expect((await scene.call("PUT", `/v1/dossiers/${codeOf(900)}`, dossierBody())).status).toBe(202);
  await scene.drained();
  expect(scene.portal.state.dossiers.has(codeOf(900))).toBe(true);
});

test("questions keep the rate of the platform", async () => {
  const { start, until } = await openWith(40, { NATIONAL_PORTAL_RATE_PER_S: "20" });
  const begun = performance.now();
  const run = await until(await start(), ({ state }) => state !== "running", 60);
  expect(run).toMatchObject({ state: "finished", present: 40 });
  // 40 questions and a login at 20 a second, of which a quarter of a second's worth may come at once.
  expect(performance.now() - begun).toBeGreaterThan(1500);
});

test("a half-open breaker is tried by a question too, and closes by its answer", async () => {
  const { scene, start, until } = await openWith(5, {});
  await scene.database.execute(
    sql`insert into platform_states (tenant, platform, opened_at, breaker_since)
        values ('H04', 'national-portal', now() - interval '1 minute', now() - interval '1 minute')
        on conflict (tenant, platform) do update set opened_at = excluded.opened_at`,
  );
  const run = await until(await start(), ({ state }) => state !== "running", 30);
  expect(run).toMatchObject({ state: "finished", present: 5 });
  const [state] = await rows<{ opened_at: string | null }>(scene.database, sql`select opened_at from platform_states`);
  expect(state?.opened_at).toBeNull();
});

test("an open breaker holds a run, which says so", async () => {
  const { scene, start, until } = await openWith(5, { NATIONAL_PORTAL_BREAKER_RESET_MS: "3600000" });
  await scene.database.execute(
    sql`insert into platform_states (tenant, platform, opened_at) values ('H04', 'national-portal', now())
        on conflict (tenant, platform) do update set opened_at = now()`,
  );
  const before = scene.portal.calls.total;
  const run = await until(await start(), ({ held }) => held !== undefined, 30);
  expect(run).toMatchObject({ held: "breaker", examined: 0 });
  expect(scene.portal.calls.total).toBe(before);
});
