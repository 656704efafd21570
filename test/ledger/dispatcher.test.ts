import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import type { ClaimedEntry, DispatchLedger, Settlement } from "../../contracts/ledger.ts";
import { type DispatcherSettings, startDispatcher } from "../../src/ledger/dispatcher.ts";

const SETTINGS: DispatcherSettings = {
  concurrency: 2,
  leaseSeconds: 0.04,
  pollMs: 20,
  settleLingerMs: 1,
  settleBatch: 100,
};

const entryOf = (id: string, fence = 1): ClaimedEntry => ({
  id,
  fence,
  operation: "dossier.step",
  dossierCode: id,
  correlationId: "test",
  payload: new Uint8Array(),
  known: false,
  unknownOutcome: false,
  tries: 0,
  attempts: 0,
  ageSeconds: 0,
});

const delivered = (entry: ClaimedEntry): Settlement => ({ entry, next: { state: "delivered" }, attempts: [] });

/** A store in memory that hands out what `queue` holds and can be broken. */
const openStore = (queue: ClaimedEntry[]) => {
  const store = {
    queue,
    broken: false,
    renewed: [] as string[][],
    settled: [] as string[],
    lost: new Set<string>(),
    takenOver: 0,
  };
  const answer = async <T>(work: () => T): Promise<T> => {
    await delay(1);
    if (store.broken) throw new Error("the store is away");
    return work();
  };
  const ledger: DispatchLedger = {
    claim: (limit) => answer(() => queue.splice(0, limit)),
    settle: (settlements) =>
      answer(() => {
        const ours = settlements.map(({ entry }) => entry.id).filter((id) => !store.lost.has(id));
        store.settled.push(...ours);
        return new Set(ours);
      }),
    renew: (ids) => answer(() => void store.renewed.push([...ids])),
    takeOver: () => answer(() => store.takenOver),
  };
  return { store, ledger };
};

/** A dispatcher over a store in memory; what it told its observer is kept. */
const openScene = (
  entries: readonly ClaimedEntry[],
  perform: (entry: ClaimedEntry, signal: AbortSignal) => Promise<Settlement> = (entry) =>
    Promise.resolve(delivered(entry)),
  settings: Partial<DispatcherSettings> = {},
) => {
  const { store, ledger } = openStore([...entries]);
  const told = { failures: 0, lost: [] as string[], tookOver: 0 };
  const dispatcher = startDispatcher(
    ledger,
    perform,
    { ...SETTINGS, ...settings },
    {
      settled: () => undefined,
      lost: (lost) => told.lost.push(...lost.map(({ id }) => id)),
      tookOver: (count) => {
        told.tookOver += count;
      },
      storeFailed: () => {
        told.failures += 1;
      },
    },
  );
  onTestFinished(() => dispatcher.stop(0));
  return { store, told, dispatcher };
};

/** A gate that holds every call until it is opened. */
const createGate = () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { open: resolve, passed: promise };
};

const numbered = (count: number) => Array.from({ length: count }, (_, i) => entryOf(String(i + 1)));

test("everything that is due is sent and settled, never more at once than allowed", async () => {
  let running = 0;
  let most = 0;
  const { store } = openScene(numbered(20), async (entry) => {
    running += 1;
    most = Math.max(most, running);
    await delay(2);
    running -= 1;
    return delivered(entry);
  });
  await expect.poll(() => store.settled.length).toBe(20);
  expect(new Set(store.settled).size).toBe(20);
  expect(most).toBe(2);
});

test("it wakes at once for new work, and finds by itself what nobody woke it for", async () => {
  const { store, dispatcher } = openScene([], undefined, { pollMs: 60_000 });
  await delay(20);
  store.queue.push(entryOf("1"));
  dispatcher.wake();
  await expect.poll(() => store.settled).toEqual(["1"]);
  const patient = openScene([]);
  await delay(5);
  patient.store.queue.push(entryOf("2"));
  await expect.poll(() => patient.store.settled).toEqual(["2"]);
  // The first one's loops sleep for a minute: it has to be woken to end.
  await dispatcher.stop(0);
});

test("while a call runs its lease is renewed, and work of dead processes is taken over", async () => {
  const gate = createGate();
  const { store, told } = openScene([entryOf("1")], async (entry) => {
    await gate.passed;
    return delivered(entry);
  });
  store.takenOver = 3;
  await expect.poll(() => store.renewed.filter((ids) => ids.includes("1")).length).toBeGreaterThan(1);
  await expect.poll(() => told.tookOver).toBeGreaterThanOrEqual(3);
  gate.open();
  await expect.poll(() => store.settled).toEqual(["1"]);
});

