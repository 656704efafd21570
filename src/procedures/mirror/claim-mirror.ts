import { type Executor, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";

/** How long whoever works at the mirror may be silent before another goes on. */
export const LEASE_SECONDS = 60;

/** A deployment that never mirrored begins so long after it first could: whoever starts it may have asked by then. */
const FIRST_SECONDS = 300;

/** The mirror's run in hand, held by whoever has its fence. */
export interface ClaimedMirror {
  readonly fence: string;
  readonly stage: "listing" | "reading";
}

/** Takes the mirror when it is due and nobody else holds it; a run that is due begins. Null: there is nothing to do. */
export const claimMirror = async (executor: Executor, tenant: string): Promise<ClaimedMirror | null> => {
  const [claimed] = await rows<ClaimedMirror>(
    executor,
    sql`with made as (
          insert into procedure_mirrors (tenant, next_at) values (${tenant}, now() + make_interval(secs => ${FIRST_SECONDS}))
          on conflict do nothing
        )
        update procedure_mirrors set fence = fence + 1, lease_until = now() + make_interval(secs => ${LEASE_SECONDS}),
          is_held = false,
          started_at = case stage when 'idle' then now() else started_at end,
          listed = case stage when 'idle' then 0 else listed end, read = case stage when 'idle' then 0 else read end,
          changed = case stage when 'idle' then 0 else changed end, skipped = case stage when 'idle' then 0 else skipped end,
          stage = case stage when 'idle' then 'listing' else stage end
        where tenant = ${tenant} and next_at <= now() and (lease_until is null or lease_until < now())
        returning fence::text, stage`,
  );
  return claimed ?? null;
};

/** Holds the mirror on; false: somebody else took it, and whatever is in hand is theirs. */
export const renewMirror = async (executor: Executor, tenant: string, fence: string): Promise<boolean> => {
  const renewed = await rows(
    executor,
    sql`update procedure_mirrors set lease_until = now() + make_interval(secs => ${LEASE_SECONDS})
        where tenant = ${tenant} and fence = ${fence}::bigint and stage <> 'idle' returning 1`,
  );
  return renewed.length > 0;
};

/** Locks the mirror for this transaction, if it is still ours: what a stale holder read is not written. */
export const lockMirror = async (executor: Executor, tenant: string, fence: string): Promise<boolean> => {
  const locked = await rows(
    executor,
    sql`select 1 from procedure_mirrors where tenant = ${tenant} and fence = ${fence}::bigint and stage <> 'idle' for update`,
  );
  return locked.length > 0;
};
