import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AttemptRecord, ClaimedEntry } from "../../contracts/ledger.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { cancelEntry } from "../../src/ledger/cancel-entry.ts";
import { inPacket } from "../../src/ledger/packet.ts";
import { retryEntry } from "../../src/ledger/retry-entry.ts";
import { summarizeEntries } from "../../src/ledger/summarize-entries.ts";
import { type LedgerScene, openLedgerScene, SEED, settlementOf } from "./ledger-scene.ts";

/** One thing that can happen to a ledger; numbers pick among what there is at that moment. */
type Act =
  | { readonly act: "accept"; readonly stream: number; readonly operation: "dossier.put" | "dossier.step" }
  | { readonly act: "claim"; readonly owner: number; readonly limit: number }
  | { readonly act: "settle"; readonly pick: number; readonly outcome: AttemptRecord["outcome"] }
  | { readonly act: "expire"; readonly pick: number }
  | { readonly act: "retry" | "cancel"; readonly pick: number };

const OUTCOMES = ["delivered", "delivered", "transient", "unknown", "refused"] as const;
const pick = fc.nat(1000);

const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ act: fc.constant("accept"), stream: fc.nat(2), operation: operation() }) },
    {
      weight: 4,
      arbitrary: fc.record({ act: fc.constant("claim"), owner: fc.nat(1), limit: fc.integer({ min: 1, max: 3 }) }),
    },
    { weight: 6, arbitrary: fc.record({ act: fc.constant("settle"), pick, outcome: fc.constantFrom(...OUTCOMES) }) },
    { weight: 1, arbitrary: fc.record({ act: fc.constant("expire"), pick }) },
    { weight: 1, arbitrary: fc.record({ act: fc.constantFrom("retry", "cancel"), pick }) },
  ) as fc.Arbitrary<Act>,
  { minLength: 20, maxLength: 45, size: "max" },
);

function operation() {
  return fc.constantFrom("dossier.put", "dossier.step");
}

let scene: LedgerScene;
let runs = 0;

beforeAll(async () => {
  scene = await openLedgerScene(2);
});
afterAll(() => scene.close());

/**
 * One ledger of its own, its history as a platform would see it, and claims that were handed out.
 *
 * @param most steps that may go in one call.
 */
const openRun = (most: number) => {
  const tenant = `run-${++runs}`;
  const held: { owner: string; entry: ClaimedEntry; stale: boolean }[] = [];
  /** Delivered ids per dossier, in the order in which they took effect. */
  const delivered = new Map<string, number[]>();
  const all: string[] = [];
  return { tenant, most, held, delivered, all };
};

type Run = ReturnType<typeof openRun>;

const ownerOf = (n: number): string => `owner-${n}`;

const settle = async (run: Run, index: number, outcome: AttemptRecord["outcome"]): Promise<void> => {
  const [taken] = run.held.splice(index, 1);
  if (taken === undefined) return;
  const { owner, entry, stale } = taken;
  const ledger = scene.dispatchLedger(owner, { tenant: run.tenant });
  const ids = inPacket(entry).map(({ id }) => id);
  const ours = await ledger.settle([settlementOf(entry, outcome)]);
  expect(ours).toEqual(new Set(stale ? [] : ids));
  if (stale || outcome !== "delivered") return;
  run.delivered.set(entry.dossierCode, [...(run.delivered.get(entry.dossierCode) ?? []), ...ids.map(Number)]);
};

const expire = async (run: Run, index: number): Promise<void> => {
  const taken = run.held.filter(({ stale }) => !stale)[index];
  if (taken === undefined) return;
  const { tenant } = run;
  await scene.database.execute(
    sql`update pending p set lease_until = now() - interval '1 s'
        from jsonb_array_elements_text(${JSON.stringify(inPacket(taken.entry).map(({ id }) => id))}::text::jsonb) one(id)
        where p.tenant = ${tenant} and p.id = one.id::bigint`,
  );
  expect(await scene.dispatchLedger("keeper", { tenant }).takeOver()).toBe(inPacket(taken.entry).length);
  taken.stale = true;
};

const perform = async (run: Run, step: Act): Promise<void> => {
  const { tenant, held, all } = run;
  switch (step.act) {
    case "accept":
      all.push(await scene.accept(`dossier-${step.stream}`, step.operation, { tenant }));
      return;
    case "claim": {
      const owner = ownerOf(step.owner);
      const claimed = await scene.dispatchLedger(owner, { tenant, most: run.most }).claim(step.limit);
      for (const entry of claimed) expect(inPacket(entry).length).toBeLessThanOrEqual(run.most);
      held.push(...claimed.map((entry) => ({ owner, entry, stale: false })));
      return;
    }
    case "settle":
      return settle(run, step.pick % Math.max(1, held.length), step.outcome);
    case "expire":
      return expire(run, step.pick % Math.max(1, held.filter(({ stale }) => !stale).length));
    case "retry":
    case "cancel": {
      const id = all[step.pick % Math.max(1, all.length)];
      if (id === undefined) return;
      if (step.act === "retry") await retryEntry(scene.database, tenant, id);
      else await cancelEntry(scene.database, tenant, id, new Uint8Array());
    }
  }
};

