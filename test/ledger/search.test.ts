import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rows } from "../../src/database/database.ts";
import { narrowOrRefuse } from "../../src/database/narrow-or-refuse.ts";
import { sql } from "../../src/database/sql.ts";
import { inSyncState, syncState } from "../../src/dossiers/sync-state.ts";
import { foldTallies } from "../../src/ledger/fold-tallies.ts";
import { listEntries } from "../../src/ledger/list-entries.ts";
import type { EntryFilter, EntryPosition } from "../../src/ledger/search/entry-filter.ts";
import { openDatabase } from "../../src/runtime/node-gateway.ts";
import { createTestDatabase, type TestDatabase } from "../database.ts";
import { SEED } from "./ledger-scene.ts";
import {
  insertEntries,
  inventEntries,
  type KnownEntry,
  MARKS,
  MOMENTS,
  momentOf,
  naiveSearch,
} from "./search-scene.ts";

const MIGRATION = new URL("../../src/database/migrations/0014_ledger_search.sql", import.meta.url);

let own: TestDatabase;
let opened: ReturnType<typeof openDatabase>;
let known: KnownEntry[];

beforeAll(async () => {
  own = await createTestDatabase();
  opened = openDatabase(own.url, 2);
  const invented = inventEntries(SEED, 600);
  known = await insertEntries(opened.database, invented.slice(0, 300));
  // Some of the book is folded, some is not.
  await foldTallies(opened.database);
  known.push(...(await insertEntries(opened.database, invented.slice(300))));
});
afterAll(async () => {
  await opened.close();
  await own.drop();
});

/** All pages of a search, as a caller walks them. */
const walk = async (boundary: string | null, filter: EntryFilter, limit: number): Promise<string[]> => {
  const found: string[] = [];
  for (let after: EntryPosition | undefined; ; ) {
    const page = await listEntries(opened.database, { tenant: "H04", boundary, filter, rows: limit + 1, after });
    found.push(...page.slice(0, limit).map(({ id }) => id));
    const last = page[limit - 1];
    if (page.length <= limit || last === undefined) return found;
    after = { acceptedAt: last.accepted_at, id: last.id };
  }
};

const some = (values: readonly string[]) => fc.option(fc.subarray([...values], { minLength: 1 }), { nil: undefined });
const few = (values: readonly string[]) =>
  fc.option(fc.subarray([...values], { minLength: 1, maxLength: 2 }), { nil: undefined, freq: 2 });
const moment = fc.option(
  fc.integer({ min: 0, max: MOMENTS }).map((n) => momentOf(n)),
  { nil: undefined, freq: 1 },
);
const filters = fc.record({
  state: some(MARKS.state),
  platform: few(MARKS.platform),
  operation: few(MARKS.operation),
  subject: fc.option(fc.subarray([...MARKS.subject], { minLength: 1 }), { nil: undefined, freq: 1 }),
  dossierCode: fc.option(fc.subarray([...MARKS.dossierCode], { minLength: 1 }), { nil: undefined, freq: 1 }),
  errorCode: fc.option(fc.subarray([...MARKS.errorCode], { minLength: 1 }), { nil: undefined, freq: 1 }),
  direction: few(MARKS.direction),
  from: moment,
  to: moment,
});
const boundaries = fc.constantFrom(null, null, "H04", "H04.1", "H04.12", "H05", "H04.99");

test("whatever the filter, its pages hold what a look at every entry finds, in its order, without gaps or doubles", async () => {
  const property = fc.asyncProperty(
    filters,
    boundaries,
    fc.constantFrom(3, 50, 1000),
    async (filter, boundary, limit) => {
      expect(await walk(boundary, filter, limit)).toEqual(naiveSearch(known, boundary, filter));
    },
  );
  await fc.assert(property, { seed: SEED, numRuns: 250 });
}, 120_000);

test("each single value of each mark finds the entries that have it, and no others", async () => {
  for (const boundary of [null, "H04.1"]) {
    for (const mark of [
      "state",
      "platform",
      "operation",
      "direction",
      "subject",
      "dossierCode",
      "errorCode",
    ] as const) {
      for (const value of MARKS[mark]) {
        const found = await walk(boundary, { [mark]: [value] }, 20);
        expect([mark, value, found]).toEqual([mark, value, naiveSearch(known, boundary, { [mark]: [value] })]);
      }
    }
  }
}, 60_000);

