import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { ClaimedEntry, DispatchLedger } from "../../contracts/ledger.ts";
import { sql } from "../../src/database/sql.ts";
import { cancelEntry } from "../../src/ledger/cancel-entry.ts";
import { createClaimMarks } from "../../src/ledger/claim-marks.ts";
import { startDispatcher } from "../../src/ledger/dispatcher.ts";
import { inPacket } from "../../src/ledger/packet.ts";
import { retryEntry } from "../../src/ledger/retry-entry.ts";
import { type LedgerScene, openLedgerScene, settlementOf } from "./ledger-scene.ts";

let scene: LedgerScene;
let ledger: DispatchLedger;

beforeAll(async () => {
  scene = await openLedgerScene();
});
beforeEach(async () => {
  await scene.database.execute(sql`truncate entries, pending, settled, attempts, holdings`);
  ledger = scene.dispatchLedger("first", { most: 3 });
});
afterAll(() => scene.close());

const ids = (claimed: readonly ClaimedEntry[]): string[][] => claimed.map((head) => inPacket(head).map(({ id }) => id));

const acceptSteps = async (dossier: string, count: number): Promise<string[]> => {
  const accepted: string[] = [];
  for (let n = 0; n < count; n += 1) accepted.push(await scene.accept(dossier));
  return accepted;
};

const claimOne = async (from: DispatchLedger): Promise<ClaimedEntry> => {
  const [entry] = await from.claim(1);
  if (entry === undefined) throw new Error("nothing was claimed");
  return entry;
};

test.for([false, true])(
  "a step brings the steps right behind it, up to the limit, each stream its own; marks: %s",
  async (marked) => {
    const marks = marked ? createClaimMarks(() => performance.now()) : undefined;
    const packing = scene.dispatchLedger("first", { most: 3 }, marks);
    const [a, b] = [await acceptSteps("A", 5), await acceptSteps("B", 2)];
    const first = await packing.claim(10);
    expect(ids(first)).toEqual([a.slice(0, 3), b]);
    expect(await packing.claim(10)).toEqual([]);
    await packing.settle(first.map((head) => settlementOf(head, "delivered")));
    expect(ids(await packing.claim(10))).toEqual([a.slice(3)]);
    for (const id of [...a.slice(0, 3), ...b]) {
      expect(await scene.read(id)).toMatchObject({ state: "delivered", attempts: 1 });
      expect(await scene.attempts(id)).toMatchObject([{ n: 1, kind: "send", outcome: "delivered" }]);
    }
  },
);

test("a limit of calls is one of packets, not of entries", async () => {
  const [a, b] = [await acceptSteps("A", 3), await acceptSteps("B", 3)];
  expect(ids(await ledger.claim(1))).toEqual([a]);
  expect(ids(await ledger.claim(1))).toEqual([b]);
});

test("a full update goes alone, and no packet reaches over one", async () => {
  const put = await scene.accept("A", "dossier.put");
  const [before, between, behind] = [await acceptSteps("A", 2), await scene.accept("A", "dossier.put"), "A"];
  const last = await scene.accept(behind);
  const alone = await claimOne(ledger);
  expect(inPacket(alone).map(({ id }) => id)).toEqual([put]);
  await ledger.settle([settlementOf(alone, "delivered")]);
  const packet = await claimOne(ledger);
  expect(inPacket(packet).map(({ id }) => id)).toEqual(before);
  await ledger.settle([settlementOf(packet, "delivered")]);
  const second = await claimOne(ledger);
  expect(second.id).toBe(between);
  await ledger.settle([settlementOf(second, "delivered")]);
  expect((await claimOne(ledger)).id).toBe(last);
});

