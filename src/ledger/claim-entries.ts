import type { Operation, PlatformId } from "../../contracts/adapter.ts";
import { type ClaimedEntry, HEAD_STARTS, type Lease } from "../../contracts/ledger.ts";
import { type Executor, rows } from "../database/database.ts";
import { type SQL, sql } from "../database/sql.ts";
import { followerParts, followerRows } from "./claim-followers.ts";
import { type ClaimMarks, type ClaimPlan, EVERYTHING, LEVELS, type Reached, type Stretch } from "./claim-marks.ts";

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
  reached: Reached[];
  /** In a packet: 0 for its head, then 1, 2 and so on. */
  nth?: number;
}

/** Transactions that accept commit within this time: what was due so lately may still appear behind what is already there. */
const COMMIT_LAG = sql`interval '100 milliseconds'`;
/** And surely within this. */
const LONGEST_COMMIT = sql`interval '5 seconds'`;

const stretchRow = ({ priority, low, high }: Stretch, n: number): SQL =>
  sql`(${n}::int, ${priority}::smallint, ${HEAD_STARTS[priority] ?? 0}::float8, ${low.at}::timestamptz, ${low.id}::bigint,
       ${high.at}::timestamptz, ${high.id}::bigint)`;

/** The due entries `d` of stretch `r`, in order; none unless `wanted`, which is decided before any is looked for. */
const dueWithin = (tenant: string, platform: PlatformId, wanted = sql`true`): SQL =>
  sql`from pending d
      where ${wanted} and d.tenant = ${tenant} and d.platform = ${platform} and d.priority = r.priority and d.state in ('queued', 'waiting')
        and d.next_at <= now() and (d.next_at, d.id) > (r.low_at, r.low_id) and (d.next_at, d.id) <= (r.high_at, r.high_id)
      order by d.next_at, d.id`;

/** Nothing unsettled stands before it in its stream. `offset 0` keeps it a look-up by key for each entry, whatever the statistics say. */
const isHead = (tenant: string, entry: SQL): SQL =>
  sql`not exists (select 1 from pending q
                  where q.tenant = ${tenant} and q.stream = ${entry}.stream and q.position < ${entry}.position offset 0)`;

/** Where each stretch was left: behind the last entry taken, or behind all that was looked at when it gave fewer than asked for. */
const reachedRows = (tenant: string, platform: PlatformId, limit: number, looks: number): SQL => sql`
  select r.n, least(m.at, now() - ${COMMIT_LAG}) as at, case when m.at < now() - ${COMMIT_LAG} then m.id else 0 end as id, m.ended,
         case when r.n >= ${LEVELS.length}::int then
           date_trunc('milliseconds', least((select d.next_at ${dueWithin(tenant, platform)} limit 1), r.high_at, now() - ${LONGEST_COMMIT})) end as base
  from r
  cross join lateral (
    select count(*) filter (where place <= ${limit}::bigint) as taken,
           count(*) < ${limit}::bigint and count(*) filter (where place > ${limit}::bigint) = 0 as exhausted
    from ranked where n = r.n
  ) c
  left join ranked last on last.n = r.n and last.nth = c.taken
  left join lateral (
    select d.next_at, d.id ${dueWithin(tenant, platform, sql`c.exhausted`)} offset ${looks - 1}::bigint limit 1
  ) far on true
  cross join lateral (
    select case when not c.exhausted then coalesce(last.next_at, r.low_at) else coalesce(far.next_at, r.high_at) end,
           case when not c.exhausted then coalesce(last.id, r.low_id) else coalesce(far.id, r.high_id) end,
           c.exhausted and far.id is null
  ) m(at, id, ended)`;

/** The claim's last tid, without an entry: what `ClaimMarks` is told. */
const reachedRow = (tenant: string, platform: PlatformId, limit: number, looks: number, nth: SQL): SQL => sql`
  union all
  select null, null, null, null, null, null, null, null, null, null, null, 0,
         jsonb_agg(jsonb_build_object('at', at, 'id', id::text, 'ended', ended, 'base', base) order by n)${nth}
  from (${reachedRows(tenant, platform, limit, looks)}) reached`;

interface Claim {
  readonly tenant: string;
  readonly lease: Lease;
  readonly platform: PlatformId;
  readonly limit: number;
  readonly plan: ClaimPlan;
  /** Entries that may go in one call; with 1 the statement knows of no packets. */
  readonly most: number;
}

