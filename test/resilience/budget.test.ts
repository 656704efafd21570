import { afterEach, beforeEach, expect, test } from "vitest";
import { adapterOf, type GuardScene, openGuardScene } from "./guard-scene.ts";

let scene: GuardScene;

beforeEach(async () => {
  scene = await openGuardScene();
});
afterEach(() => scene.close());

test("a daily quota is one for all processes, whoever comes first", async () => {
  const budget = { dailyQuota: 10 };
  const processes = ["one", "two", "three", "four"].map((owner) => scene.asProcess(owner, { budget }));
  await scene.acceptMany(30);
  const claims = await Promise.all(processes.map((each) => each.claim(8)));
  expect(claims.flat()).toHaveLength(10);
  expect(new Set(claims.flat().map(({ id }) => id)).size).toBe(10);
  for (const each of processes) each.forgetFacts();
  expect((await Promise.all(processes.map((each) => each.claim(8)))).flat()).toEqual([]);
  expect((await scene.facts()).usedToday).toBe(10);
});

test("what is used up today is there again tomorrow, by the calendar of Vietnam", async () => {
  const one = scene.asProcess("one", { budget: { dailyQuota: 2 } });
  await scene.acceptMany(4);
  expect(await one.claim(8)).toHaveLength(2);
  one.forgetFacts();
  expect(await one.claim(8)).toEqual([]);
  await scene.nextDay();
  one.forgetFacts();
  expect(await one.claim(8)).toHaveLength(2);
  expect((await scene.facts()).usedToday).toBe(2);
});

test("looking for work that is not there uses nothing up", async () => {
  const one = scene.asProcess("one", { budget: { dailyQuota: 2, ratePerS: 4 } });
  for (let look = 0; look < 5; look += 1) expect(await one.claim(8)).toEqual([]);
  expect((await scene.facts()).usedToday).toBe(0);
});

test("logins and probes count too, and none is made when the quota is used up", async () => {
  const [one, adapter] = [{ dailyQuota: 4 }, adapterOf(3)];
  const process = scene.asProcess("one", { budget: one }, adapter);
  await scene.acceptMany(3);
  expect(await process.claim(1)).toHaveLength(1);
  await process.call(1);
  expect((await scene.facts()).usedToday).toBe(3);
  expect(await process.claim(1)).toHaveLength(1);
  await process.call(1);
  expect((await scene.facts()).usedToday).toBe(4);
  process.forgetFacts();
  expect(await process.claim(1)).toEqual([]);
});

test("the rate is one for all processes: a burst of a quarter second, then as time passes", async () => {
  const budget = { ratePerS: 20 };
  const processes = ["one", "two"].map((owner) => scene.asProcess(owner, { budget }));
  await scene.acceptMany(40);
  /** How many were let through, and how many at most may be: the bucket fills while the statements run. */
  const claimAll = async () => {
    const begun = performance.now();
    const claimed = (await Promise.all(processes.map((each) => each.claim(8)))).flat().length;
    return { claimed, most: 5 + Math.ceil(((performance.now() - begun) / 1000) * 20) };
  };
  for (const _ of ["full at first", "full again after a minute, and no fuller"]) {
    const { claimed, most } = await claimAll();
    expect(claimed).toBeGreaterThanOrEqual(5);
    expect(claimed).toBeLessThanOrEqual(most);
    await scene.refill(60);
  }
});

test("a limit of one call a second lets one through, not none", async () => {
  const one = scene.asProcess("one", { budget: { ratePerS: 1 } });
  await scene.acceptMany(3);
  expect(await one.claim(8)).toHaveLength(1);
  expect((await one.claim(8)).length).toBeLessThanOrEqual(1);
  await scene.refill(1);
  expect(await one.claim(8)).toHaveLength(1);
});
