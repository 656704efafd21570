import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { groupOf } from "../ledger/groups/read-groups.ts";
import type { WaitingSignal } from "./decide-alarms.ts";

/** How long a new cause of failures is told as new. */
const NEW_FOR_HOURS = 24;
/** New causes told at once: more of them are one disorder, not many. */
const MOST_CAUSES = 50;

/** What waits, by platform. Ids are given in the order accepted: the smallest is the oldest. */
export const readWaiting = (executor: Executor, tenant: string): Promise<WaitingSignal[]> =>
  rows<WaitingSignal & Record<string, unknown>>(
    executor,
    sql`with oldest as (
          select p.platform, min(p.id) as id, bool_or(p.tries > 0) as tried from pending p
          where p.tenant = ${tenant} and p.state in ('queued', 'waiting', 'sending')
            and p.stream not in (select f.stream from pending f where f.tenant = ${tenant} and f.state = 'failed')
            -- What waits for a disabled webhook has an alarm of its own.
            and not (p.platform = 'province' and exists (select 1 from webhooks w where w.tenant = ${tenant}
                     and w.id = split_part(p.stream, ':', 3) and w.disabled_at is not null))
          group by p.platform
        )
        select o.platform, o.tried, extract(epoch from now() - e.accepted_at)::float8 as "oldestSeconds"
        from oldest o join entries e on e.tenant = ${tenant} and e.id = o.id`,
  );

/** Failure groups with failures in them that were never told before, or were told first within the last day. */
export const readNewCauses = async (executor: Executor, tenant: string): Promise<string[]> => {
  const found = await rows<{ id: string }>(
    executor,
    sql`select g.id from (
          select ${groupOf} as id, count(*) as count from pending p
          where p.tenant = ${tenant} and p.state = 'failed' group by 1
        ) g
        where not exists (select 1 from alarms a where a.tenant = ${tenant} and a.kind = 'new-cause' and a.subject = g.id
                            and (a.cleared_at is not null or a.since < now() - make_interval(hours => ${NEW_FOR_HOURS})))
        order by g.count desc, g.id limit ${MOST_CAUSES}`,
  );
  return found.map(({ id }) => id);
};
