import { afterEach, beforeEach, expect, test } from "vitest";
import type { Adapter } from "../../contracts/adapter.ts";
import { inPacket } from "../../src/ledger/packet.ts";
import { AWAY, adapterOf, type GuardScene, openGuardScene } from "./guard-scene.ts";

let scene: GuardScene;

beforeEach(async () => {
  scene = await openGuardScene();
});
afterEach(() => scene.close());

const packing = (): Adapter => {
  const adapter = adapterOf();
  const perform: NonNullable<Adapter["packets"]>["perform"] = (_messages, call) => adapter.perform({} as never, call);
  return { ...adapter, packets: { most: 3, perform } };
};

const acceptSteps = async (dossier: string, count: number): Promise<void> => {
  for (let n = 0; n < count; n += 1) await scene.accept(dossier);
};

test("a packet takes one call from the quota, however many steps it holds", async () => {
  const process = scene.asProcess("one", { budget: { dailyQuota: 3 } }, packing(), 3);
  for (const dossier of ["A", "B", "C", "D"]) await acceptSteps(dossier, 3);
  const claimed = await process.claim(8);
  expect(claimed.map((head) => inPacket(head).length)).toEqual([3, 3, 3]);
  expect((await scene.facts()).usedToday).toBe(3);
  process.forgetFacts();
  expect(await process.claim(8)).toEqual([]);
});

test("a packet is one sample for the breaker, and its calls are watched like any other", async () => {
  const process = scene.asProcess("one", {}, packing(), 3);
  await acceptSteps("A", 3);
  const failing = (async () => ({ ok: false, fault: AWAY })) as Parameters<typeof process.callPacket>[0];
  for (let made = 0; made < 19; made += 1) await process.callPacket(failing);
  expect(await process.claim(1)).toHaveLength(1);
  expect(process.changes).toEqual([]);
  await process.callPacket(failing);
  process.forgetFacts();
  expect(await process.claim(1)).toEqual([]);
  expect(process.changes).toEqual(["opened"]);
});

test("a packet may be the half-open try: it closes the breaker, or waits whole without a pause of its own", async () => {
  const process = scene.asProcess("one", {}, packing(), 3);
  await acceptSteps("A", 3);
  const failing = (async () => ({ ok: false, fault: AWAY })) as Parameters<typeof process.callPacket>[0];
  for (let made = 0; made < 20; made += 1) await process.callPacket(failing);
  expect(await process.claim(1)).toEqual([]);
  await scene.letPass(60);
  process.forgetFacts();
  const [packet] = await process.claim(4);
  if (packet === undefined) throw new Error("nothing tries the platform");
  expect(inPacket(packet)).toHaveLength(3);
  const settlement = await process.attemptEntry(packet, "transient");
  expect(inPacket(settlement).map(({ next }) => next.state === "waiting" && next.delayMs)).toEqual([0, 0, 0]);
  await process.settle([settlement]);
  await scene.letPass(60);
  process.forgetFacts();
  await process.claim(4);
  await scene.letPass(60);
  process.forgetFacts();
  const [alone] = await process.claim(4);
  if (alone === undefined) throw new Error("nothing tries the platform");
  expect(inPacket(alone)).toHaveLength(1);
  await process.settle([await process.attemptEntry(alone, "delivered")]);
  process.forgetFacts();
  await process.claim(1);
  expect(process.changes).toEqual(["opened", "closed"]);
});
