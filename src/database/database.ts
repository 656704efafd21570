import type { SQL } from "./sql.ts";

/** What one statement needs: the database itself or a transaction. */
export interface Executor {
  execute(query: SQL): PromiseLike<readonly Record<string, unknown>[]>;
}

/** The database of the deployment. */
export interface Database extends Executor {
  /** Runs the work in one transaction: committed when it returns, rolled back when it throws. */
  transaction<T>(work: (executor: Executor) => Promise<T>): Promise<T>;
}

/** Runs one statement and names its row type. The statement's columns are the promise; nothing is checked here: the one cast for all. */
export const rows = async <Row>(executor: Executor, query: SQL): Promise<Row[]> =>
  (await executor.execute(query)) as unknown as Row[];

/**
 * Texts as one array parameter, to be cast `::text[]`: the statement's text then does not change with their number,
 * and is prepared once.
 */
export const textArray = (values: readonly string[]): string =>
  `{${values.map((value) => `"${value.replaceAll(/["\\]/gu, "\\$&")}"`).join(",")}}`;

/** A moment as the database prints it, in ISO 8601 with `Z`. */
export const isoMoment = (printed: string): string => new Date(printed).toISOString();