test("a step that is not due, or that somebody holds at this moment, ends the packet before it", async () => {
  const a = await acceptSteps("A", 3);
  await scene.database.execute(sql`update pending set next_at = now() + interval '1 h' where id = ${a[1]}::bigint`);
  const b = await acceptSteps("B", 3);
  await scene.database.transaction(async (holder) => {
    await holder.execute(sql`select 1 from pending where id = ${b[1]}::bigint for update`);
    expect(ids(await ledger.claim(10))).toEqual([[a[0]], [b[0]]]);
  });
});

test.for(["refused", "transient", "unknown"] as const)(
  "after a %s packet its steps go one by one, in order; new ones are packed again",
  async (outcome) => {
    const steps = await acceptSteps("A", 3);
    await ledger.settle([settlementOf(await claimOne(ledger), outcome)]);
    for (const id of steps)
      expect(await scene.read(id)).toMatchObject({ state: "waiting", attempts: 1, unknown: outcome === "unknown" });
    const later = await acceptSteps("A", 2);
    for (const id of steps) {
      const alone = await claimOne(ledger);
      expect(ids([alone])).toEqual([[id]]);
      expect(await ledger.claim(5)).toEqual([]);
      await ledger.settle([settlementOf(alone, "delivered")]);
      expect(await scene.read(id)).toMatchObject({ state: "delivered", attempts: 2 });
    }
    expect(ids(await ledger.claim(5))).toEqual([later]);
  },
);

test("the refused step alone fails, those behind it wait behind it, and go once a person resolved it", async () => {
  const [first, bad, last] = await acceptSteps("A", 3);
  await ledger.settle([settlementOf(await claimOne(ledger), "refused")]);
  await ledger.settle([settlementOf(await claimOne(ledger), "delivered")]);
  await ledger.settle([settlementOf(await claimOne(ledger), "refused")]);
  expect(await ledger.claim(5)).toEqual([]);
  expect(await scene.read(first ?? "")).toMatchObject({ state: "delivered" });
  expect(await scene.read(bad ?? "")).toMatchObject({ state: "failed", errorCode: "upstream_rejected", attempts: 2 });
  expect(await scene.read(last ?? "")).toMatchObject({ state: "waiting", unknown: false });
  await retryEntry(scene.database, "H04", bad ?? "");
  await ledger.settle([settlementOf(await claimOne(ledger), "delivered")]);
  expect(ids(await ledger.claim(5))).toEqual([[last]]);
});

test("a packet whose holder died is taken over whole, its outcome unknown, and the old holder's result is refused", async () => {
  const steps = await acceptSteps("A", 3);
  const dead = scene.dispatchLedger("dead", { most: 3, seconds: -1 });
  const packet = await claimOne(dead);
  expect(await ledger.takeOver()).toBe(3);
  for (const id of steps)
    expect(await scene.read(id)).toMatchObject({ state: "waiting", unknown: true, attempts: 1, tries: 0 });
  expect(ids(await ledger.claim(5))).toEqual([[steps[0]]]);
  expect(await dead.settle([settlementOf(packet, "delivered")])).toEqual(new Set());
  expect(await scene.attempts(steps[1] ?? "")).toMatchObject([{ outcome: "unknown", errorCode: "upstream_timeout" }]);
});

test("a packet of which one entry was lost is not settled in part, and other packets of the batch are", async () => {
  const [a, b] = [await acceptSteps("A", 3), await acceptSteps("B", 2)];
  const claimed = await ledger.claim(5);
  await scene.database.execute(sql`update pending set lease_until = now() - interval '1 s' where id = ${a[0]}::bigint`);
  expect(await ledger.takeOver()).toBe(1);
  expect(await ledger.settle(claimed.map((head) => settlementOf(head, "delivered")))).toEqual(new Set(b));
  expect(await scene.read(a[0] ?? "")).toMatchObject({ state: "waiting", attempts: 1 });
  expect(await scene.read(a[1] ?? "")).toMatchObject({ state: "sending", attempts: 0 });
  expect(await scene.attempts(a[1] ?? "")).toEqual([]);
});

