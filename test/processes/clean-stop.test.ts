import { expect, test } from "vitest";
import { startGateway, tokenOf } from "./gateway-child.ts";
import { disorders } from "./portal.ts";
import { drainedOf, startProvince } from "./province.ts";
import { openFolder, openSlowPortal } from "./surroundings.ts";

test("a gateway that is told to end in mid traffic ends with code 0, loses and repeats nothing, and starts again quickly", async () => {
  const portal = await openSlowPortal(30);
  const settings = { ...portal.settings, DATA_DIR: await openFolder() };
  const first = await startGateway(settings);
  const token = await tokenOf(first.url);
  let urls = [first.url];
  const load = { dossiers: 16, steps: 4, series: 2 };
  const province = startProvince(() => urls, token, load);
  await province.until(portal.sawSteps(10));
  const ended = await first.stop();
  expect(ended).toMatchObject({ code: 0, stderr: "" });
  urls = [];
  const begun = performance.now();
  const second = await startGateway(settings);
  // 1.6 s on an idle machine; nothing may be left to recover.
  expect(performance.now() - begun).toBeLessThan(8000);
  urls = [second.url];
  await province.done;
  const sums = await drainedOf(second.url, token, 15);
  expect(sums).toMatchObject({ accepted: 16 * 5, delivered: 16 * 5, failed: 0 });
  expect(disorders(portal, province.codes, load.steps)).toEqual([]);
  expect(portal.portal.state.counts).toMatchObject({ dossiers: 16, steps: 16 * 4, repeatedSteps: 0, updates: 0 });
  expect(portal.portal.overlaps.count).toBe(0);
  expect((await second.stop()).code).toBe(0);
});
