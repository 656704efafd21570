import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { partitionOf } from "./copy-window.ts";
import type { HistoryMonth } from "./history-month.ts";
import { momentOf } from "./moment-of.ts";

/** The tenants of the ledger: every index of it begins with one. */
export const listTenants = async (executor: Executor): Promise<string[]> => {
  const found = await rows<{ tenant: string }>(
    executor,
    sql`select tenant from ledger_sums union select tenant from tallies order by 1`,
  );
  return found.map(({ tenant }) => tenant);
};

/**
 * Keeps when each dossier last reached each platform, before the entries that say so go: how a dossier stands towards a platform
 * must not change when its history is dropped. Every entry of the month is settled.
 */
export const noteDeliveries = async (executor: Executor, month: HistoryMonth, at?: Date): Promise<void> => {
  for (const tenant of await listTenants(executor)) {
    await executor.execute(
      sql`insert into past_deliveries (tenant, subject, platform, delivered_at)
          select e.tenant, e.subject, e.platform, max(s.settled_at)
          from settled s join ${partitionOf("entries", month)} e on e.tenant = s.tenant and e.id = s.id
          where s.tenant = ${tenant} and s.id >= ${month.first_id}::bigint and s.id < ${month.end_id}::bigint
            and s.state = 'delivered' and e.tenant = ${tenant} and e.direction = 'out' and e.dossier_code is not null
          group by e.tenant, e.subject, e.platform
          order by e.tenant, e.subject, e.platform
          on conflict (tenant, subject, platform) do update
          set delivered_at = greatest(past_deliveries.delivered_at, excluded.delivered_at)`,
    );
  }
  await executor.execute(
    sql`update history_months set deliveries_noted_at = ${momentOf(at)} where name = ${month.name}`,
  );
};
