import { type Executor, rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";

/** Every table that the product made, with its schema, in a form that SQL takes. */
export const allTables = async (executor: Executor): Promise<string[]> => {
  const found = await rows<{ name: string }>(
    executor,
    sql`select format('%I.%I', table_schema, table_name) as name from information_schema.tables
        where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') order by 1`,
  );
  return found.map(({ name }) => name);
};

/** What the gateway writes of its own accord, at any time: its rounds of looking for alarms, how platforms fare, the sums of its book. */
const OWN_ACCORD: ReadonlySet<string> = new Set([
  "public.alarm_rounds",
  "public.alarms",
  "public.history_months",
  "public.ledger_sums",
  "public.inbox_counters",
  "public.platform_states",
  "public.tallies",
]);

/** How many rows each table has that calls write. */
export const countRows = async (executor: Executor): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const table of (await allTables(executor)).filter((name) => !OWN_ACCORD.has(name))) {
    const [row] = await rows<{ count: number }>(executor, sql.raw(`select count(*)::int as count from ${table}`));
    counts[table] = row?.count ?? 0;
  }
  return counts;
};

/** Every row of every table as PostgreSQL prints it: `bytea` as `\x` and hexadecimal digits. */
export const printRows = async (executor: Executor): Promise<{ table: string; row: string }[]> => {
  const printed: { table: string; row: string }[] = [];
  for (const table of await allTables(executor)) {
    const found = await rows<{ row: string }>(executor, sql.raw(`select t::text as row from ${table} t`));
    printed.push(...found.map(({ row }) => ({ table, row })));
  }
  return printed;
};
