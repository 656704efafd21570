import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { AttemptRecord, ClaimedEntry, DispatchLedger } from "../../contracts/ledger.ts";
import { sql } from "../../src/database/sql.ts";
import { claimEntries } from "../../src/ledger/claim-entries.ts";
import { retryEntry } from "../../src/ledger/retry-entry.ts";
import { supersedeUpdates } from "../../src/ledger/supersede-updates.ts";
import { FAULT, type LedgerScene, openLedgerScene, settlementOf } from "./ledger-scene.ts";

let scene: LedgerScene;
let ledger: DispatchLedger;

beforeAll(async () => {
  scene = await openLedgerScene();
});
beforeEach(async () => {
  await scene.database.execute(sql`truncate entries, pending, settled, attempts, holdings`);
  ledger = scene.dispatchLedger("first");
});
afterAll(() => scene.close());

const put = () => scene.accept("A", "dossier.put");
const step = () => scene.accept("A", "dossier.step");

const settleHead = async (outcome: AttemptRecord["outcome"]): Promise<ClaimedEntry> => {
  const [entry] = await ledger.claim(1);
  if (entry === undefined) throw new Error("nothing was claimed");
  await ledger.settle([settlementOf(entry, outcome)]);
  return entry;
};

/** Delivers everything that can be; the ids in the order sent. */
const deliverAll = async (): Promise<string[]> => {
  const sent: string[] = [];
  for (let claimed = await ledger.claim(1); claimed.length > 0; claimed = await ledger.claim(1)) {
    await ledger.settle(claimed.map((entry) => settlementOf(entry, "delivered")));
    sent.push(...claimed.map(({ id }) => id));
  }
  return sent;
};

test("a full update takes the place of the unsettled one directly before it, and names itself there", async () => {
  const [first, second] = [await put(), await put()];
  expect(await scene.read(first)).toMatchObject({ state: "superseded", supersededBy: second });
  expect(await scene.read(second)).toMatchObject({ state: "queued", position: first });
  const third = await put();
  expect(await scene.read(second)).toMatchObject({ state: "superseded", supersededBy: third });
  expect(await deliverAll()).toEqual([third]);
});

test("a full update supersedes one that waits after a transient fault, with the count of its attempts kept", async () => {
  const first = await put();
  await settleHead("transient");
  const second = await put();
  expect(await scene.read(first)).toMatchObject({ state: "superseded", attempts: 1 });
  expect(await deliverAll()).toEqual([second]);
});

test("a full update does not reach over a step: both updates are sent, in the order accepted", async () => {
  const sent = [await put(), await step(), await put()];
  expect(await deliverAll()).toEqual(sent);
});

test("a step supersedes nothing and is never superseded", async () => {
  const sent = [await step(), await step(), await put()];
  expect(await deliverAll()).toEqual(sent);
});

test("a corrected update takes the place of a failed one at the head although steps wait behind it", async () => {
  const failed = await put();
  const [one, two] = [await step(), await step()];
  await settleHead("refused");
  const corrected = await put();
  expect(await scene.read(failed)).toMatchObject({ state: "superseded", supersededBy: corrected });
  expect(await scene.read(corrected)).toMatchObject({ state: "queued", position: failed });
  expect(await deliverAll()).toEqual([corrected, one, two]);
});

test("a corrected update also takes out the updates that wait behind the failed one", async () => {
  const failed = await put();
  await settleHead("refused");
  const one = await step();
  // Accepted while the head is about to be tried again: it stands at the end.
  await retryEntry(scene.database, "H04", failed);
  const later = await put();
  await settleHead("refused");
  const corrected = await put();
  expect(await scene.read(failed)).toMatchObject({ supersededBy: corrected });
  expect(await scene.read(later)).toMatchObject({ state: "superseded", supersededBy: corrected });
  expect(await deliverAll()).toEqual([corrected, one]);
});

test("a failed step at the head is not corrected by an update: it stays for a person", async () => {
  const failed = await step();
  await settleHead("refused");
  const after = await put();
  expect(await scene.read(failed)).toMatchObject({ state: "failed" });
  expect(await scene.read(after)).toMatchObject({ state: "queued", position: after });
  expect(await deliverAll()).toEqual([]);
});

test("an update in sending is never superseded", async () => {
  const first = await put();
  const [sending] = await ledger.claim(1);
  const second = await put();
  expect(await scene.read(first)).toMatchObject({ state: "sending" });
  expect(await scene.read(second)).toMatchObject({ position: second });
  await ledger.settle([settlementOf(sending as ClaimedEntry, "delivered")]);
  expect(await deliverAll()).toEqual([second]);
});

test("an update whose last outcome is unknown is never superseded, be it waiting or failed at the head", async () => {
  const first = await put();
  await settleHead("unknown");
  const second = await put();
  expect(await scene.read(first)).toMatchObject({ state: "waiting", unknown: true });
  // As at the age limit: nobody knows, and it is not tried again.
  const [entry] = await ledger.claim(1);
  await ledger.settle([
    { entry: entry as ClaimedEntry, next: { state: "failed", fault: FAULT.unknown }, attempts: [] },
  ]);
  const third = await put();
  expect(await scene.read(first)).toMatchObject({ state: "failed" });
  expect(await scene.read(second)).toMatchObject({ state: "superseded", supersededBy: third });
  expect(await scene.read(third)).toMatchObject({ position: second });
});

test("an update that a dispatcher is claiming at this moment is passed over, without waiting for it", async () => {
  const first = await put();
  const second = await scene.database.transaction(async (transaction) => {
    const lease = { owner: "first", seconds: 60 };
    expect(await claimEntries(transaction, "H04", lease, "national-portal", 1)).toHaveLength(1);
    return put();
  });
  expect(await scene.read(first)).toMatchObject({ state: "sending" });
  expect(await scene.read(second)).toMatchObject({ state: "queued", position: second });
});

test("an update that is being superseded at this moment is not claimed", async () => {
  const first = await put();
  const other = await scene.accept("B");
  await scene.database.transaction(async (transaction) => {
    const stream = "national-portal:dossier:A";
    const places = await supersedeUpdates(transaction, "H04", [{ id: "999", stream }]);
    expect(places).toEqual(new Map([[stream, { position: first, priority: 1 }]]));
    expect((await ledger.claim(10)).map(({ id }) => id)).toEqual([other]);
  });
});
