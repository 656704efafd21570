import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { bestPriority } from "./stream-priority.ts";

/**
 * Takes over what a dead process held: an entry whose lease ran out waits again, its outcome unknown, due at once.
 * The lost attempt is recorded without evidence, for its process took that with it.
 *
 * @returns how many entries were taken over.
 */
export const takeOverExpired = async (executor: Executor, tenant: string): Promise<number> => {
  const taken = await rows<{ id: string }>(
    executor,
    sql`with expired as (
          select id, lease_until from pending
          where tenant = ${tenant} and state = 'sending' and lease_until < now()
          for update skip locked
        ),
        lost as (
          update pending p set state = 'waiting', unknown_outcome = true, next_at = now(), owner = null, lease_until = null,
                 priority = least(p.priority, ${bestPriority(tenant, sql`p.stream`)}),
                 attempts = p.attempts + 1, error_code = 'upstream_timeout', platform_code = null, error_message = null
          from expired x where p.tenant = ${tenant} and p.id = x.id
          returning p.id, p.attempts, x.lease_until
        ),
        recorded as (
          insert into attempts (tenant, entry_id, n, kind, started_at, duration_ms, outcome, error_code)
          select ${tenant}, id, attempts, 'send', lease_until, 0, 'unknown', 'upstream_timeout' from lost
        )
        select id from lost`,
  );
  return taken.length;
};
