import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { ClaimedEntry, Settlement } from "../../contracts/ledger.ts";
import type { Database } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { tellExchanges } from "../../src/inbox/settle-companions.ts";
import { watchSubscriptions } from "../../src/inbox/watch-subscriptions.ts";
import { type InboxScene, openInboxScene } from "./inbox-scene.ts";

let scene: InboxScene;
let clock = 0;

beforeAll(async () => {
  scene = await openInboxScene({ dispatch: false });
});
beforeEach(() => scene.clear());
afterAll(() => scene.close());

const settlement = (next: Settlement["next"]): Settlement => ({
  entry: { id: "1" } as ClaimedEntry,
  next,
  attempts: [],
});
const DELIVERED = settlement({ state: "delivered" });
const FAULT = { outcome: "refused", code: "upstream_rejected", message: "no" } as const;

/** Counts what the database is asked. */
const counted = () => {
  let asked = 0;
  const database: Database = {
    execute: (query) => {
      asked += 1;
      return scene.database.execute(query);
    },
    transaction: (work) => scene.database.transaction(work),
  };
  return { database, asked: () => asked };
};

const teller = (database: Database, always: readonly "exchange.delivered"[] = []) => {
  const { tenant, sealer } = scene.gateway;
  const subscriptions = watchSubscriptions(tenant, always, () => clock);
  const recorder = { tenant, agencyCode: "000.00.00.H04", sealer, newId: () => "0".repeat(32) };
  const tell = tellExchanges("national-portal", { database, recorder, subscriptions, now: () => new Date() });
  return { tell, subscriptions };
};

test("with nothing to tell a settle costs nothing: the database is asked once in a second what webhooks want", async () => {
  const { database, asked } = counted();
  const { tell } = teller(database);
  for (let n = 0; n < 100; n += 1) expect(await tell([DELIVERED])).toBeNull();
  expect(asked()).toBe(1);
  clock += 1001;
  await tell([DELIVERED]);
  expect(asked()).toBe(2);
  const waiting = settlement({ state: "waiting", delayMs: 1, fault: { ...FAULT, outcome: "transient" } });
  expect(await tell([waiting])).toBeNull();
  expect(asked()).toBe(2);
});

test("a new webhook is noticed at once in the process that made it, and within a second in others", async () => {
  const { tell, subscriptions } = teller(scene.database);
  expect(await tell([DELIVERED])).toBeNull();
  await scene.hook("main", ["exchange.delivered"]);
  expect(await tell([DELIVERED])).toBeNull();
  clock += 1001;
  expect(await tell([DELIVERED])).not.toBeNull();
  await scene.database.execute(sql`delete from webhooks`);
  subscriptions.changed();
  expect(await tell([DELIVERED])).toBeNull();
});

test("INBOX_EVENTS has delivered exchanges recorded without any webhook, and failures are told in any case", async () => {
  const { database, asked } = counted();
  expect(await teller(database, ["exchange.delivered"]).tell([DELIVERED])).not.toBeNull();
  expect(await teller(database).tell([settlement({ state: "failed", fault: FAULT })])).not.toBeNull();
  expect(asked()).toBe(0);
});

test("what was no longer ours when it was settled is not told", async () => {
  const write = await teller(scene.database).tell([settlement({ state: "failed", fault: FAULT })]);
  await scene.database.transaction(async (executor) => write?.(executor, new Set()));
  expect((await scene.inbox()).items).toEqual([]);
});
