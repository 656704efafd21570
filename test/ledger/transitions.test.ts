import { drizzle } from "drizzle-orm/postgres-js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ENTRY_STATES, type EntryState, TRANSITIONS } from "../../contracts/ledger.ts";
import { connect } from "../../src/runtime/database-connection.ts";
import { createTestDatabase, type TestDatabase } from "../database.ts";

const UNSETTLED: readonly EntryState[] = ["queued", "sending", "waiting", "failed"];

let testDatabase: TestDatabase;
let sql: ReturnType<typeof connect>;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  sql = connect(testDatabase.url, { max: 1 });
  drizzle(sql);
});
afterAll(async () => {
  await sql.end();
  await testDatabase.drop();
});

/** Whether the database takes a change of state, among the unsettled or into history. */
const takes = async (from: EntryState, to: EntryState): Promise<boolean> => {
  const change = UNSETTLED.includes(to)
    ? sql`update pending set state = ${to} where id = 1`
    : sql`insert into settled (tenant, id, was, state, attempts, direction, platform, agency)
          values ('t', 1, ${from}, ${to}, 0, 'out', 'national-portal', 'H04')`;
  try {
    await change;
    return true;
  } catch (error) {
    expect((error as { code?: unknown }).code).toBe("23514");
    return false;
  }
};

test.for(UNSETTLED.flatMap((from) => ENTRY_STATES.filter((to) => to !== from).map((to) => [from, to] as const)))(
  "the database judges the transition from %s to %s as the table of transitions does",
  async ([from, to]) => {
    await sql`truncate pending, settled`;
    await sql`insert into pending (tenant, id, platform, operation, stream, position, priority, state, agency)
              values ('t', 1, 'national-portal', 'dossier.put', 's', 1, 1, ${from}, 'H04')`;
    expect(await takes(from, to)).toBe((TRANSITIONS[from] as readonly EntryState[]).includes(to));
  },
);