test("a step on its way in a packet cannot be cancelled; its leases are kept together", async () => {
  const steps = await acceptSteps("A", 2);
  const packet = await claimOne(ledger);
  await cancelEntry(scene.database, "H04", steps[1] ?? "", new Uint8Array());
  expect(await scene.read(steps[1] ?? "")).toMatchObject({ state: "sending" });
  await scene.database.execute(sql`update pending set lease_until = now() + interval '1 s'`);
  await ledger.renew(inPacket(packet).map(({ id }) => id));
  const left = await scene.database.execute(
    sql`select count(*)::int as n from pending where lease_until > now() + interval '30 s'`,
  );
  expect([...left]).toEqual([{ n: 2 }]);
});

test("a dispatcher counts what is in flight by calls, and settles each packet whole", async () => {
  const all = new Map<string, string[]>();
  for (let n = 0; n < 6; n += 1) all.set(`D${n}`, await acceptSteps(`D${n}`, 7));
  let calls = 0;
  let most = 0;
  const sent = new Map<string, string[]>();
  const dispatcher = startDispatcher(
    ledger,
    async (head) => {
      calls += 1;
      most = Math.max(most, calls);
      await new Promise((resolve) => setTimeout(resolve, 5));
      calls -= 1;
      sent.set(head.dossierCode, [...(sent.get(head.dossierCode) ?? []), ...inPacket(head).map(({ id }) => id)]);
      return settlementOf(head, "delivered");
    },
    { concurrency: 2, leaseSeconds: 60, pollMs: 20, settleLingerMs: 1, settleBatch: 4 },
    {
      settled: () => undefined,
      lost: (entries) => expect.unreachable(`lost ${entries.length}`),
      tookOver: (count) => expect.unreachable(`took over ${count}`),
      storeFailed: (error) => expect.unreachable(String(error)),
    },
  );
  const left = async () => [...(await scene.database.execute(sql`select 1 from pending limit 1`))].length;
  for (const end = Date.now() + 20_000; (await left()) > 0 && Date.now() < end; )
    await new Promise((resolve) => setTimeout(resolve, 20));
  await dispatcher.stop(1000);
  expect(await left()).toBe(0);
  expect(most).toBe(2);
  expect(sent).toEqual(all);
});

test("two processes that pack the same streams while steps come in send each step once and in order", async () => {
  const sent = new Map<string, string[]>();
  const busy = new Set<string>();
  const start = (owner: string) =>
    startDispatcher(
      scene.dispatchLedger(owner, { most: 4 }),
      async (head) => {
        const { dossierCode } = head;
        expect([dossierCode, busy.has(dossierCode)]).toEqual([dossierCode, false]);
        busy.add(dossierCode);
        await new Promise((resolve) => setTimeout(resolve, 1));
        sent.set(dossierCode, [...(sent.get(dossierCode) ?? []), ...inPacket(head).map(({ id }) => id)]);
        busy.delete(dossierCode);
        return settlementOf(head, "delivered");
      },
      { concurrency: 3, leaseSeconds: 60, pollMs: 5, settleLingerMs: 1, settleBatch: 5 },
      {
        settled: () => undefined,
        lost: (entries) => expect.unreachable(`lost ${entries.length}`),
        tookOver: (count) => expect.unreachable(`took over ${count}`),
        storeFailed: (error) => expect.unreachable(String(error)),
      },
    );
  const dispatchers = ["one", "two"].map(start);
  const accepted = await Promise.all(["A", "B", "C", "D"].map((dossier) => acceptSteps(dossier, 25)));
  const left = async () => [...(await scene.database.execute(sql`select 1 from pending limit 1`))].length;
  for (const end = Date.now() + 20_000; (await left()) > 0 && Date.now() < end; )
    await new Promise((resolve) => setTimeout(resolve, 20));
  await Promise.all(dispatchers.map((dispatcher) => dispatcher.stop(1000)));
  expect(["A", "B", "C", "D"].map((dossier) => sent.get(dossier))).toEqual(accepted);
});
