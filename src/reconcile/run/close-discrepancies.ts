import type { ComparedKind } from "../../../contracts/comparer.ts";
import { type Executor, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";

/** Ends discrepancies that are no more: repaired where an exchange was made to cure them, else gone. @returns how many */
export const closeDiscrepancies = async (
  executor: Executor,
  tenant: string,
  platform: string,
  ended: readonly { readonly code: string; readonly kind: ComparedKind }[],
): Promise<number> => {
  if (ended.length === 0) return 0;
  const closed = await rows(
    executor,
    sql`update discrepancies d
        set state = case when d.exchange_id is not null and d.state <> 'dismissed' then 'repaired' else 'gone' end,
            closed_at = now(), is_due = false
        from jsonb_to_recordset(${JSON.stringify(ended)}::jsonb) as e(code text, kind text)
        where d.tenant = ${tenant} and d.platform = ${platform} and d.dossier_code = e.code and d.kind = e.kind
          and d.state in ('open', 'repairing', 'dismissed')
        returning 1`,
  );
  return closed.length;
};
