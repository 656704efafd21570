import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestHarness } from "wrangler";
import { createPopulation } from "../../mocks/population/create-population.ts";
import { POPULATION_PROFILES, populationSettings } from "../../mocks/population/gateway-settings.ts";
import { type ServedSimulator, serve } from "../../mocks/server.ts";
import { purpose, QUERY } from "../adapters/population/population-scene.ts";
import { ROOT } from "./worker-bundle.ts";

const simulator = createPopulation({ now: () => new Date(), newToken: () => "token" });
let served: ServedSimulator;
let server: ReturnType<typeof createTestHarness>;

beforeAll(async () => {
  process.env["WRANGLER_SEND_METRICS"] = "false";
  process.env["CLOUDFLARE_CF_FETCH_ENABLED"] = "false";
  served = await serve(simulator.app);
  const config = {
    name: "population",
    main: "test/worker/fixtures/population-worker.ts",
    compatibility_date: "2026-11-01",
    compatibility_flags: ["nodejs_compat"],
  };
  server = createTestHarness({ root: ROOT, workers: [{ config }] });
  await server.listen();
});
afterAll(async () => {
  await server?.close();
  await served?.close();
});

const ask = async (profile: string, changes: Partial<typeof QUERY> = {}) => {
  const settings = { POPULATION_PROFILE: profile, ...populationSettings(profile, served.url) };
  const body = JSON.stringify({ settings, query: { ...QUERY, ...changes }, purpose: purpose() });
  const answer = await server.fetch(`http://population.test/${profile}`, { method: "POST", body });
  return (await answer.json()) as unknown;
};

test.each(POPULATION_PROFILES)("a citizen is found from within workerd in the profile %s", async (profile) => {
  expect(await ask(profile)).toMatchObject({ ok: true, value: { citizen: { fullName: "NGUYỄN VĂN MẪU" } } });
  expect(await ask(profile, { born: "2001-01-01" })).toEqual({ ok: true, value: { outcome: "not-matched" } });
});

test("faults are told apart from within workerd as on Node", async () => {
  simulator.dial.set({ fault: "truncated", times: 1 });
  expect(await ask("c06-soap")).toMatchObject({ ok: false, fault: { code: "upstream_malformed" } });
  simulator.dial.set({ fault: "xroad", code: "Server.ServerProxy.AccessDenied", by: "soap", times: 1 });
  expect(await ask("c06-soap")).toMatchObject({ ok: false, fault: { code: "upstream_rejected" } });
});

test("twenty questions of twenty requests at once share one engine", async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask("c06-soap")));
  expect(answers.filter((answer) => (answer as { ok: boolean }).ok)).toHaveLength(20);
});
