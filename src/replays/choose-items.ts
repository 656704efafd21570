import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { type Selection, selectionKey, selectionOf, selectionTables } from "./selection.ts";

/** Entries looked at in one batch: bounds the transaction, whatever the filter matches. */
const WINDOW = 20_000;

/**
 * Selects the next batch of a replay inside the database: of the next entries after its cursor, those that match. However many
 * match in all, none of them is brought into memory.
 */
export const chooseItems = async (
  executor: Executor,
  tenant: string,
  replay: { readonly id: string; readonly cursor: string; readonly last_id: string },
  selection: Selection,
): Promise<void> => {
  await rows(
    executor,
    sql`with bounds as (
          select coalesce((select id from entries where tenant = ${tenant} and id > ${replay.cursor}::bigint
                           and id <= ${replay.last_id}::bigint order by id offset ${WINDOW - 1}::int limit 1),
                          ${replay.last_id}::bigint) as until
        ),
        chosen as (
          insert into replay_items (tenant, replay_id, key, entry_id)
          select ${tenant}, ${replay.id}::bigint, ${selectionKey}, e.id from ${selectionTables}
          where e.id > ${replay.cursor}::bigint and e.id <= (select until from bounds)
            and ${selectionOf(tenant, selection)}
          order by e.id
          on conflict do nothing returning 1
        )
        update replays set cursor = (select until from bounds), selected = selected + (select count(*) from chosen)
        where tenant = ${tenant} and id = ${replay.id}::bigint`,
  );
};
