import { expect, onTestFinished, test } from "vitest";
import { openAdverseScene } from "./adverse-scene.ts";
import { openSmallDisk } from "./small-disk.ts";

/** Exchanges in flight at once, by default. */
const CONCURRENCY = 8;

test("a disk that is full stops accepting, lets nothing be sent twice, and everything goes on when there is room again", {
  timeout: 90_000,
}, async () => {
  const disk = await openSmallDisk();
  if (disk === null) {
    console.log("no disk can be mounted here: a full disk is proven by the injected error 53100 alone");
    return;
  }
  const scene = await openAdverseScene({ url: disk.url });
  onTestFinished(async () => {
    await scene.close();
    await disk.remove();
  });
  let accepted = 0;
  while (accepted < 30) expect((await scene.put(++accepted)).status).toBe(202);
  await disk.fill();
  // Pages that are half full take some more.
  let status = 202;
  for (; status === 202 && accepted < 2000; accepted += status === 202 ? 1 : 0) {
    ({ status } = await scene.put(accepted + 1));
  }
  expect(status).toBe(503);
  await scene.expectRefused(accepted + 1);
  await scene.expectNotReady();
  scene.startDispatch();
  await scene.refusals(5);
  // Results that cannot be kept are not added to: what was in flight is sent, once, and kept later.
  expect(scene.portal.state.counts.dossiers).toBeLessThanOrEqual(accepted);
  const unkept = scene.portal.state.counts.dossiers - (await scene.look`select 1 from settled`).length;
  expect(unkept).toBeLessThanOrEqual(CONCURRENCY);
  expect(await scene.look`select 1 from attempts where outcome <> 'delivered'`).toHaveLength(0);
  await disk.makeRoom();
  await scene.expectRecovered(accepted, accepted + 1);
});
