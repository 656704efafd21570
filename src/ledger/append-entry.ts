import type { NewEntry } from "../../contracts/ledger.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { bestPriority } from "./stream-priority.ts";

/**
 * Appends one entry at the end of its stream, or at `position` when it takes the place of one it supersedes.
 * The caller holds the row lock of the subject, which is what makes ids of one stream grow in the order accepted.
 *
 * @param given the id, when it had to be known before: taken from the same sequence under the same lock.
 * @returns the new entry's id, as decimal text.
 */
export const appendEntry = async (
  executor: Executor,
  tenant: string,
  entry: NewEntry,
  position: string | null,
  given: string | null = null,
): Promise<string> => {
  const [row] = await rows<{ id: string }>(
    executor,
    sql`with accepted as (
          insert into entries (tenant, id, platform, operation, stream, subject, dossier_code, client, agency, priority, correlation_id, payload)
          values (${tenant}, coalesce(${given}::bigint, nextval('entries_id_seq')), ${entry.platform}, ${entry.operation}, ${entry.stream}, ${entry.subject}, ${entry.dossierCode},
                  ${entry.client}, ${entry.agency}, ${entry.priority}, ${entry.correlationId}, ${entry.payload})
          returning id
        )
        insert into pending (tenant, id, platform, operation, stream, position, priority, agency)
        select ${tenant}, id, ${entry.platform}, ${entry.operation}, ${entry.stream}, coalesce(${position}::bigint, id),
               least(${entry.priority}::smallint, ${bestPriority(tenant, sql`${entry.stream}`)}), ${entry.agency}
        from accepted
        returning id`,
  );
  if (row === undefined) throw new Error("append returned no row");
  return row.id;
};
