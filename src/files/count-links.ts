import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** How many links of a dossier are open, and how many of them led to nothing when last looked at. */
export const countLinks = async (
  executor: Executor,
  tenant: string,
  dossierCode: string,
): Promise<{ readonly links: number; readonly unreachable: number }> => {
  const [counts] = await rows<{ links: number; unreachable: number }>(
    executor,
    sql`select count(*)::int as links, (count(*) filter (where reachable = false))::int as unreachable
        from relayed_files where tenant = ${tenant} and dossier_code = ${dossierCode} and revoked_at is null`,
  );
  return { links: counts?.links ?? 0, unreachable: counts?.unreachable ?? 0 };
};
