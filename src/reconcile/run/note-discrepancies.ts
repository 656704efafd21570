import type { ComparedKind } from "../../../contracts/comparer.ts";
import type { Executor } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import type { RunRow } from "./run-row.ts";

/** A difference that was seen. */
export interface SeenDiscrepancy {
  readonly kind: ComparedKind;
  readonly code: string;
  /** Canonical code of the owner. */
  readonly agency: string;
  readonly portalBorn: boolean;
  readonly ours: string | null;
  readonly theirs: string | null;
}

/**
 * Notes differences: a new one, or one more sight of one that lasts. One in repair whose exchange came to rest without curing it
 * is open again; a dismissed one stays so while it is the same.
 */
export const noteDiscrepancies = async (
  executor: Executor,
  tenant: string,
  { id, platform }: Pick<RunRow, "id" | "platform">,
  seen: readonly SeenDiscrepancy[],
): Promise<void> => {
  if (seen.length === 0) return;
  await executor.execute(
    sql`insert into discrepancies as d (tenant, platform, kind, dossier_code, agency, portal_born, ours, theirs, run_id)
        select ${tenant}, ${platform}, kind, code, agency, "portalBorn", ours, theirs, ${id}::bigint
        from jsonb_to_recordset(${JSON.stringify(seen)}::jsonb) as s(
          kind text, code text, agency text, "portalBorn" boolean, ours text, theirs text)
        order by code
        on conflict (tenant, platform, dossier_code, kind) where state in ('open', 'repairing', 'dismissed')
        do update set last_seen_at = now(), run_id = excluded.run_id, ours = excluded.ours, theirs = excluded.theirs,
                      agency = excluded.agency, portal_born = excluded.portal_born,
                      state = case when d.state = 'repairing' and not d.is_due then 'open'
                                   when d.state = 'dismissed' and (d.ours, d.theirs) is distinct from (excluded.ours, excluded.theirs)
                                     then 'open'
                                   else d.state end`,
  );
};
