import type { SQL } from "drizzle-orm";
import type { PostgresJsDatabase } from "drizzle-orm/postgres-js";

/** The database of the deployment. */
export type Database = PostgresJsDatabase;

/** What one statement needs: the database itself or a transaction. */
export interface Executor {
  execute(query: SQL): PromiseLike<readonly Record<string, unknown>[]>;
}

/** Runs one statement and names its row type. The statement's columns are the promise; nothing is checked here. */
export const rows = async <Row>(executor: Executor, query: SQL): Promise<Row[]> =>
  (await executor.execute(query)) as unknown as Row[];

/** A moment as the database prints it, in ISO 8601 with `Z`. */
export const isoMoment = (printed: string): string => new Date(printed).toISOString();
