import { expect, onTestFinished, test } from "vitest";
import { connect } from "../../src/runtime/database-connection.ts";
import { createTestDatabase, type TestDatabase } from "../database.ts";
import { type GatewayChild, startGateway, tokenOf } from "./gateway-child.ts";
import { disorders, mostRepeated, type Portal } from "./portal.ts";
import { drainedOf, startProvince } from "./province.ts";
import { openFolder, openSlowPortal } from "./surroundings.ts";

/** Lease, polling and a machine that has other things to do (design section 6, "Leases"). */
const TAKE_OVER_MS = 15_000;

/** Two gateways on one database, each before the same portal. */
const startTwo = async (portal: Portal): Promise<{ gateways: GatewayChild[]; database: TestDatabase }> => {
  const database = await createTestDatabase();
  onTestFinished(database.drop);
  const settings = { ...portal.settings, DATABASE_URL: database.url, DATA_DIR: await openFolder() };
  return { database, gateways: await Promise.all([startGateway(settings), startGateway(settings)]) };
};

/** How many entries each process holds at this moment. */
const holders = async (database: TestDatabase): Promise<number[]> => {
  const sql = connect(database.url, { max: 1 });
  try {
    const held = await sql<{ count: number }[]>`
      select count(*)::int as count from pending where state = 'sending' group by owner order by count`;
    return held.map(({ count }) => count);
  } finally {
    await sql.end();
  }
};

test("two gateways on one database share the work, keep each dossier's order and send each step once", async () => {
  const portal = await openSlowPortal(20);
  const { gateways, database } = await startTwo(portal);
  const urls = gateways.map(({ url }) => url);
  // A token of the one is good at the other.
  const token = await tokenOf(urls[0] ?? "");
  const load = { dossiers: 40, steps: 5, series: 3 };
  const province = startProvince(() => urls, token, load);
  await province.until(portal.sawSteps(20));
  await expect.poll(() => holders(database), { timeout: 5000, interval: 10 }).toHaveLength(2);
  await province.done;
  const sums = await drainedOf(urls[1] ?? "", token, 15);
  expect(sums).toMatchObject({ accepted: 40 * 6, delivered: 40 * 6, failed: 0, superseded: 0 });
  expect(disorders(portal, province.codes, load.steps)).toEqual([]);
  expect(portal.portal.state.counts).toMatchObject({ dossiers: 40, steps: 40 * 5, repeatedSteps: 0, updates: 0 });
  expect(portal.portal.overlaps.count).toBe(0);
  // More at once than one process alone may have in flight.
  expect(portal.portal.overlaps.most).toBeGreaterThan(8);
  const ends = await Promise.all(gateways.map((gateway) => gateway.stop()));
  expect(ends.map(({ code }) => code)).toEqual([0, 0]);
});

test("when one of two gateways is killed, the other takes its work over within 15 s and nothing gets out of order", async () => {
  const portal = await openSlowPortal(60);
  const { gateways, database } = await startTwo(portal);
  const [victim, survivor] = gateways;
  if (victim === undefined || survivor === undefined) throw new Error("two were started");
  let urls = [victim.url, survivor.url];
  const token = await tokenOf(survivor.url);
  const load = { dossiers: 40, steps: 3, series: 4 };
  const province = startProvince(() => urls, token, load);
  await province.until(portal.sawSteps(15));
  await expect.poll(() => holders(database), { timeout: 5000, interval: 10 }).toHaveLength(2);
  urls = [survivor.url];
  await victim.kill();
  const killed = performance.now();
  await province.done;
  const sums = await drainedOf(survivor.url, token, 20);
  expect(performance.now() - killed).toBeLessThan(TAKE_OVER_MS);
  expect(sums).toMatchObject({ accepted: 40 * 4, delivered: 40 * 4, failed: 0, superseded: 0 });
  expect(disorders(portal, province.codes, load.steps)).toEqual([]);
  const { dossiers, steps, repeatedSteps } = portal.portal.state.counts;
  expect({ dossiers, steps: steps - repeatedSteps }).toEqual({ dossiers: 40, steps: 40 * 3 });
  expect(mostRepeated(portal.portal.state.dossiers.values())).toBeLessThanOrEqual(1);
});
