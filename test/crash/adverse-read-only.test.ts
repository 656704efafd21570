import { expect, inject, onTestFinished, test } from "vitest";
import { connect } from "../../src/runtime/database-connection.ts";
import { openAdverseScene } from "./adverse-scene.ts";

/** Lets the database of `url` take no writes, or takes that back; either way whoever is connected has to come again. */
const setReadOnly = async (name: string, on: boolean): Promise<void> => {
  const admin = connect(inject("pgAdminUrl"), { max: 1 });
  try {
    const setting = "default_transaction_read_only";
    await admin.unsafe(`alter database ${name} ${on ? `set ${setting} = on` : `reset ${setting}`}`);
    await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`;
  } finally {
    await admin.end();
  }
};

test("a database that turns read-only stops accepting and sending, is read all the same, and everything goes on afterwards", async () => {
  const scene = await openAdverseScene();
  onTestFinished(scene.close);
  const [{ name } = { name: "" }] = await scene.look<{ name: string }[]>`select current_database() as name`;
  for (const number of [1, 2, 3]) expect((await scene.put(number)).status).toBe(202);
  const before = await scene.unsettled();
  await setReadOnly(name, true);
  scene.startDispatch();
  await scene.refusals(3);
  await scene.expectRefused(4);
  await scene.expectNotReady();
  expect((await scene.ask("GET", "/v1/ledger")).status).toBe(200);
  expect(await scene.unsettled()).toEqual(before);
  expect(scene.portal.calls.total).toBe(0);
  await setReadOnly(name, false);
  await scene.expectRecovered(3, 5);
});

test("backends that are ended in mid traffic cost refused calls at most: the process goes on, and nothing is lost or repeated", {
  timeout: 90_000,
}, async () => {
  const scene = await openAdverseScene({ connections: 4 });
  onTestFinished(scene.close);
  const [{ name } = { name: "" }] = await scene.look<{ name: string }[]>`select current_database() as name`;
  scene.startDispatch();
  const admin = connect(inject("pgAdminUrl"), { max: 1 });
  onTestFinished(() => admin.end());
  let number = 0;
  const accepted: number[] = [];
  for (let round = 0; round < 8; round++) {
    const calls = Array.from({ length: 12 }, async () => {
      const mine = ++number;
      const { status, body } = await scene.put(mine);
      if (status === 202) accepted.push(mine);
      else expect([status, body.code]).toEqual([503, "unavailable"]);
    });
    await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name} and pid <> pg_backend_pid()`;
    await Promise.all(calls);
  }
  // What was refused is put again: a call whose commit was cut off may have been taken, and is then the same exchange.
  for (let mine = 1; mine <= number; mine++) {
    if (!accepted.includes(mine))
      await expect.poll(async () => (await scene.put(mine)).status, { timeout: 20_000 }).toBe(202);
  }
  // A claim whose answer was lost is taken over when its lease has run out.
  await expect.poll(scene.unsettled, { timeout: 40_000 }).toEqual([]);
  const [found] =
    await scene.look`select (select count(*)::int from entries) as entries, (select count(*)::int from settled) as settled`;
  expect(found).toEqual({ entries: number, settled: number });
  expect(scene.portal.state.counts).toMatchObject({ dossiers: number, updates: 0 });
});
