import type { ClaimedEntry, Lease } from "../../contracts/ledger.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";

interface Row {
  id: string;
  fence: number;
  dossier_code: string | null;
  correlation_id: string;
  payload: Uint8Array;
  unknown_outcome: boolean;
  tries: number;
  attempts: number;
  age: number;
}

/** How much is claimed: in all, and at most so many calls in flight for one endpoint over all processes. */
export interface DeliveryLimits {
  readonly limit: number;
  readonly perEndpoint: number;
}

/**
 * Claims deliveries that are due, as `claimEntries` does for the other platforms, but endpoint by endpoint: none has more than
 * its share in flight, one that fails has a single try until it answers well, and one that is held or disabled has none. So an
 * endpoint that hangs takes a few slots and never those of the others, and its entries wait without an attempt.
 */
export const claimDeliveries = async (
  executor: Executor,
  tenant: string,
  lease: Lease,
  { limit, perEndpoint }: DeliveryLimits,
): Promise<ClaimedEntry[]> => {
  const claimed = await rows<Row>(
    executor,
    sql`with busy as materialized (
          select split_part(p.stream, ':', 3) as webhook, count(*)::int as calls from pending p
          where p.tenant = ${tenant} and p.platform = 'province' and p.state = 'sending' group by 1
        ),
        ready as materialized (
          select w.id, (case when w.failures > 0 then 1 else ${perEndpoint}::int end) - coalesce(b.calls, 0) as room
          from webhooks w left join busy b on b.webhook = w.id
          where w.tenant = ${tenant} and w.disabled_at is null and (w.held_until is null or w.held_until <= now())
        ),
        chosen as materialized (
          select c.id from ready r cross join lateral (
            select p.id, p.next_at from pending p
            where p.tenant = ${tenant} and p.platform = 'province' and p.state in ('queued', 'waiting')
              and split_part(p.stream, ':', 3) = r.id and p.next_at <= now()
              and not exists (select 1 from pending q
                              where q.tenant = p.tenant and q.stream = p.stream and q.position < p.position)
            order by p.next_at, p.id limit greatest(r.room, 0)) c
          order by c.next_at, c.id limit ${limit}
        ),
        heads as materialized (
          select p.id from pending p join chosen c on c.id = p.id
          where p.tenant = ${tenant} and p.state in ('queued', 'waiting')
          for update of p skip locked
        ),
        taken as (
          update pending p set state = 'sending', owner = ${lease.owner}, fence = p.fence + 1,
                 tried_since = coalesce(p.tried_since, now()), lease_until = now() + make_interval(secs => ${lease.seconds})
          from heads where p.tenant = ${tenant} and p.id = heads.id
          returning p.id, p.fence, p.unknown_outcome, p.tries, p.attempts, p.tried_since
        )
        select t.id, t.fence, e.dossier_code, e.correlation_id, e.payload, t.unknown_outcome, t.tries, t.attempts,
               extract(epoch from now() - t.tried_since)::float8 as age
        from taken t join entries e on e.tenant = ${tenant} and e.id = t.id
        order by t.id`,
  );
  return claimed.map((row) => ({
    id: row.id,
    fence: row.fence,
    operation: "webhook.deliver",
    dossierCode: row.dossier_code ?? "",
    correlationId: row.correlation_id,
    payload: row.payload,
    known: false,
    unknownOutcome: row.unknown_outcome,
    tries: row.tries,
    attempts: row.attempts,
    ageSeconds: row.age,
  }));
};
