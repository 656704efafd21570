import { type Executor, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import type { RunRow } from "./run-row.ts";

/**
 * Takes the run that is due first for one batch. Who dies with it has it until the lease ends; nothing of the batch was written
 * then, and it is done again.
 *
 * @param leaseSeconds longer than a batch takes.
 */
export const takeRun = async (executor: Executor, tenant: string, leaseSeconds: number): Promise<RunRow | null> => {
  const [row] = await rows<RunRow>(
    executor,
    sql`with due as (
          select id from reconciliations
          where tenant = ${tenant} and state = 'running' and next_at <= now() and (lease_until is null or lease_until < now())
          order by next_at limit 1 for update skip locked
        )
        update reconciliations r set fence = fence + 1, lease_until = now() + make_interval(secs => ${leaseSeconds}::float8)
        from due where r.tenant = ${tenant} and r.id = due.id
        returning r.id, r.platform, r.source, to_jsonb(r.sees) as sees, r.phase, r.agency, r.filter, r.list_id, r.actor_kind, r.actor,
                  r.correlation_id, r.cursor, r.fruitless, r.fence`,
  );
  return row ?? null;
};

/** Locks a run's row for who took it last; false: it was taken by another, or stopped. What was found then counts no more. */
export const stillOurs = async (executor: Executor, tenant: string, { id, fence }: RunRow): Promise<boolean> => {
  const found = await rows(
    executor,
    sql`select 1 from reconciliations
        where tenant = ${tenant} and id = ${id}::bigint and fence = ${fence} and state = 'running' for update`,
  );
  return found.length > 0;
};

/** Lets go of a run until it is worth looking at again, with the reason. */
export const restRun = async (
  executor: Executor,
  tenant: string,
  { id, fence }: RunRow,
  { seconds, held, isFruitless = false }: { seconds: number; held: string | null; isFruitless?: boolean },
): Promise<void> => {
  await executor.execute(
    sql`update reconciliations set lease_until = null, next_at = now() + make_interval(secs => ${seconds}::float8),
               held = ${held}, fruitless = case when ${isFruitless}::boolean then fruitless + 1 else fruitless end
        where tenant = ${tenant} and id = ${id}::bigint and fence = ${fence}`,
  );
};
