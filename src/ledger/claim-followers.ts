import type { PlatformId } from "../../contracts/adapter.ts";
import type { Lease } from "../../contracts/ledger.ts";
import { type SQL, sql } from "../database/sql.ts";

/** A step that nothing is known against: one that failed in a packet goes alone, so that its cause is found. */
const isFresh = (entry: SQL): SQL =>
  sql`${entry}.operation = 'dossier.step' and ${entry}.tries = 0 and not ${entry}.unknown_outcome`;

/**
 * More parts of the claim's `with`, the last named `followers`: the fresh steps that stand right behind a fresh step just taken
 * go with it. One that somebody holds at this moment ends the row, as does anything else than such a step: a gap would let
 * those behind it pass.
 *
 * @param most entries in one packet, its head among them.
 */
export const followerParts = (tenant: string, lease: Lease, platform: PlatformId, most: number): SQL => sql`,
    behind as materialized (
      select t.place, q.tid, q.nth
      from taken t cross join lateral (
        select d.tid, row_number() over line as nth,
               bool_and(${isFresh(sql`d`)} and d.platform = ${platform} and d.state = 'queued' and d.next_at <= now()) over line as fits
        from (select p.ctid as tid, p.position, p.operation, p.tries, p.unknown_outcome, p.platform, p.state, p.next_at from pending p
              where p.tenant = ${tenant} and p.stream = t.stream and p.position > t.position
              order by p.position limit ${most - 1}::bigint) d
        window line as (order by d.position)
      ) q
      where ${isFresh(sql`t`)} and q.fits
    ),
    locked as materialized (
      select p.ctid as tid, b.place, b.nth from behind b join pending p on p.ctid = b.tid
      where p.state = 'queued' for update of p skip locked
    ),
    close as (
      select tid, place, nth from (
        select tid, place, nth, row_number() over (partition by place order by nth) as reached from locked
      ) l where reached = nth
    ),
    followers as (
      update pending p set state = 'sending', owner = ${lease.owner}, fence = p.fence + 1, tried_since = coalesce(p.tried_since, now()),
             lease_until = now() + make_interval(secs => ${lease.seconds})
      from close where p.ctid = close.tid
      returning p.id, p.fence, p.unknown_outcome, p.tries, p.attempts, p.tried_since, close.place, close.nth
    )`;

/** The rows of `followers`, beside those of the heads: at the place of their head, in their order behind it. */
export const followerRows = (tenant: string): SQL => sql`
    union all
    select f.id, f.fence, e.operation, e.dossier_code, e.correlation_id, e.payload, f.unknown_outcome, f.tries, f.attempts,
           extract(epoch from now() - f.tried_since)::float8, false, f.place, null, f.nth
    from followers f join entries e on e.tenant = ${tenant} and e.id = f.id`;
