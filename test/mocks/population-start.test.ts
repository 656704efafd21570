import { expect, test } from "vitest";
import { POPULATION_PROFILES } from "../../mocks/population/gateway-settings.ts";
import { type PlatformSimulator, startSimulator } from "../../mocks/start-simulator.ts";
import { createNodeTransport } from "../../src/runtime/node-transport.ts";
import { scriptedCall } from "../adapters/call-context.ts";
import { openCitizens, purpose, QUERY } from "../adapters/population/population-scene.ts";

/** Finds the citizen of the example through a started simulator, with the settings that it gave. */
const find = async (simulator: PlatformSimulator | null, own: Readonly<Record<string, string>>) => {
  const node = createNodeTransport({ connections: 1, connectTimeoutMs: 5000 });
  const clock = { now: () => new Date(), advance: () => {} };
  const citizens = openCitizens({ ...own, ...simulator?.settings });
  const found = await citizens.find(QUERY, purpose(), scriptedCall(node.transport, { clock }));
  await node.close();
  await simulator?.close();
  return found;
};

const place = { dataDir: "/nonexistent", port: 0, agencyCode: "000.00.00.H04" };

test.each(POPULATION_PROFILES)(
  "npm start plays the registry in the profile %s that the settings name",
  async (profile) => {
    const settings = { POPULATION_PROFILE: profile, POPULATION_SECRET: "stray", POPULATION_TIMESTAMP_UNIT: "s" };
    const simulator = await startSimulator("population", { ...place, settings });
    expect(await find(simulator, settings)).toMatchObject({ ok: true, value: { outcome: "matched" } });
  },
);

test.each(["plain", "accented"])("it wants names as the settings say: %s", async (form) => {
  const settings = { POPULATION_NAME_FORM: form };
  const simulator = await startSimulator("population", { ...place, settings });
  expect(await find(simulator, settings)).toMatchObject({ ok: true, value: { outcome: "matched" } });
});

test("without settings it is the direct form with names in capitals, accents and spaces taken off", async () => {
  const simulator = await startSimulator("population", place);
  expect(simulator?.settings["POPULATION_URL"]).toBe(`${simulator?.url}/c06/TraCuuThongTinCongDan`);
  expect(await find(simulator, {})).toMatchObject({ ok: true, value: { outcome: "matched" } });
});
