import { expect, test } from "vitest";
import { pushUnderKills } from "./pushes-under-kills.ts";
import { openFolder, openSlowPortal } from "./surroundings.ts";

const SEED = 20_261_122;
const DOSSIERS = 20;

test(`pushes, repeated, reordered and spoilt (seed ${SEED}), while the gateway is killed: the province is told each once, in the order of its dossier`, {
  timeout: 120_000,
}, async () => {
  const portal = await openSlowPortal(1);
  const dataDir = await openFolder();
  const report = await pushUnderKills({ seed: SEED, dossiers: DOSSIERS, kills: 1, dataDir, portal: portal.settings });
  expect(report.kills).toBe(1);
  expect(report.pushes.notTaken).toEqual([]);
  expect(report.told).toEqual(report.pushes.order);
  expect(report.taken).toBe(5 * DOSSIERS);
  expect(report.refused).toBeGreaterThan(0);
});
