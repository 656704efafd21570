import type { Executor } from "../database/database.ts";
import { driverError } from "../database/database-away.ts";
import { sql } from "../database/sql.ts";

/** PostgreSQL gave up waiting for a lock, or broke a circle of waiting. */
const NOT_HAD: readonly unknown[] = ["55P03", "40P01"];

/**
 * Lets this transaction wait for no lock longer than this. Whoever waits for a table alone makes everybody behind it wait: it has
 * to give up and come again rather than hold up traffic behind somebody's long query.
 */
export const setLockPatience = async (executor: Executor, ms: number): Promise<void> => {
  await executor.execute(sql`select set_config('lock_timeout', ${`${ms}ms`}, true)`);
};

/** Whether a transaction failed because it could not have a lock. It changed nothing and may come again. */
export const isLockRefused = (error: unknown): boolean => NOT_HAD.includes(driverError(error)?.code);