test("a failure of the store pauses it and it goes on by itself, without sending anything twice", async () => {
  const gate = createGate();
  const sent: string[] = [];
  const { store, told } = openScene(numbered(6), async (entry) => {
    sent.push(entry.id);
    await gate.passed;
    return delivered(entry);
  });
  await expect.poll(() => sent.length).toBe(2);
  store.broken = true;
  gate.open();
  await expect.poll(() => told.failures).toBeGreaterThan(3);
  expect(store.settled).toEqual([]);
  store.broken = false;
  await expect.poll(() => store.settled.length).toBe(6);
  expect(sent.sort()).toEqual(["1", "2", "3", "4", "5", "6"]);
});

test("a result that came too late is reported as lost, and its place is free again", async () => {
  const { store, told } = openScene(numbered(4));
  store.lost.add("1").add("2");
  await expect.poll(() => store.settled.sort()).toEqual(["3", "4"]);
  expect(told.lost.sort()).toEqual(["1", "2"]);
});

test("an entry that was lost and claimed again keeps being renewed after the older result was refused", async () => {
  const gates = new Map([1, 2].map((fence) => [fence, createGate()]));
  const { store, told } = openScene([entryOf("1", 1)], async (entry) => {
    await gates.get(entry.fence)?.passed;
    return delivered(entry);
  });
  await expect.poll(() => store.renewed.some((ids) => ids.includes("1"))).toBe(true);
  store.lost.add("1");
  store.queue.push(entryOf("1", 2));
  await expect.poll(() => store.queue.length).toBe(0);
  gates.get(1)?.open();
  await expect.poll(() => told.lost).toEqual(["1"]);
  store.lost.clear();
  const seen = store.renewed.length;
  await expect.poll(() => store.renewed.slice(seen + 1).some((ids) => ids.includes("1"))).toBe(true);
  gates.get(2)?.open();
  await expect.poll(() => store.settled).toEqual(["1"]);
});

test("a stop takes no new work, waits for what is in flight, and settles it", async () => {
  const gate = createGate();
  const { store, dispatcher } = openScene(numbered(5), async (entry) => {
    await gate.passed;
    return delivered(entry);
  });
  await expect.poll(() => store.queue.length).toBe(3);
  const stopped = dispatcher.stop(5000);
  await delay(10);
  expect(store.settled).toEqual([]);
  gate.open();
  await stopped;
  expect(store.settled.sort()).toEqual(["1", "2"]);
  expect(store.queue).toHaveLength(3);
});

test("a stop aborts what is not over after its grace, and settles that too", async () => {
  const { store, dispatcher } = openScene([entryOf("1")], async (entry, signal) => {
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    return delivered(entry);
  });
  await expect.poll(() => store.queue.length).toBe(0);
  await dispatcher.stop(20);
  expect(store.settled).toEqual(["1"]);
});

test("while it stops, leases are kept until the last result is settled", async () => {
  const gate = createGate();
  const { store, dispatcher } = openScene([entryOf("1")], async (entry) => {
    await gate.passed;
    return delivered(entry);
  });
  await expect.poll(() => store.queue.length).toBe(0);
  const stopped = dispatcher.stop(5000);
  const seen = store.renewed.length;
  await expect.poll(() => store.renewed.length).toBeGreaterThan(seen + 2);
  expect(store.renewed.at(-1)).toEqual(["1"]);
  gate.open();
  await stopped;
});

test("a result that the store cannot write does not hold up the others", async () => {
  const { store, ledger } = openStore(numbered(20));
  const poisoned: DispatchLedger = {
    ...ledger,
    settle: (settlements) =>
      settlements.some(({ entry }) => entry.id === "3")
        ? Promise.reject(new Error("this row cannot be written"))
        : ledger.settle(settlements),
  };
  const none = {
    settled: () => undefined,
    lost: () => undefined,
    tookOver: () => undefined,
    storeFailed: () => undefined,
  };
  const settings = { ...SETTINGS, concurrency: 20, pollMs: 5 };
  const dispatcher = startDispatcher(poisoned, (entry) => Promise.resolve(delivered(entry)), settings, none);
  onTestFinished(() => dispatcher.stop(0));
  const others = numbered(20).flatMap(({ id }) => (id === "3" ? [] : [id]));
  await expect.poll(() => [...new Set(store.settled)].sort(), { timeout: 10_000 }).toEqual(others.sort());
});
