import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ClaimedEntry, type DispatchLedger, HEAD_STARTS, PRIORITIES } from "../../contracts/ledger.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { cancelEntry } from "../../src/ledger/cancel-entry.ts";
import { createClaimMarks } from "../../src/ledger/claim-marks.ts";
import { type LedgerScene, openLedgerScene, settlementOf } from "./ledger-scene.ts";

const { desk, normal, bulk } = PRIORITIES;

let scene: LedgerScene;

beforeAll(async () => {
  scene = await openLedgerScene();
});
beforeEach(async () => {
  await scene.database.execute(sql`truncate entries, pending, settled, attempts, holdings`);
});
afterAll(() => scene.close());

const ids = (claimed: readonly ClaimedEntry[]): string[] => claimed.map(({ id }) => id);

const accept = (stream: string, priority: number, operation: "dossier.step" | "dossier.put" = "dossier.step") =>
  scene.accept(stream, operation, { priority });

/** As if it had become due so long ago. */
const dueFor = async (id: string, seconds: number): Promise<string> => {
  await scene.database.execute(
    sql`update pending set next_at = now() - make_interval(secs => ${seconds}) where id = ${id}::bigint`,
  );
  return id;
};

const prioritiesOf = async (stream: string): Promise<number[]> => {
  const found = await rows<{ priority: number }>(
    scene.database,
    sql`select priority from pending where stream = ${`national-portal:dossier:${stream}`} order by position`,
  );
  return found.map(({ priority }) => priority);
};

const settle = async (ledger: DispatchLedger, outcome: "delivered" | "transient" | "refused"): Promise<void> => {
  const claimed = await ledger.claim(10);
  await ledger.settle(claimed.map((entry) => settlementOf(entry, outcome)));
};

describe.each([
  ["looking at everything", false],
  ["going on from marks", true],
])("claims, %s", (_, withMarks) => {
  let ledger: DispatchLedger;
  beforeEach(() => {
    ledger = scene.dispatchLedger("first", {}, withMarks ? createClaimMarks(() => 0) : undefined);
  });

  test("go by urgency first when all is due at the same time, whatever came first", async () => {
    const back = await accept("A", bulk);
    const usual = await accept("B", normal);
    const urgent = await accept("C", desk);
    expect(ids(await ledger.claim(1))).toEqual([urgent]);
    expect(ids(await ledger.claim(1))).toEqual([usual]);
    expect(ids(await ledger.claim(1))).toEqual([back]);
  });

  test("let thousands of bulk entries delay no desk entry", async () => {
    await scene.database.execute(
      sql`insert into pending (tenant, id, platform, operation, stream, position, priority, agency, next_at)
          select 'H04', n, 'national-portal', 'dossier.step', 'bulk-' || n, n, ${bulk}::smallint, 'H04', now() - interval '10 minutes'
          from generate_series(1, 3000) n`,
    );
    await scene.database.execute(
      sql`insert into entries (tenant, id, platform, operation, stream, subject, dossier_code, client, agency, priority, correlation_id, payload)
          select tenant, id, platform, operation, stream, stream, stream, 'test', agency, priority, 'test', ''::bytea from pending`,
    );
    expect(await ledger.claim(50)).toHaveLength(50);
    const urgent = await accept("citizen", desk);
    expect(ids(await ledger.claim(8))[0]).toBe(urgent);
  });

  test("let an entry go before a more urgent one that came later than the head start", async () => {
    const usual = await dueFor(await accept("A", normal), (HEAD_STARTS[normal] ?? 0) + 5);
    const urgent = await dueFor(await accept("B", desk), 1);
    const back = await dueFor(await accept("C", bulk), (HEAD_STARTS[bulk] ?? 0) + 30);
    expect(ids(await ledger.claim(3))).toEqual([back, usual, urgent]);
  });

  test("let nothing starve while desk work never ends", async () => {
    const usual = await dueFor(await accept("old", normal), (HEAD_STARTS[normal] ?? 0) - 2);
    const back = await dueFor(await accept("older", bulk), (HEAD_STARTS[bulk] ?? 0) - 4);
    const order: string[] = [];
    for (let second = 0; second < 8; second++) {
      // Each turn is a second: what waits ages, and two more citizens come for one place.
      await scene.database.execute(
        sql`update pending set next_at = next_at - interval '1 second' where state <> 'sending'`,
      );
      for (const n of [1, 2]) await accept(`desk-${second}-${n}`, desk);
      order.push(...ids(await ledger.claim(1)));
    }
    expect(order).toContain(usual);
    expect(order.indexOf(usual)).toBeLessThan(order.indexOf(back));
  });

  test("let a failed bulk head hold up its own stream alone", async () => {
    await accept("A", bulk);
    await settle(ledger, "refused");
    await accept("A", bulk);
    const free = await accept("B", bulk);
    expect(ids(await ledger.claim(5))).toEqual([free]);
  });
});

test("a desk step behind a bulk update lifts the update, and what comes later is as urgent while that waits", async () => {
  const put = await accept("A", bulk, "dossier.put");
  const other = await accept("B", normal);
  const step = await accept("A", desk);
  await accept("A", bulk);
  expect(await prioritiesOf("A")).toEqual([desk, desk, desk]);
  expect(await prioritiesOf("B")).toEqual([normal]);
  const ledger = scene.dispatchLedger("first");
  const [first] = await ledger.claim(1);
  expect(first?.id).toBe(put);
  if (first) await ledger.settle([settlementOf(first, "delivered")]);
  expect(ids(await ledger.claim(2))).toEqual([step, other]);
});

test("a stream whose entries are all settled begins anew with the priority of the next", async () => {
  await accept("A", desk);
  await settle(scene.dispatchLedger("first"), "delivered");
  await accept("A", bulk);
  expect(await prioritiesOf("A")).toEqual([bulk]);
});

test("what is being sent while a more urgent step comes is as urgent when it has to wait again, also when its process died", async () => {
  const ledger = scene.dispatchLedger("first");
  await accept("A", bulk);
  const claimed = await ledger.claim(10);
  await accept("A", desk);
  expect(await prioritiesOf("A")).toEqual([bulk, desk]);
  await ledger.settle(claimed.map((entry) => settlementOf(entry, "transient")));
  expect(await prioritiesOf("A")).toEqual([desk, desk]);
  await accept("B", bulk);
  await scene.dispatchLedger("dead", { seconds: -1 }).claim(10);
  await accept("B", desk);
  await ledger.takeOver();
  expect(await prioritiesOf("B")).toEqual([desk, desk]);
});

test("a failed head is lifted too, so that its retry does not hold up the citizen behind it", async () => {
  await accept("A", bulk);
  await settle(scene.dispatchLedger("first"), "refused");
  await accept("A", desk);
  expect(await prioritiesOf("A")).toEqual([desk, desk]);
});

test("a lift waits for nobody: an entry that somebody holds at this moment is passed over", async () => {
  const held = await accept("A", bulk);
  await scene.database.transaction(async (transaction) => {
    await cancelEntry(transaction, "H04", held, new Uint8Array());
    await accept("A", desk);
  });
  expect(await prioritiesOf("A")).toEqual([desk]);
});
