import { sql } from "drizzle-orm";
import { type Executor, rows } from "./database.ts";

/** The place in its stream that a new full update may take, and the entries it makes needless. */
export interface Superseding {
  readonly position: string | null;
  readonly superseded: readonly string[];
}

/**
 * Takes out of the stream the full updates that a new full update makes needless (design section 6, "Order"):
 * the unsettled one directly before it with no step between, or, when the head of the stream is a failed full
 * update, that head and every full update behind it, so that correcting data needs no operator.
 * Never one in `sending`, never one whose last outcome is unknown; an entry that a dispatcher is claiming at this
 * moment is locked, hence skipped.
 *
 * Runs before the new entry is appended, under the subject's row lock; `markSuperseded` records by what.
 */
export const supersedeUpdates = async (executor: Executor, tenant: string, stream: string): Promise<Superseding> => {
  const removed = await rows<{ id: string; position: string; attempts: number }>(
    executor,
    sql`with candidates as (
          select id, position, operation, state, unknown_outcome,
                 first_value(state) over (order by position) as head_state,
                 first_value(operation) over (order by position) as head_operation,
                 first_value(unknown_outcome) over (order by position) as head_unknown,
                 max(position) over () as last
          from pending where tenant = ${tenant} and stream = ${stream}
        ),
        needless as (
          select p.id from pending p join candidates c using (id)
          where p.tenant = ${tenant} and c.operation = 'dossier.put'
            and p.state in ('queued', 'waiting', 'failed') and not p.unknown_outcome
            and (c.position = c.last
                 or (c.head_state = 'failed' and c.head_operation = 'dossier.put' and not c.head_unknown))
          for update of p skip locked
        ),
        gone as (
          delete from pending p using needless n where p.tenant = ${tenant} and p.id = n.id
          returning p.id, p.position, p.attempts
        ),
        history as (
          insert into settled (tenant, id, state, attempts)
          select ${tenant}, id, 'superseded', attempts from gone
        )
        select id, position, attempts from gone order by position`,
  );
  return { position: removed[0]?.position ?? null, superseded: removed.map((row) => row.id) };
};

/** Names the entry that took the place of the superseded ones. */
export const markSuperseded = async (
  executor: Executor,
  tenant: string,
  superseded: readonly string[],
  by: string,
): Promise<void> => {
  if (superseded.length === 0) return;
  await executor.execute(
    sql`update settled set superseded_by = ${by}::bigint
        where tenant = ${tenant} and id = any(${`{${superseded.join(",")}}`}::bigint[])`,
  );
};
