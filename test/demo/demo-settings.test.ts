import { expect, test } from "vitest";
import { DEMO_DEFAULTS, readDemoSettings } from "../../mocks/demo/demo-settings.ts";
import { parseConfig } from "../../src/config.ts";
import { DEMO_CLIENT, demoSettings } from "../../src/demo-settings.ts";

test("the demonstration's defaults are those of npm start", async () => {
  expect({ id: DEMO_DEFAULTS.client, secret: DEMO_DEFAULTS.secret }).toEqual(DEMO_CLIENT);
  const config = await parseConfig({}, [], { settings: demoSettings() });
  expect(DEMO_DEFAULTS.gatewayUrl).toBe(config.publicUrl);
});

test("settings replace the defaults, empty ones do not, and a slash at the end is dropped", () => {
  expect(readDemoSettings({ GATEWAY_CLIENT: "" })).toEqual(DEMO_DEFAULTS);
  expect(readDemoSettings({ GATEWAY_URL: "http://g.test:1/", GATEWAY_CLIENT: "a", GATEWAY_SECRET: "b" })).toEqual({
    ...DEMO_DEFAULTS,
    gatewayUrl: "http://g.test:1",
    client: "a",
    secret: "b",
  });
});

test("an address that is none is named", () => {
  expect(() => readDemoSettings({ NATIONAL_PORTAL_SIMULATOR_URL: "8091" })).toThrow("NATIONAL_PORTAL_SIMULATOR_URL");
});
