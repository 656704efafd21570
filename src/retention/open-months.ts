import type { Database } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { setLockPatience } from "./lock-patience.ts";
import { momentOf } from "./moment-of.ts";

/** Opening a month waits for readers of settled entries that nobody had a month for. */
const PATIENCE_MS = 500;

/**
 * Opens this month and the next two, lets new entries begin in this one, and notes the months that are over. Any process may call it at
 * any time. Ids move into a month only if it was open before this call: a clock that jumps far ahead for a moment opens months that
 * stay empty, and takes the ids with it only if it is still there an hour later. If nobody calls it in time, entries go on in the
 * month before and what is settled waits in a partition of its own: nothing breaks.
 *
 * @param at in place of the database's clock.
 */
export const openMonths = (database: Database, at?: Date): Promise<void> =>
  database.transaction(async (transaction) => {
    const now = momentOf(at);
    await setLockPatience(transaction, PATIENCE_MS);
    await transaction.execute(sql`select enter_history_month(${now})`);
    await transaction.execute(
      // Counted in days from the first of the month: some days into the next one and the one after it, in whatever zone.
      sql`select open_history_month(${now}), open_history_month(date_trunc('month', ${now}, 'UTC') + interval '35 days'),
                 open_history_month(date_trunc('month', ${now}, 'UTC') + interval '66 days')`,
    );
    await transaction.execute(
      sql`insert into history_months (name, first_id, end_id, closed_at)
          select name, first_id, end_id, ${now} from entry_partitions where end_id <= (select last_value from entries_id_seq)
          on conflict do nothing`,
    );
    // What a clock that was ahead noted is corrected: nothing is kept the longer for it.
    await transaction.execute(sql`update history_months set closed_at = ${now} where closed_at > ${now}`);
  });
