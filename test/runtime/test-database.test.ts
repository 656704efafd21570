import { expect, inject, test } from "vitest";
import { connect } from "../../src/runtime/database-connection.ts";
import { createTestDatabase } from "../database.ts";

test("each test database is a copy of the template, apart from the others, and gone after drop", async () => {
  const databases = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const pools = databases.map(({ url }) => connect(url, { max: 1 }));
  await pools[0]?.unsafe("create table only_here (n int)");
  const there = await Promise.all(pools.map((sql) => sql`select to_regclass('only_here') is not null as there`));
  expect(there.map(([row]) => row?.["there"])).toEqual([true, false]);
  const admin = connect(inject("pgAdminUrl"), { max: 1 });
  // Connections left open must not keep a database from going.
  await Promise.all(databases.map((database) => database.drop()));
  const names = databases.map(({ url }) => new URL(url).pathname.slice(1));
  expect(await admin`select datname from pg_database where datname in ${admin(names)}`).toEqual([]);
  await Promise.all([...pools, admin].map((sql) => sql.end({ timeout: 0 })));
});

test("a connection shows the application's name and prints no notice", async () => {
  const database = await createTestDatabase();
  const sql = connect(database.url, { max: 1, applicationName: "ltg-test" });
  const [row] = await sql`select current_setting('application_name') as name`;
  expect(row?.["name"]).toBe("ltg-test");
  await sql.unsafe("do $$ begin raise notice 'unheard'; end $$");
  await sql.end();
  await database.drop();
});
