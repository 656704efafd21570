import type { PlatformDossier } from "../../../contracts/comparer.ts";
import { type Executor, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";

/** Adds lines to a list. @returns the codes that were new to it */
export const insertRows = async (
  executor: Executor,
  tenant: string,
  listId: string,
  listed: readonly PlatformDossier[],
): Promise<ReadonlySet<string>> => {
  if (listed.length === 0) return new Set();
  const inserted = await rows<{ code: string }>(
    executor,
    sql`with given as (
          select code, status from jsonb_to_recordset(${JSON.stringify(listed)}::jsonb) as g(code text, status text)
        ),
        added as (
          insert into reconciliation_rows (tenant, list_id, code, status)
          select ${tenant}, ${listId}::bigint, code, status from given
          on conflict do nothing returning code
        ),
        counted as (
          update reconciliation_lists set lines = lines + (select count(*) from added), heard_at = now()
          where tenant = ${tenant} and id = ${listId}::bigint
        )
        select code from added`,
  );
  return new Set(inserted.map(({ code }) => code));
};
