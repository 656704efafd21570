import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** What became of released entries since the last look. */
export interface Settled {
  readonly delivered: number;
  readonly failed: number;
  /** Cancelled, superseded, or stuck behind another failure: neither good nor bad. */
  readonly skipped: number;
}

/** Notes which released entries came to rest. One that fails did so anew: releasing it had reopened it. */
export const watchItems = async (executor: Executor, tenant: string, replayId: string): Promise<Settled> => {
  const [counted] = await rows<Settled & Record<string, unknown>>(
    executor,
    sql`with seen as (
          select i.key,
                 case when s.state = 'delivered' then 'delivered'
                      when s.state is not null then 'skipped'
                      when p.state = 'failed' then 'failed'
                      when exists (select 1 from pending b where b.tenant = p.tenant and b.stream = p.stream
                                     and b.position < p.position and b.state = 'failed') then 'skipped' end as state
          from replay_items i
          left join pending p on p.tenant = i.tenant and p.id = i.carrier
          left join settled s on s.tenant = i.tenant and s.id = i.carrier
          where i.tenant = ${tenant} and i.replay_id = ${replayId}::bigint and i.state = 'released'
        ),
        noted as (
          update replay_items i set state = seen.state from seen
          where i.tenant = ${tenant} and i.replay_id = ${replayId}::bigint and i.key = seen.key and seen.state is not null
          returning i.state
        )
        select count(*) filter (where state = 'delivered')::int as delivered,
               count(*) filter (where state = 'failed')::int as failed,
               count(*) filter (where state = 'skipped')::int as skipped
        from noted`,
  );
  return counted ?? { delivered: 0, failed: 0, skipped: 0 };
};
