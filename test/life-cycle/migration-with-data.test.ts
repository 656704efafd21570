import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { blankRulebook } from "../../src/life-cycle/rulebook/read-rulebook.ts";
import { createRulebookShelf } from "../../src/life-cycle/rulebook/rulebook-shelf.ts";
import { openDatabase } from "../../src/runtime/node-gateway.ts";
import { createTestDatabase, type TestDatabase } from "../database.ts";

const MIGRATION = new URL("../../src/database/migrations/0005_life_cycle.sql", import.meta.url);

let own: TestDatabase;
let opened: ReturnType<typeof openDatabase>;

beforeAll(async () => {
  own = await createTestDatabase();
  opened = openDatabase(own.url, 2);
});
afterAll(async () => {
  await opened.close();
  await own.drop();
});

const run = async (statements: readonly string[]): Promise<void> => {
  for (const statement of statements) await opened.database.execute(sql.raw(statement));
};

test("the migration leaves dossiers and calendar as they were, and the calendar of before is in force after it", async () => {
  await run([
    "drop table rulebooks",
    "drop table agency_codes",
    "alter table dossiers drop column life_cycle",
    "alter table calendar_days drop column hours",
    "insert into calendar_days values ('H04', '2026-11-24', 'holiday', 'Ngày Văn hóa'), ('H04', '2026-11-28', 'working', 'bù')",
    `insert into dossiers (tenant, code, agency, status, procedure_code, origin, channel, unit_name, received_at, fingerprint,
                           search, content)
     values ('H04', 'H04.15-261120-0001', 'H04', 'accepted', '1.000001', 'province', 'online', 'Sở', now(), 'f', '{}', '')`,
  ]);
  await run(readFileSync(MIGRATION, "utf8").split("--> statement-breakpoint"));
  const [dossier] = await rows(opened.database, sql`select code, status, life_cycle from dossiers`);
  expect(dossier).toEqual({ code: "H04.15-261120-0001", status: "accepted", life_cycle: null });
  const [row] = await rows<{ version: string }>(
    opened.database,
    sql`select version from rulebooks where tenant = 'H04'`,
  );
  const { calendar, version } = await createRulebookShelf("H04").at(opened.database, row?.version ?? null);
  expect(version).toBe(row?.version);
  const day = (date: string) => Date.parse(`${date}T00:00:00Z`) / 86_400_000;
  expect(["2026-11-23", "2026-11-24", "2026-11-28"].map((date) => calendar.sessions(day(date)).length)).toEqual([
    2, 0, 2,
  ]);
});

test("a shelf reads a rulebook once for each version, and none at all while nothing was put", async () => {
  let statements = 0;
  const counting: Pick<typeof opened.database, "execute"> = {
    execute: (query) => {
      statements += 1;
      return opened.database.execute(query);
    },
  };
  const shelf = createRulebookShelf("H04");
  expect((await shelf.at(counting, null)).policy).toEqual(blankRulebook().policy);
  expect(statements).toBe(0);
  const [row] = await rows<{ version: string }>(
    opened.database,
    sql`select version from rulebooks where tenant = 'H04'`,
  );
  for (let call = 0; call < 3; call += 1) await shelf.at(counting, row?.version ?? "");
  expect(statements).toBe(1);
});
