import type { Executor } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import type { BackOff } from "../resilience/back-off.ts";

/** An endpoint that gave nothing but failures for so long is disabled (api section 8). */
export const DEAD_AFTER_DAYS = 5;

/** A failure says nothing about the time before it when none was seen for so long: nothing was sent, or the platform was paused. */
const FORGOTTEN_AFTER_HOURS = 24;

/** A success of an endpoint that is well is written once in this time at most. */
const WELL_SECONDS = 5;

/** How one try at a delivery ended, as far as its endpoint is concerned. */
export interface DeliveryEnding {
  readonly id: string;
  readonly ended: "good" | "bad" | "gone";
  /** What the endpoint asked us to wait. */
  readonly waitMs: number;
}

/**
 * Notes in the webhooks how their endpoints fared: a success forgets the failures, a failure holds the endpoint for a pause that
 * doubles, 410 or five days of failures disable it. One statement for a batch; the rows are locked in one order, so that two
 * processes never wait for each other.
 */
export const noteDeliveries = async (
  executor: Executor,
  tenant: string,
  endings: readonly DeliveryEnding[],
  { baseMs, maxMs }: BackOff,
): Promise<void> => {
  const list = endings.map(({ id, ended, waitMs }) => ({ id, ended, wait_ms: waitMs }));
  const isForgotten = sql`(l.failing_since is null or l.last_failed_at < now() - make_interval(hours => ${FORGOTTEN_AFTER_HOURS}))`;
  await executor.execute(
    sql`with touched as materialized (
          select split_part(e.stream, ':', 3) as webhook, bool_or(o.ended = 'good') as good, bool_or(o.ended = 'gone') as gone,
                 max(o.wait_ms) as wait_ms
          from jsonb_to_recordset(${JSON.stringify(list)}::jsonb) as o(id bigint, ended text, wait_ms float8)
          join entries e on e.tenant = ${tenant} and e.id = o.id
          group by 1
        ),
        locked as materialized (
          select w.*, t.good, t.gone, t.wait_ms from webhooks w join touched t on t.webhook = w.id
          where w.tenant = ${tenant} and w.disabled_at is null
            and not (t.good and not t.gone and w.failures = 0 and w.last_delivered_at > now() - make_interval(secs => ${WELL_SECONDS}))
          order by w.id for update of w
        ),
        noted as (
          select l.*, case when l.good then null when ${isForgotten} then now() else l.failing_since end as since from locked l
        )
        update webhooks w set
          last_delivered_at = case when n.good then now() else n.last_delivered_at end,
          last_failed_at = case when n.good then n.last_failed_at else now() end,
          failing_since = n.since,
          failures = case when n.good then 0 else n.failures + 1 end,
          held_until = case when n.good then null else now() + make_interval(secs =>
            greatest(n.wait_ms, least(${maxMs}::float8, ${baseMs}::float8 * 2 ^ least(n.failures, 30))) / 1000) end,
          disabled_at = case when n.gone or n.since <= now() - make_interval(days => ${DEAD_AFTER_DAYS}) then now() end,
          disabled_because = case when n.gone then 'gone'
            when n.since <= now() - make_interval(days => ${DEAD_AFTER_DAYS}) then 'dead' end
        from noted n where w.tenant = ${tenant} and w.id = n.id`,
  );
};
