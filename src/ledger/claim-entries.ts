import { sql } from "drizzle-orm";
import type { Operation, PlatformId } from "../../contracts/adapter.ts";
import type { ClaimedEntry, Lease } from "../../contracts/ledger.ts";
import { type Executor, rows } from "../database/database.ts";

interface Row {
  id: string;
  fence: number;
  operation: Operation;
  dossier_code: string;
  correlation_id: string;
  payload: Uint8Array;
  known: boolean;
  unknown_outcome: boolean;
  tries: number;
  attempts: number;
  age: number;
}

/**
 * Claims the heads of streams that are due. An entry is a head when no unsettled entry of its stream stands before it:
 * one in `sending` or `failed` still stands there, which is what keeps the order. Rows that another process claims at
 * the same moment are skipped. The lease ends by the database's clock.
 */
export const claimEntries = async (
  executor: Executor,
  tenant: string,
  lease: Lease,
  platform: PlatformId,
  limit: number,
): Promise<ClaimedEntry[]> => {
  const claimed = await rows<Row>(
    executor,
    sql`with heads as materialized (
          select p.id from pending p
          where p.tenant = ${tenant} and p.platform = ${platform} and p.state in ('queued', 'waiting') and p.next_at <= now()
            and not exists (select 1 from pending q
                            where q.tenant = p.tenant and q.stream = p.stream and q.position < p.position)
          order by p.priority, p.next_at, p.id
          limit ${limit} for update skip locked
        ),
        taken as (
          update pending p set state = 'sending', owner = ${lease.owner}, fence = p.fence + 1, tried_since = coalesce(p.tried_since, now()),
                 lease_until = now() + make_interval(secs => ${lease.seconds})
          from heads where p.tenant = ${tenant} and p.id = heads.id
          returning p.id, p.fence, p.priority, p.unknown_outcome, p.tries, p.attempts, p.tried_since
        )
        select t.id, t.fence, e.operation, e.dossier_code, e.correlation_id, e.payload, t.unknown_outcome, t.tries, t.attempts,
               extract(epoch from now() - t.tried_since)::float8 as age,
               exists (select 1 from holdings h where h.tenant = ${tenant} and h.platform = ${platform}
                       and h.dossier_code = e.dossier_code) as known
        from taken t join entries e on e.tenant = ${tenant} and e.id = t.id
        order by t.priority, t.id`,
  );
  return claimed.map((row) => ({
    id: row.id,
    fence: row.fence,
    operation: row.operation,
    dossierCode: row.dossier_code,
    correlationId: row.correlation_id,
    payload: row.payload,
    known: row.known,
    unknownOutcome: row.unknown_outcome,
    tries: row.tries,
    attempts: row.attempts,
    ageSeconds: row.age,
  }));
};