test("values that no entry has, and a state that does not exist, find nothing", async () => {
  for (const filter of [
    { state: ["lost"] },
    { state: [] },
    { subject: ["' or true --", '{"},{'] },
    { dossierCode: ["\\"] },
    { errorCode: ["internal"], state: ["superseded"] },
    { operation: ["payment.unheard-of"] },
    { platform: [""] },
    { from: momentOf(5), to: momentOf(5) },
  ]) {
    expect([filter, await walk(null, filter, 50)]).toEqual([filter, []]);
  }
});

test("entries that were settled before the migration are found after it", async () => {
  const before = await walk(null, { state: ["cancelled", "superseded"] }, 50);
  expect(before.length).toBeGreaterThan(20);
  for (const index of ["settled_unsent", "entries_seldom", "entries_agency", "entries_dossier"]) {
    await opened.database.execute(sql.raw(`drop index ${index}`));
  }
  await opened.database.execute(sql`drop trigger settled_acceptance on settled`);
  await opened.database.execute(sql`drop function note_acceptance`);
  await opened.database.execute(sql`alter table settled drop column accepted_at`);
  for (const statement of readFileSync(MIGRATION, "utf8").split("--> statement-breakpoint")) {
    await opened.database.execute(sql.raw(statement));
  }
  expect(await walk(null, { state: ["cancelled", "superseded"] }, 50)).toEqual(before);
});

test("a search that takes too long is refused with the advice to narrow it, and the next statement has its time", async () => {
  const one = openDatabase(own.url, 1);
  const slow = narrowOrRefuse(one.database, (executor) => rows(executor, sql`select pg_sleep(20)`), 50);
  await expect(slow).rejects.toMatchObject({ code: "invalid_request" });
  await expect(slow).rejects.toThrow(/narrow/u);
  expect(await rows(one.database, sql`select current_setting('statement_timeout') as t`)).toEqual([{ t: "0" }]);
  await expect(narrowOrRefuse(one.database, (executor) => rows(executor, sql`select 1 / 0`))).rejects.toMatchObject({
    code: "22012",
  });
  await one.close();
});

test("dossiers filtered by how they stand are those that show it", async () => {
  await opened.database.execute(
    sql`insert into dossiers (tenant, code, agency, status, procedure_code, origin, channel, unit_name, received_at, fingerprint, search, content)
        select 'H04', 'X' || n, 'H04', 'accepted', '1', 'province', 'online', 'u', now(), 'f', '{}', '' from generate_series(0, 11) n`,
  );
  await opened.database.execute(
    sql`insert into pending (tenant, id, platform, agency, operation, stream, position, priority, state)
        select case when n = 9 then 'other' else 'H04' end, -10 * n - i, 'national-portal', 'H04', 'dossier.step',
               case when n = 8 then 'national-portal:in:X' else 'national-portal:dossier:X' end || n, i, 1,
               case when i = 0 and n % 2 = 0 then 'failed' else 'waiting' end
        from generate_series(0, 9) n cross join generate_series(0, 1) i where i <= n % 4 / 2`,
  );
  await opened.database.execute(
    sql`insert into holdings (tenant, platform, dossier_code) values ('H04', 'national-portal', 'X10')`,
  );
  const shown = await rows<{ code: string; sync: string }>(
    opened.database,
    sql`select d.code, ${syncState("H04", "national-portal")} as sync from dossiers d where d.tenant = 'H04' order by 1`,
  );
  expect(new Set(shown.map(({ sync }) => sync))).toEqual(new Set(["none", "synced", "pending", "failed", "blocked"]));
  await fc.assert(
    fc.asyncProperty(fc.subarray(["none", "synced", "pending", "failed", "blocked"]), async (states) => {
      const found = await rows<{ code: string }>(
        opened.database,
        sql`select d.code from dossiers d where d.tenant = 'H04' and ${inSyncState("H04", "national-portal", states)} order by 1`,
      );
      const expected = shown.filter(({ sync }) => states.includes(sync)).map(({ code }) => code);
      expect(found.map(({ code }) => code)).toEqual(expected);
    }),
    { seed: SEED, numRuns: 40 },
  );
});
