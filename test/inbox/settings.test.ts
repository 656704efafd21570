import { expect, test } from "vitest";
import { ConfigError, parseConfig } from "../../src/config.ts";
import { demoSettings } from "../../src/demo-settings.ts";
import { platformFaults, platformIds } from "../../src/platform-adapters.ts";

const read = (settings: Record<string, string>) =>
  parseConfig({ ...settings }, platformIds, { settings: demoSettings() }, platformFaults);

test("the settings of inbox and webhooks have safe defaults", async () => {
  const config = await read({});
  expect([config.inboxEvents, config.webhookAllowPrivate]).toEqual([[], false]);
  expect(config.guards("province")).toMatchObject({ concurrency: 32, timeoutMs: 15_000 });
});

test("INBOX_EVENTS is a list of event types, WEBHOOK_ALLOW_PRIVATE is true or false, and faults name both at once", async () => {
  const config = await read({ INBOX_EVENTS: "exchange.delivered, receipt.stored", WEBHOOK_ALLOW_PRIVATE: "true" });
  expect([config.inboxEvents, config.webhookAllowPrivate]).toEqual([["receipt.stored", "exchange.delivered"], true]);
  const refused = await read({ INBOX_EVENTS: "exchange.vanished", WEBHOOK_ALLOW_PRIVATE: "yes" }).catch(
    (e: unknown) => e,
  );
  expect(refused).toBeInstanceOf(ConfigError);
  const { faults } = refused as ConfigError;
  expect(faults.map((fault) => fault.split(" ")[0]).sort()).toEqual(["INBOX_EVENTS", "WEBHOOK_ALLOW_PRIVATE"]);
});