const claimStatement = ({ tenant, lease, platform, limit, plan, most }: Claim): SQL => {
  const packs = most > 1;
  const nth = packs ? sql`, 0::bigint as nth` : sql``;
  const looked = sql`select d.ctid, d.id, d.stream, d.position, d.next_at ${dueWithin(tenant, platform)} limit ${plan.looks}::bigint`;
  return sql`
    with r as materialized (
      select * from (values ${sql.join(plan.stretches.map(stretchRow), sql`, `)})
        as r(n, priority, head_start, low_at, low_id, high_at, high_id)
    ),
    scanned as materialized (
      select r.n, r.head_start, h.tid, h.id, h.next_at
      from r cross join lateral (
        select p.ctid as tid, p.id, looked.next_at
        from (${looked}) looked join pending p on p.ctid = looked.ctid
        where ${isHead(tenant, sql`looked`)} and p.state in ('queued', 'waiting') and p.next_at <= now()
        order by looked.next_at, looked.id
        limit ${limit}::bigint for update of p skip locked
      ) h
    ),
    freed as materialized (
      select p.ctid as tid, p.id, p.priority, p.next_at from pending p
      where p.tenant = ${tenant} and p.id = any(${`{${plan.freed.join(",")}}`}::bigint[]) and p.platform = ${platform}
        and p.state in ('queued', 'waiting') and p.next_at <= now() and ${isHead(tenant, sql`p`)}
      for update skip locked
    ),
    ranked as materialized (
      select n, tid, id, next_at, row_number() over (order by next_at + make_interval(secs => head_start), id) as place,
             row_number() over (partition by n order by next_at, id) as nth
      from (select n, head_start, tid, id, next_at from scanned
            union all
            select null, r.head_start, f.tid, f.id, f.next_at from freed f join r on r.priority = f.priority and r.n < ${LEVELS.length}::int
            where f.id not in (select id from scanned)) found
    ),
    taken as (
      update pending p set state = 'sending', owner = ${lease.owner}, fence = p.fence + 1, tried_since = coalesce(p.tried_since, now()),
             lease_until = now() + make_interval(secs => ${lease.seconds})
      from ranked where p.ctid = ranked.tid and ranked.place <= ${limit}::bigint
      returning p.id, p.fence, p.unknown_outcome, p.tries, p.attempts, p.tried_since, ranked.place
                ${packs ? sql`, p.stream, p.position, p.operation` : sql``}
    )${packs ? followerParts(tenant, lease, platform, most) : sql``}
    select t.id, t.fence, e.operation, e.dossier_code, e.correlation_id, e.payload, t.unknown_outcome, t.tries, t.attempts,
           extract(epoch from now() - t.tried_since)::float8 as age,
           e.operation = 'dossier.put' and exists (select 1 from holdings h where h.tenant = ${tenant} and h.platform = ${platform}
                                                   and h.dossier_code = e.dossier_code) as known,
           t.place, null::jsonb as reached${nth}
    from taken t join entries e on e.tenant = ${tenant} and e.id = t.id
    ${packs ? followerRows(tenant) : sql``}
    ${plan.looks === null ? sql`` : reachedRow(tenant, platform, limit, plan.looks, nth)}
    order by place${packs ? sql`, nth` : sql``}`;
};

const claimedEntry = (row: Row): ClaimedEntry => ({
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
});

/** Heads with their followers: a follower's row comes behind that of its head. */
const inPackets = (found: readonly Row[]): ClaimedEntry[] => {
  const packets: ClaimedEntry[][] = [];
  for (const row of found) {
    if (Number(row.nth ?? 0) === 0) packets.push([claimedEntry(row)]);
    else packets.at(-1)?.push(claimedEntry(row));
  }
  return packets.flatMap(([head, ...followers]) => {
    if (head === undefined) return [];
    return [followers.length === 0 ? head : { ...head, followers }];
  });
};

/**
 * Claims the heads of streams that are due, in the order of their rank: due time plus the head start that more urgent work has.
 * An entry is a head when no unsettled entry of its stream stands before it: one in `sending` or `failed` still
 * stands there, which is what keeps the order. Rows that another process claims at the same moment are skipped. The lease
 * ends by the database's clock.
 *
 * @param marks where this process left off; without them everything due is looked at.
 * @param most entries that may go in one call: a head step that was never tried brings the queued ones right behind it.
 */
export const claimEntries = async (
  executor: Executor,
  tenant: string,
  lease: Lease,
  platform: PlatformId,
  limit: number,
  marks?: ClaimMarks,
  most = 1,
): Promise<ClaimedEntry[]> => {
  for (;;) {
    const plan = marks?.plan(limit) ?? EVERYTHING;
    const found = await rows<Row>(executor, claimStatement({ tenant, lease, platform, limit, plan, most }));
    // The first row has no entry, but tells what was reached.
    const reached = marks === undefined ? undefined : found.shift()?.reached;
    const ended = reached === undefined || marks?.reached(reached) === true;
    // Blocked entries alone were looked at: those behind them may be free.
    if (found.length > 0 || ended) return inPackets(found);
  }
};
