import { expect, test } from "vitest";
import { SEED, seededRandom } from "../ledger/ledger-scene.ts";
import { FAIL_POINTS } from "./fail-points.ts";
import { planEveryPoint } from "./plan-round.ts";
import { longestOf, printedReport } from "./report.ts";
import { runRounds, TAKE_OVER_MS } from "./rounds.ts";

const GATEWAYS = 3;

test("gateways that die at every place, and PostgreSQL that ends in mid traffic, break no promise of the ledger", {
  timeout: 240_000,
}, async () => {
  const report = await runRounds({
    seed: SEED,
    gateways: GATEWAYS,
    checkEvery: 10,
    plans: planEveryPoint(GATEWAYS, seededRandom(SEED)),
    say: () => undefined,
  });
  console.log(printedReport(report));
  expect(report.faults).toEqual([]);
  expect(FAIL_POINTS.filter((point) => !report.kills.has(point))).toEqual([]);
  expect(report.restarts).toEqual({ fast: 1, immediate: 1 });
  expect(report.accepted).toBeGreaterThan(100);
  expect(report.delivered).toBeGreaterThan(100);
  expect(report.takeOvers.length).toBeGreaterThan(0);
  expect(longestOf(report.takeOvers.filter(({ calm }) => calm))).toBeLessThan(TAKE_OVER_MS);
});