/** What must hold at every moment, whatever happened. */
const checkAlways = async (run: Run): Promise<void> => {
  const { tenant, all, held } = run;
  const { items } = await summarizeEntries(scene.database, tenant, null);
  const sums = items[0];
  if (sums !== undefined) {
    const { accepted, delivered, failed, cancelled, superseded, pending } = sums;
    expect(accepted).toBe(all.length);
    expect(delivered + failed + cancelled + superseded + pending).toBe(accepted);
  }
  const [found] = await rows<{ behind: number; both: number; sending: number }>(
    scene.database,
    sql`select (select count(*)::int from pending p where p.tenant = ${tenant} and p.state = 'sending' and exists (
                 select 1 from pending q where q.tenant = p.tenant and q.stream = p.stream and q.position < p.position)) as behind,
               (select count(*)::int from pending p join settled s using (tenant, id) where tenant = ${tenant}) as both,
               (select count(*)::int from pending where tenant = ${tenant} and state = 'sending') as sending`,
  );
  const packets = held.filter(({ stale }) => !stale).map(({ entry }) => inPacket(entry));
  const sending = packets.flat().length;
  expect(found).toMatchObject({ behind: sending - packets.length, both: 0, sending });
  await checkPackets(run, packets);
};

/** What is being sent of a stream is the row of its first unsettled entries, without a gap, and steps alone behind its head. */
const checkPackets = async ({ tenant }: Run, packets: readonly (readonly ClaimedEntry[])[]): Promise<void> => {
  for (const packet of packets) {
    const first = await rows<{ id: string }>(
      scene.database,
      sql`select q.id from pending q join pending h on h.tenant = q.tenant and h.stream = q.stream
          where h.tenant = ${tenant} and h.id = ${packet[0]?.id}::bigint order by q.position limit ${packet.length}`,
    );
    expect(packet.map(({ id }) => id)).toEqual(first.map(({ id }) => id));
    if (packet.length > 1) for (const { operation: sent } of packet) expect(sent).toBe("dossier.step");
  }
};

/** Brings everything to its end: what is held comes back, what failed is reopened, all the rest is delivered. */
const bringToEnd = async (run: Run): Promise<void> => {
  const { tenant, held, all } = run;
  while (held.length > 0) await settle(run, 0, "transient");
  for (const id of all) await retryEntry(scene.database, tenant, id);
  const last = ownerOf(9);
  const ledger = scene.dispatchLedger(last, { tenant, most: run.most });
  for (let claimed = await ledger.claim(5); claimed.length > 0; claimed = await ledger.claim(5)) {
    held.push(...claimed.map((entry) => ({ owner: last, entry, stale: false })));
    while (held.length > 0) await settle(run, 0, "delivered");
  }
};

interface Ended {
  readonly id: number;
  readonly dossier: string;
  readonly operation: string;
  readonly state: string | null;
  readonly numbers: number;
  readonly attempts: number;
}

const readEnded = (tenant: string): Promise<Ended[]> =>
  rows<Ended>(
    scene.database,
    sql`select e.id::float8 as id, e.dossier_code as dossier, e.operation, s.state, s.attempts,
               (select count(*)::int from attempts a where a.tenant = e.tenant and a.entry_id = e.id) as numbers
        from entries e left join settled s on s.tenant = e.tenant and s.id = e.id where e.tenant = ${tenant} order by e.id`,
  );

/** In the end every entry has one final state, every attempt a row, and each dossier saw its messages in the order accepted. */
const checkEnd = async (run: Run): Promise<void> => {
  const ended = await readEnded(run.tenant);
  expect(ended).toHaveLength(run.all.length);
  for (const { state, attempts, numbers, operation: sent } of ended) {
    expect(["delivered", "cancelled", "superseded"]).toContain(state);
    expect(numbers).toBe(attempts);
    if (sent === "dossier.step") expect(state).not.toBe("superseded");
  }
  for (const dossier of new Set(ended.map((entry) => entry.dossier))) {
    const arrived = ended.filter((entry) => entry.dossier === dossier && entry.state === "delivered");
    const ids = run.delivered.get(dossier) ?? [];
    expect(ids.toSorted((a, b) => a - b)).toEqual(arrived.map(({ id }) => id));
    const inOrder = (kind: string) => ids.filter((id) => arrived.find((e) => e.id === id)?.operation === kind);
    for (const kind of ["dossier.step", "dossier.put"]) {
      expect(inOrder(kind)).toEqual(inOrder(kind).toSorted((a, b) => a - b));
    }
  }
};

test.for([1, 4])(
  "with up to %i steps in a call, however accepts, claims, results, lost leases, retries and cancellations interleave, the sums, the order and the ends hold",
  async (most) => {
    await fc.assert(
      fc.asyncProperty(acts, async (steps) => {
        const run = openRun(most);
        for (const step of steps) {
          await perform(run, step);
          await checkAlways(run);
        }
        await bringToEnd(run);
        await checkAlways(run);
        await checkEnd(run);
      }),
      { seed: SEED, numRuns: 40, endOnFailure: false },
    );
    console.log(`random interleavings: seed ${SEED}, ${runs} runs`);
  },
);
