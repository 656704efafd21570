import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** Takes a link back for good, also from a dossier that names its file again. False: a person did so before. */
export const revokeLink = async (executor: Executor, tenant: string, id: string): Promise<boolean> => {
  const [row] = await rows<{ id: string }>(
    executor,
    sql`update relayed_files set revoked_at = coalesce(revoked_at, now()), revoked_because = 'person'
        where tenant = ${tenant} and id = ${id} and revoked_because is distinct from 'person' returning id`,
  );
  return row !== undefined;
};
