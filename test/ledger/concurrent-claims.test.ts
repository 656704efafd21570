import { afterAll, beforeAll, expect, test } from "vitest";
import type { DispatchLedger, Settlement } from "../../contracts/ledger.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { cancelEntry } from "../../src/ledger/cancel-entry.ts";
import { createClaimMarks } from "../../src/ledger/claim-marks.ts";
import { retryEntry } from "../../src/ledger/retry-entry.ts";
import { type LedgerScene, openLedgerScene, SEED, seededRandom, settlementOf } from "./ledger-scene.ts";

const STREAMS = Array.from({ length: 12 }, (_, i) => `dossier-${i}`);

let scene: LedgerScene;

beforeAll(async () => {
  scene = await openLedgerScene(16);
});
afterAll(() => scene.close());

/** Who holds which stream, as the holders themselves see it. */
const createWitness = () => {
  const held = new Map<string, string>();
  const violations: string[] = [];
  const delivered = new Map<string, string[]>();
  return {
    violations,
    delivered,
    take: (owner: string, stream: string, id: string): void => {
      const before = held.get(stream);
      if (before !== undefined) violations.push(`${owner} took ${id} of ${stream} while ${before} held it`);
      held.set(stream, `${owner} ${id}`);
    },
    // Called before the settlement is sent: from its commit on, another one may hold the stream.
    release: (stream: string, id: string, isDelivered: boolean): void => {
      held.delete(stream);
      if (isDelivered) delivered.set(stream, [...(delivered.get(stream) ?? []), id]);
    },
  };
};

type Witness = ReturnType<typeof createWitness>;

const outcomeOf = (draw: number) => (draw < 0.7 ? "delivered" : draw < 0.85 ? "transient" : "unknown");

/** One loop of a dispatcher: claims, looks whether it is alone, settles, until nothing is left. */
const drainAs = async (owner: string, ledger: DispatchLedger, random: () => number, witness: Witness) => {
  for (let idle = 0; idle < 20; ) {
    const claimed = await ledger.claim(1 + Math.floor(random() * 5));
    idle = claimed.length === 0 ? idle + 1 : 0;
    for (const { dossierCode, id } of claimed) witness.take(owner, dossierCode, id);
    const settlements: Settlement[] = claimed.map((entry) => settlementOf(entry, outcomeOf(random())));
    for (const { entry, next } of settlements) witness.release(entry.dossierCode, entry.id, next.state === "delivered");
    const ours = settlements.length === 0 ? new Set() : await ledger.settle(settlements);
    for (const { entry } of settlements) if (!ours.has(entry.id)) witness.violations.push(`${owner} lost ${entry.id}`);
  }
};

/** Marks in a world where a second passes with every look at the clock: what others freed is swept up at each claim. */
const hastyMarks = () => {
  let seconds = 0;
  return createClaimMarks(() => ++seconds * 1000, 3);
};

const loops = (witness: Witness, withMarks: boolean): Promise<void>[] =>
  ["one", "two"].flatMap((owner, i) => {
    const ledger = scene.dispatchLedger(owner, {}, withMarks ? hastyMarks() : undefined);
    return [0, 1, 2].map((n) => drainAs(owner, ledger, seededRandom(SEED + 10 * i + n), witness));
  });

const bothWays = test.each([
  ["looking at everything", false],
  ["going on from marks", true],
] as const);

bothWays(
  "two dispatchers, %s, never hold one entry, nor two of one stream, and deliver each stream in order",
  async (_, withMarks) => {
    await scene.database.execute(sql`truncate entries, pending, settled, attempts, holdings`);
    for (let n = 0; n < 15; n++) for (const stream of STREAMS) await scene.accept(stream);
    const witness = createWitness();
    await Promise.all(loops(witness, withMarks));
    expect(witness.violations, `seed ${SEED}`).toEqual([]);
    for (const stream of STREAMS) {
      const ids = (witness.delivered.get(stream) ?? []).map(Number);
      expect(ids, `seed ${SEED}, ${stream}`).toHaveLength(15);
      expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    }
  },
);

const DISTURBANCES = 60;

/** People and the province at work meanwhile: accepts, corrections, retries and cancellations at random. */
const disturb = async (random: () => number): Promise<void> => {
  for (let n = 0; n < DISTURBANCES; n++) {
    const stream = STREAMS[Math.floor(random() * STREAMS.length)] ?? "";
    await scene.accept(stream, random() < 0.5 ? "dossier.put" : "dossier.step");
    const [any] = await rows<{ id: string }>(
      scene.database,
      sql`select id from pending where stream = ${`national-portal:dossier:${stream}`} order by position desc limit 1`,
    );
    if (any !== undefined && random() < 0.3) await cancelEntry(scene.database, "H04", any.id, new Uint8Array());
    else if (any !== undefined) await retryEntry(scene.database, "H04", any.id);
  }
};

bothWays(
  "the order also holds, %s, while updates supersede each other and people retry and cancel",
  async (_, withMarks) => {
    await scene.database.execute(sql`truncate entries, pending, settled, attempts, holdings`);
    const witness = createWitness();
    // Long streams, so that there is something to supersede behind what is being sent.
    await disturb(seededRandom(SEED + 98));
    await Promise.all([disturb(seededRandom(SEED + 99)), ...loops(witness, withMarks)]);
    // What was accepted after the loops had gone.
    await drainAs("late", scene.dispatchLedger("late"), () => 0, witness);
    expect(witness.violations, `seed ${SEED}`).toEqual([]);
    for (const [stream, delivered] of witness.delivered) {
      const ids = delivered.map(Number);
      expect(ids, `seed ${SEED}, ${stream}`).toEqual(ids.toSorted((a, b) => a - b));
    }
    const states = await rows<{ state: string; count: number }>(
      scene.database,
      sql`select state, count(*)::int as count from settled group by state order by state`,
    );
    expect(states.map(({ state }) => state)).toEqual(["cancelled", "delivered", "superseded"]);
    expect(states.reduce((sum, { count }) => sum + count, 0)).toBe(2 * DISTURBANCES);
  },
);

test("while one holds an entry for long, the others neither wait for it nor pass it", async () => {
  await scene.database.execute(sql`truncate entries, pending, settled, attempts, holdings`);
  const head = await scene.accept("A");
  await scene.accept("A");
  const free = await scene.accept("B");
  const [held] = await scene.dispatchLedger("one").claim(1);
  expect(held?.id).toBe(head);
  const two = scene.dispatchLedger("two");
  expect((await two.claim(10)).map(({ id }) => id)).toEqual([free]);
  expect(await two.claim(10)).toEqual([]);
});

test("two take-overs at once take each expired entry once", async () => {
  await scene.database.execute(sql`truncate entries, pending, settled, attempts, holdings`);
  for (const stream of STREAMS) await scene.accept(stream);
  await scene.dispatchLedger("dead", { seconds: -1 }).claim(STREAMS.length);
  const taken = await Promise.all(["one", "two", "three"].map((owner) => scene.dispatchLedger(owner).takeOver()));
  expect(taken.reduce((sum, count) => sum + count, 0)).toBe(STREAMS.length);
  const [recorded] = await rows<{ count: number }>(scene.database, sql`select count(*)::int as count from attempts`);
  expect(recorded?.count).toBe(STREAMS.length);
});
