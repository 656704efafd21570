import { type Executor, rows } from "./database.ts";
import journal from "./migrations/meta/_journal.json" with { type: "json" };
import { sql } from "./sql.ts";

const NEWEST = Math.max(...journal.entries.map(({ when }) => when));

/** Whether the database has every migration this code needs. A newer database is fine: migrations only go forward. */
export const isMigrated = async (executor: Executor): Promise<boolean> => {
  const [table] = await rows<{ there: boolean }>(
    executor,
    sql`select to_regclass('drizzle.__drizzle_migrations') is not null as there`,
  );
  if (table?.there !== true) return false;
  const [row] = await rows<{ newest: string | null }>(
    executor,
    sql`select max(created_at)::text as newest from drizzle.__drizzle_migrations`,
  );
  return Number(row?.newest ?? 0) >= NEWEST;
};
