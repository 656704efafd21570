import { afterEach, beforeEach, expect, test } from "vitest";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { cancelEntry } from "../../src/ledger/cancel-entry.ts";
import { foldTallies } from "../../src/ledger/fold-tallies.ts";
import { imbalancesOf, summarizeEntries } from "../../src/ledger/summarize-entries.ts";
import { createHistoryChores } from "../../src/retention/history-chores.ts";
import { openDatabase } from "../../src/runtime/node-gateway.ts";
import { SEED, seededRandom, settlementOf } from "../ledger/ledger-scene.ts";
import { type HistoryScene, openHistoryScene, POLICY } from "./history-scene.ts";

let scene: HistoryScene;
beforeEach(async () => {
  scene = await openHistoryScene();
});
afterEach(() => scene.close());

/** What the tables themselves say, entry by entry. */
const counted = () =>
  rows(
    scene.database,
    sql`select e.direction, e.platform, count(*)::int as accepted,
               count(*) filter (where s.state = 'delivered')::int as delivered,
               count(*) filter (where p.state = 'failed')::int as failed,
               count(*) filter (where s.state = 'cancelled')::int as cancelled,
               count(*) filter (where s.state = 'superseded')::int as superseded,
               count(*) filter (where p.state <> 'failed')::int as pending
        from entries e left join pending p on p.tenant = e.tenant and p.id = e.id
        left join settled s on s.tenant = e.tenant and s.id = e.id group by 1, 2 order by 1, 2`,
  );

test(`the sums balance at every moment of a random day, while two processes fold the book (seed ${SEED})`, async () => {
  const random = seededRandom(SEED);
  const pick = (n: number): number => Math.floor(random() * n);
  const ledger = scene.dispatchLedger("random");
  const OUTCOMES = ["delivered", "refused", "transient", "unknown"] as const;
  const act = async () => {
    if (random() < 0.5) return scene.accept(`D${pick(12)}`, random() < 0.5 ? "dossier.put" : "dossier.step");
    if (random() < 0.2) {
      const [row] = await rows<{ id: string }>(
        scene.database,
        sql`select id from pending where state <> 'sending' limit 1`,
      );
      return row && cancelEntry(scene.database, "H04", row.id, new Uint8Array([1]));
    }
    const claimed = await ledger.claim(3);
    return ledger.settle(claimed.map((entry) => settlementOf(entry, OUTCOMES[pick(4)] ?? "delivered")));
  };
  let over = false;
  const watch = async () => {
    const other = openDatabase(scene.databaseUrl, 1);
    const imbalances = new Set<number>();
    for (; !over; ) {
      const summary = await summarizeEntries(other.database, "H04", null);
      for (const { by } of imbalancesOf(summary)) imbalances.add(by);
      await foldTallies(other.database);
    }
    await other.close();
    return [...imbalances];
  };
  const watching = [watch(), watch()];
  for (let n = 0; n < 120; n++) await act();
  over = true;
  expect(await Promise.all(watching)).toEqual([[0], [0]]);
  expect(await scene.sums()).toEqual(await counted());
  await foldTallies(scene.database);
  expect(await rows(scene.database, sql`select 1 from tallies`)).toEqual([]);
  expect(await scene.sums()).toEqual(await counted());
});

test("an entry that vanished without being settled shows as an imbalance", async () => {
  const { database } = scene;
  const chores = createHistoryChores({ database, tenant: "H04", policy: POLICY });
  await scene.acceptAnd("delivered", "A");
  const id = await scene.accept("B");
  expect(await chores.balance()).toEqual([]);
  await database.execute(sql`delete from pending where id = ${id}::bigint`);
  await scene.accept("C");
  expect(await chores.balance()).toEqual([{ direction: "out", platform: "national-portal", by: 1 }]);
});

test("the sums are found without looking at the history, however long it is", async () => {
  const { database } = scene;
  await database.execute(sql`
    insert into ledger_sums (tenant, month, direction, platform, agency, state, count)
    select 'H04', date '2020-01-01' + make_interval(months => m), 'out', 'national-portal', 'H04.' || a, s, 2000
    from generate_series(0, 59) m, generate_series(1, 25) a, unnest(array['accepted', 'delivered', 'superseded']) s`);
  await database.execute(sql`
    insert into pending (tenant, id, platform, operation, stream, position, priority, state, agency)
    select 'H04', n, 'national-portal', 'dossier.step', 's' || n, n, 1, case when n % 50 = 0 then 'failed' else 'queued' end,
           'H04.' || n % 25 from generate_series(1, 10000) n`);
  const holder = openDatabase(scene.databaseUrl, 1);
  try {
    await holder.database.transaction(async (transaction) => {
      await transaction.execute(sql`lock table entries, attempts, settled in access exclusive mode`);
      const whole = await summarizeEntries(database, "H04", null);
      expect(whole.items).toEqual([
        {
          direction: "out",
          platform: "national-portal",
          accepted: 3_000_000,
          delivered: 3_000_000,
          failed: 200,
          cancelled: 0,
          superseded: 3_000_000,
          pending: 9800,
        },
      ]);
      const part = await summarizeEntries(database, "H04", "H04.7");
      expect(part.items).toMatchObject([{ accepted: 120_000, delivered: 120_000, failed: 0, pending: 400 }]);
      expect((await summarizeEntries(database, "H05", null)).items).toEqual([]);
    });
  } finally {
    await holder.close();
  }
});
