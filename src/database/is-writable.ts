import { type Executor, rows } from "./database.ts";
import { sql } from "./sql.ts";

/** Whether the server takes writes: it is neither a standby nor told to be read-only. */
export const isWritable = async (executor: Executor): Promise<boolean> => {
  const [row] = await rows<{ writable: boolean }>(
    executor,
    sql`select current_setting('transaction_read_only') = 'off' and not pg_is_in_recovery() as writable`,
  );
  return row?.writable === true;
};
