import type { Executor } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import type { PaymentRow } from "./payment-row.ts";

/** Money that came twice. */
export interface DoubleCharge {
  readonly payment: PaymentRow;
  /** `reference/number` of what had been paid, and of what was paid besides. */
  readonly ours: string;
  readonly theirs: string;
}

/** Longest text of a side: a dossier whose payments are doubled again and again is known by the first of them. */
const MOST = 500;

/** Notes a double charge as a discrepancy of its dossier: one for the dossier, open again with each further one. */
export const noteDoubleCharge = async (
  executor: Executor,
  tenant: string,
  { payment, ours, theirs }: DoubleCharge,
): Promise<void> => {
  await executor.execute(
    sql`insert into discrepancies as d (tenant, platform, kind, dossier_code, agency, ours, theirs)
        values (${tenant}, ${payment.platform}, 'double-charge', ${payment.dossier_code}, ${payment.agency}, ${ours}, ${theirs})
        on conflict (tenant, platform, dossier_code, kind) where state in ('open', 'repairing', 'dismissed')
        do update set last_seen_at = now(), state = 'open',
                      ours = case when strpos(d.ours, excluded.ours) > 0 then d.ours
                                  else left(d.ours || ' ' || excluded.ours, ${MOST}) end,
                      theirs = case when strpos(d.theirs, excluded.theirs) > 0 then d.theirs
                                    else left(d.theirs || ' ' || excluded.theirs, ${MOST}) end`,
  );
};
