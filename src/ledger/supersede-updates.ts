import type { Operation } from "../../contracts/adapter.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** The place that a new update takes over. */
export interface VacantPlace {
  readonly position: string;
  /** The best priority of those that held it: whoever waited for them waits for the new one now. */
  readonly priority: number;
}

/** A new full update, about to be appended to its stream. */
export interface NewUpdate {
  readonly id: string;
  readonly stream: string;
  /** Which updates it makes needless: its own kind; a dossier's unless it says otherwise. */
  readonly operation?: Operation;
}

/**
 * Takes out of their streams the full updates that new full updates make needless (design section 6, "Order"):
 * the unsettled one directly before it with no step between, or, when the head of the stream is a failed full
 * update, that head and every full update behind it, so that correcting data needs no operator.
 * Never one in `sending`, never one whose last outcome is unknown; an entry that a dispatcher is claiming at this
 * moment is locked, hence skipped.
 *
 * Runs before the new entries are appended, under the rows locks of their subjects.
 *
 * @returns the place that each new update takes, by stream; a stream without one appends at its end.
 */
export const supersedeUpdates = async (
  executor: Executor,
  tenant: string,
  updates: readonly NewUpdate[],
): Promise<ReadonlyMap<string, VacantPlace>> => {
  if (updates.length === 0) return new Map();
  const news = JSON.stringify(updates.map(({ id, stream, operation = "dossier.put" }) => ({ id, stream, operation })));
  const freed = await rows<VacantPlace & { stream: string }>(
    executor,
    sql`with news as materialized (
          select id, stream, operation from jsonb_to_recordset(${news}::jsonb) as r(id bigint, stream text, operation text)
        ),
        candidates as (
          select p.id, p.stream, p.position, p.operation, news.id as by, news.operation as kind,
                 first_value(p.state) over head as head_state,
                 first_value(p.operation) over head as head_operation,
                 first_value(p.unknown_outcome) over head as head_unknown,
                 max(p.position) over (partition by p.stream) as last
          from news join pending p on p.tenant = ${tenant} and p.stream = news.stream
          window head as (partition by p.stream order by p.position)
        ),
        needless as (
          select p.id, c.by from pending p join candidates c on c.id = p.id
          where p.tenant = ${tenant} and c.operation = c.kind
            and p.state in ('queued', 'waiting', 'failed') and not p.unknown_outcome
            and (c.position = c.last
                 or (c.head_state = 'failed' and c.head_operation = c.kind and not c.head_unknown))
          for update of p skip locked
        ),
        gone as (
          delete from pending p using needless n where p.tenant = ${tenant} and p.id = n.id
          returning p.id, p.stream, p.position, p.priority, p.attempts, p.state as was, n.by, p.direction, p.platform, p.agency
        ),
        history as (
          insert into settled (tenant, id, was, state, attempts, superseded_by, direction, platform, agency)
          select ${tenant}, id, was, 'superseded', attempts, by, direction, platform, agency from gone
        )
        select stream, min(position)::text as position, min(priority) as priority from gone group by stream`,
  );
  return new Map(freed.map(({ stream, position, priority }) => [stream, { position, priority }]));
};
