import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { leftOutOf, type Selection, selectionKey, selectionOf, selectionTables } from "./selection.ts";

/** How many messages a selection stands for. */
export interface SelectionCount {
  readonly count: number;
  readonly byOperation: Readonly<Record<string, number>>;
  readonly leftOut: number;
}

/** Counts in the database: a million matches are never brought here. */
export const countSelection = async (
  executor: Executor,
  tenant: string,
  selection: Selection,
): Promise<SelectionCount> => {
  const counted = await rows<{ operation: string; count: number }>(
    executor,
    sql`select operation, count(*)::int as count
        from (select e.operation, ${selectionKey} as key from ${selectionTables}
              where ${selectionOf(tenant, selection)} group by 1, 2) messages
        group by operation order by operation`,
  );
  const [left] = await rows<{ count: number }>(
    executor,
    sql`select count(*)::int as count from ${selectionTables} where ${leftOutOf(tenant, selection)}`,
  );
  return {
    count: counted.reduce((sum, { count }) => sum + count, 0),
    byOperation: Object.fromEntries(counted.map(({ operation, count }) => [operation, count])),
    leftOut: left?.count ?? 0,
  };
};
