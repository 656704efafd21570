import { expect, onTestFinished, test } from "vitest";
import type { Database } from "../../src/database/database.ts";
import { openAdverseScene } from "./adverse-scene.ts";

const CODES = [
  ["serialization failures", "40001"],
  ["deadlocks", "40P01"],
  ["a full disk, as an injected error", "53100"],
  ["too many connections", "53300"],
  ["statements that are cancelled", "57014"],
  ["a server that is starting up", "57P03"],
] as const;

/** A database that refuses everything with a code of PostgreSQL's, as long as there is one. */
const createRefuser = () => {
  let code: string | undefined;
  const refusal = (): Error => Object.assign(new Error("refused by the test"), { code });
  return {
    set: (next: string | undefined): void => {
      code = next;
    },
    between: (database: Database): Database => ({
      execute: (query) => (code === undefined ? database.execute(query) : Promise.reject(refusal())),
      transaction: (work) => (code === undefined ? database.transaction(work) : Promise.reject(refusal())),
    }),
  };
};

test.for(CODES)(
  "through %s callers are told to come back, no attempt is spent, and all goes on by itself",
  async ([, code]) => {
    const refuser = createRefuser();
    const scene = await openAdverseScene({ between: refuser.between });
    onTestFinished(scene.close);
    for (const number of [1, 2, 3]) expect((await scene.put(number)).status).toBe(202);
    const before = await scene.unsettled();
    refuser.set(code);
    scene.startDispatch();
    await scene.expectRefused(4);
    await scene.expectNotReady();
    await scene.refusals(4);
    expect(await scene.unsettled()).toEqual(before);
    expect(scene.portal.calls.total).toBe(0);
    refuser.set(undefined);
    await scene.expectRecovered(3, 5);
  },
);

test("a database that is lost while messages are on the wire costs no attempt: results wait until they can be kept", async () => {
  const refuser = createRefuser();
  const scene = await openAdverseScene({ between: refuser.between });
  onTestFinished(scene.close);
  const accepted = 20;
  for (let number = 1; number <= accepted; number++) await scene.put(number);
  scene.portal.dial.set({ fault: "latency", ms: 60 });
  scene.startDispatch();
  await expect.poll(() => scene.portal.calls.total, { timeout: 10_000, interval: 2 }).toBeGreaterThan(0);
  refuser.set("08006");
  await scene.refusals(8);
  const sent = scene.portal.state.counts.dossiers;
  await scene.refusals(8);
  // What was in the dispatcher's hands was sent, no more than that.
  expect(scene.portal.state.counts.dossiers).toBeLessThanOrEqual(Math.max(sent, 8));
  expect(await scene.look`select 1 from attempts where outcome <> 'delivered'`).toHaveLength(0);
  refuser.set(undefined);
  await scene.expectRecovered(accepted, accepted + 1);
});
