import type { Executor } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/**
 * Folds the lines of the ledger's book into its sums, in one statement: a reader sees each line in the one or in the other. Lines
 * that another process folds at this moment are left to it; sums are taken in one order, so that no two processes wait
 * for each other crosswise.
 */
export const foldTallies = async (executor: Executor): Promise<void> => {
  await executor.execute(
    sql`with free as (select ctid from tallies for update skip locked),
        folded as (delete from tallies t using free where t.ctid = free.ctid returning t.*)
        insert into ledger_sums (tenant, month, direction, platform, agency, state, count)
        select tenant, month, direction, platform, agency, state, sum(count) from folded
        group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6
        on conflict (tenant, month, direction, platform, agency, state) do update set count = ledger_sums.count + excluded.count`,
  );
};
