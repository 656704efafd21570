import { expect, test } from "vitest";
import { startGateway, tokenOf } from "./gateway-child.ts";
import { disorders } from "./portal.ts";
import { drainedOf, retriedSteps, startProvince } from "./province.ts";
import { openFolder, openSlowPortal } from "./surroundings.ts";

/** Exchanges in flight at once, by default. */
const CONCURRENCY = 8;

test("a gateway that is killed in mid traffic finishes everything after a start on the same folder, tokens still good", async () => {
  const portal = await openSlowPortal(30);
  const settings = { ...portal.settings, DATA_DIR: await openFolder() };
  const first = await startGateway(settings);
  const token = await tokenOf(first.url);
  let urls = [first.url];
  const load = { dossiers: 24, steps: 5, series: 0 };
  const province = startProvince(() => urls, token, load);
  await province.until(portal.sawSteps(30));
  urls = [];
  await first.kill();
  const second = await startGateway(settings);
  urls = [second.url];
  await province.done;
  const sums = await drainedOf(second.url, token, 15);
  expect(sums).toMatchObject({ accepted: 24 * 6, delivered: 24 * 6, failed: 0, cancelled: 0, superseded: 0 });
  expect(disorders(portal, province.codes, load.steps)).toEqual([]);
  const { dossiers, steps, repeatedSteps } = portal.portal.state.counts;
  expect({ dossiers, steps: steps - repeatedSteps }).toEqual({ dossiers: 24, steps: 24 * 5 });
  // The kill did hit work under way; only what was in flight, or sent and not yet settled, may have been repeated.
  expect(await retriedSteps(second.url, token)).toBeGreaterThan(0);
  expect(repeatedSteps).toBeLessThanOrEqual(CONCURRENCY);
  expect((await second.stop()).code).toBe(0);
});
