import { type Executor, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import { noteDiscrepancies } from "./note-discrepancies.ts";
import type { RunRow } from "./run-row.ts";
import { stillOurs } from "./take-run.ts";

/** Lines of a list looked at in one transaction. */
const BATCH = 2000;

interface Line {
  code: string;
  status: string | null;
  is_here: boolean;
}

/**
 * Looks at the next lines of the run's list for dossiers that nobody here has, whatever the filter of the run: by their own
 * code and by the platform's. They belong to the province.
 *
 * @returns whether there were any lines.
 */
export const findStrangers = async (
  executor: Executor,
  tenant: string,
  run: RunRow,
  province: string,
): Promise<boolean> => {
  if (run.list_id === null || !(await stillOurs(executor, tenant, run))) return false;
  const lines = await rows<Line>(
    executor,
    sql`select r.code, r.status,
               exists (select 1 from dossiers d where d.tenant = ${tenant} and d.code = r.code)
               or exists (select 1 from dossiers d where d.tenant = ${tenant} and d.portal_code = r.code) as is_here
        from reconciliation_rows r
        where r.tenant = ${tenant} and r.list_id = ${run.list_id}::bigint and r.code > ${run.cursor}
        order by r.code limit ${BATCH}`,
  );
  const last = lines.at(-1);
  if (last === undefined) return false;
  const strangers = lines.filter((line) => !line.is_here);
  await noteDiscrepancies(
    executor,
    tenant,
    run,
    strangers.map(({ code, status }) => ({
      kind: "missing-here",
      code,
      agency: province,
      portalBorn: false,
      ours: null,
      theirs: status,
    })),
  );
  await executor.execute(
    sql`update reconciliations set cursor = ${last.code}, missing_here = missing_here + ${strangers.length}::int,
               lease_until = null, held = null, next_at = now()
        where tenant = ${tenant} and id = ${run.id}::bigint`,
  );
  return true;
};

/**
 * Ends what was missing here and is no more: the dossier came, or the platform lists it no longer. Only a whole list of
 * everything can tell the latter.
 *
 * @returns how many.
 */
export const closeStrangers = async (executor: Executor, tenant: string, run: RunRow): Promise<number> => {
  const isEverything = run.filter === null && run.source === "upload" && run.sees.includes("missing-at-portal");
  const closed = await rows(
    executor,
    sql`update discrepancies x set state = 'gone', closed_at = now()
        where x.tenant = ${tenant} and x.platform = ${run.platform} and x.kind = 'missing-here'
          and x.state in ('open', 'dismissed')
          and (exists (select 1 from dossiers d where d.tenant = ${tenant} and d.code = x.dossier_code)
               or exists (select 1 from dossiers d where d.tenant = ${tenant} and d.portal_code = x.dossier_code)
               or ${isEverything}::boolean and not exists (
                    select 1 from reconciliation_rows r
                    where r.tenant = ${tenant} and r.list_id = ${run.list_id}::bigint and r.code = x.dossier_code))
        returning 1`,
  );
  return closed.length;
};
