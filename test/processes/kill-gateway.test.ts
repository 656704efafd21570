import { expect, test } from "vitest";
import { startGateway, tokenOf } from "./gateway-child.ts";
import { disorders, mostRepeated } from "./portal.ts";
import { drainedOf, retriedSteps, startProvince } from "./province.ts";
import { openFolder, openSlowPortal } from "./surroundings.ts";

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
  // The kill did hit work under way; of a dossier only the step that was in doubt may have been repeated.
  expect(await retriedSteps(second.url, token)).toBeGreaterThan(0);
  expect(mostRepeated(portal.portal.state.dossiers.values())).toBeLessThanOrEqual(1);
  expect((await second.stop()).code).toBe(0);
});
