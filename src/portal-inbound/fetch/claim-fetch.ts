import { type Executor, rows } from "../../database/database.ts";
import { type SQL, sql } from "../../database/sql.ts";

/** How long whoever fetches may be silent before another goes on: longer than any call and the keeping of what it brought. */
export const LEASE_SECONDS = 120;

/** The round in hand, held by whoever has its fence. */
export interface ClaimedFetch {
  readonly fence: string;
  readonly stage: "listing" | "taking";
}

const lease = sql`now() + make_interval(secs => ${LEASE_SECONDS})`;

/** Not all deployments at once, and none always at the same second. */
const after = (everyMs: number): SQL =>
  sql`now() + make_interval(secs => ${everyMs / 1000}::float8 * (0.9 + 0.2 * random()))`;

/**
 * Takes the round that is due, or begins one, when nobody else works at it. A deployment that never fetched begins one interval after
 * it first could. Null: there is nothing to do.
 *
 * @param everyMs null: only what was asked for is due.
 */
export const claimFetch = async (
  executor: Executor,
  tenant: string,
  everyMs: number | null,
): Promise<ClaimedFetch | null> => {
  const [claimed] = await rows<ClaimedFetch>(
    executor,
    sql`with made as (
          insert into portal_fetches (tenant, next_at) values (${tenant}, ${after(everyMs ?? 0)}) on conflict do nothing
        )
        update portal_fetches set fence = fence + 1, lease_until = ${lease}, is_held = false,
          started_at = case stage when 'idle' then now() else started_at end,
          listed = case stage when 'idle' then 0 else listed end, received = case stage when 'idle' then 0 else received end,
          parked = case stage when 'idle' then 0 else parked end,
          stage = case stage when 'idle' then 'listing' else stage end
        where tenant = ${tenant} and next_at <= now() and (lease_until is null or lease_until < now())
          and (${everyMs !== null} or requested_at is not null or stage <> 'idle')
        returning fence::text, stage`,
  );
  return claimed ?? null;
};

/** Holds the round on; false: somebody else took it. */
export const renewFetch = async (executor: Executor, tenant: string, fence: string): Promise<boolean> => {
  const renewed = await rows(
    executor,
    sql`update portal_fetches set lease_until = ${lease}
        where tenant = ${tenant} and fence = ${fence}::bigint and stage <> 'idle' returning 1`,
  );
  return renewed.length > 0;
};

/** Locks the round for this transaction, if it is still ours: what a stale holder read is not written. */
export const lockFetch = async (executor: Executor, tenant: string, fence: string): Promise<boolean> => {
  const locked = await rows(
    executor,
    sql`select 1 from portal_fetches where tenant = ${tenant} and fence = ${fence}::bigint and stage <> 'idle' for update`,
  );
  return locked.length > 0;
};

/** What was listed is written; the rest of the round takes it. */
export const noteListed = async (executor: Executor, tenant: string, listed: number): Promise<void> => {
  await executor.execute(sql`update portal_fetches set listed = ${listed}, stage = 'taking' where tenant = ${tenant}`);
};

/** Counts what a round brought. The caller holds its lock. */
export const countFetched = async (
  executor: Executor,
  tenant: string,
  { received = 0, parked = 0 }: { readonly received?: number; readonly parked?: number },
): Promise<void> => {
  if (received + parked === 0) return;
  await executor.execute(
    sql`update portal_fetches set received = received + ${received}, parked = parked + ${parked} where tenant = ${tenant}`,
  );
};

/** Why a round rests or ended without its list. */
export interface FetchCause {
  readonly code: string;
  readonly message: string;
}

/** Gives the round back until a while later; `because` null: it was a piece of it, and the next is due at once. */
export const restFetch = async (
  executor: Executor,
  tenant: string,
  fence: string,
  { seconds, because }: { readonly seconds: number; readonly because: FetchCause | null },
): Promise<void> => {
  await executor.execute(
    sql`update portal_fetches set lease_until = null, next_at = now() + make_interval(secs => ${seconds}::float8),
          is_held = ${because !== null}, error_code = ${because?.code ?? null}, error = ${because?.message ?? null}
        where tenant = ${tenant} and fence = ${fence}::bigint`,
  );
};

/** Ends the round until the next. @param because the platform refused a list. */
export const finishFetch = async (
  executor: Executor,
  tenant: string,
  fence: string,
  { everyMs, because }: { readonly everyMs: number | null; readonly because: FetchCause | null },
): Promise<void> => {
  await executor.execute(
    sql`update portal_fetches set stage = 'idle', lease_until = null, is_held = false, requested_at = null,
          finished_at = case when ${because === null} then now() else finished_at end,
          error_code = ${because?.code ?? null}, error = ${because?.message ?? null}, next_at = ${after(everyMs ?? 0)}
        where tenant = ${tenant} and fence = ${fence}::bigint`,
  );
};
