import { type SQL, sql } from "../database/sql.ts";

/** The best priority among the unsettled entries of a stream, null when there are none: those entries share it (design section 6, "Order"). */
export const bestPriority = (tenant: string, stream: SQL): SQL =>
  sql`(select min(q.priority) from pending q where q.tenant = ${tenant} and q.stream = ${stream})`;

/** A stream whose unsettled entries are to be at least this urgent. */
export interface Lift {
  readonly stream: string;
  readonly priority: number;
  /** Only if this entry is still unsettled; null: in any case. */
  readonly exchangeId: string | null;
}

/**
 * Two parts of a `with`, the second named `lifted`: raise the entries of these streams. One that somebody holds is passed over, so that
 * nobody waits for anybody here: what is being sent takes the best priority of its stream when it has to wait again.
 */
export const liftingParts = (tenant: string, lifts: readonly Lift[]): SQL => sql`
  lower as materialized (
    select p.id, l.priority
    from jsonb_to_recordset(${JSON.stringify(lifts)}::jsonb) as l(stream text, priority smallint, "exchangeId" bigint)
    cross join lateral (
      select p.id from pending p
      where p.tenant = ${tenant} and p.stream = l.stream and p.priority > l.priority and p.state <> 'sending'
        and (l."exchangeId" is null
             or exists (select 1 from pending x where x.tenant = ${tenant} and x.id = l."exchangeId" offset 0))
      for update skip locked
    ) p
  ),
  lifted as (
    update pending p set priority = lower.priority from lower where p.tenant = ${tenant} and p.id = lower.id
  )`;
