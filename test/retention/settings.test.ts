import { expect, test } from "vitest";
import { parseConfig } from "../../src/config.ts";
import { demoSettings } from "../../src/demo-settings.ts";
import { platformIds } from "../../src/platform-adapters.ts";

const read = (settings: Readonly<Record<string, string>>) =>
  parseConfig(settings, platformIds, { settings: demoSettings() });

test("bodies are kept for 90 days and entries for five years unless said otherwise", async () => {
  expect((await read({})).retention).toEqual({ bodiesDays: 90, entriesDays: 1825 });
  const given = await read({ RETENTION_BODIES_DAYS: "30", RETENTION_ENTRIES_DAYS: "30" });
  expect(given.retention).toEqual({ bodiesDays: 30, entriesDays: 30 });
});

test.for([
  [{ RETENTION_BODIES_DAYS: "0" }, ["RETENTION_BODIES_DAYS is not a whole number from 1 to 36500"]],
  [{ RETENTION_BODIES_DAYS: "-1" }, ["RETENTION_BODIES_DAYS is not a whole number from 1 to 36500"]],
  [{ RETENTION_ENTRIES_DAYS: "1.5" }, ["RETENTION_ENTRIES_DAYS is not a whole number from 1 to 36500"]],
  [{ RETENTION_ENTRIES_DAYS: "five years" }, ["RETENTION_ENTRIES_DAYS is not a whole number from 1 to 36500"]],
  [
    { RETENTION_BODIES_DAYS: "91", RETENTION_ENTRIES_DAYS: "90" },
    ["RETENTION_BODIES_DAYS is more than RETENTION_ENTRIES_DAYS: bodies go with their entries"],
  ],
  [
    { RETENTION_BODIES_DAYS: "x", RETENTION_ENTRIES_DAYS: "y", PORT: "z" },
    [
      "PORT is not a whole number from 0 to 65535",
      "RETENTION_BODIES_DAYS is not a whole number from 1 to 36500",
      "RETENTION_ENTRIES_DAYS is not a whole number from 1 to 36500",
    ],
  ],
] as const)("%j is refused at start, every fault at once", async ([settings, faults]) => {
  await expect(read(settings)).rejects.toMatchObject({ faults });
});
