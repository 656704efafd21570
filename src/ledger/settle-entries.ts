import type { PlatformId } from "../../contracts/adapter.ts";
import type { AttemptRecord, ClaimedEntry, Settlement } from "../../contracts/ledger.ts";
import { createBlob } from "../database/blob.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import type { CauseKey } from "./groups/cause-key.ts";
import { bestPriority } from "./stream-priority.ts";

/** What became of a batch. */
export interface Settled {
  /** Those that were still ours. */
  readonly ours: ReadonlySet<string>;
  /** The entries that stood behind delivered ones and now are first in their streams. */
  readonly freed: readonly string[];
}

/** Seals the evidence of attempts and the platform's words before they are written. */
export type SealText = (plain: string) => Uint8Array;

type Blob = ReturnType<typeof createBlob>;

/** A text column takes no NUL and no lone surrogate: whatever a platform gives as its code must not stop a settle. */
const storable = (code: string | undefined): string | null =>
  code === undefined ? null : code.slice(0, 200).toWellFormed().replaceAll("\0", "\uFFFD");

/** What is left out is null, and zero or false where the statement says so: most entries are simply delivered. */
const moveOf = ({ entry, next, attempts }: Settlement, blob: Blob, seal: SealText, causeKey: CauseKey | undefined) => {
  const move = { id: entry.id, fence: entry.fence, state: next.state, attempts: attempts.length };
  if (next.state === "delivered") return move;
  const { fault } = next;
  const message = blob.add(seal(fault.message));
  return {
    ...move,
    delay_ms: next.state === "waiting" ? Math.round(next.delayMs) : 0,
    // A fault before anything was sent says nothing about an earlier message whose outcome is still unknown.
    unknown: fault.outcome === "unknown" || (fault.outcome === "transient" && entry.unknownOutcome),
    error_code: fault.code,
    platform_code: storable(fault.platformCode),
    shape: next.state === "failed" ? (causeKey?.(fault) ?? null) : null,
    message_from: message.from,
    message_length: message.length,
  };
};

const attemptRow = (entry: ClaimedEntry, i: number, attempt: AttemptRecord, blob: Blob, seal: SealText) => {
  const { request, response, message } = attempt;
  const evidence = blob.add(seal(JSON.stringify({ request, response, message })));
  return {
    entry_id: entry.id,
    n: entry.attempts + i + 1,
    kind: attempt.kind,
    started_at: attempt.startedAt.toISOString(),
    duration_ms: Math.round(attempt.durationMs),
    outcome: attempt.outcome,
    http_status: attempt.httpStatus,
    error_code: attempt.errorCode,
    platform_code: attempt.platformCode === undefined ? undefined : storable(attempt.platformCode),
    evidence_from: evidence.from,
    evidence_length: evidence.length,
  };
};

/**
 * Settles a batch in one statement: delivered entries leave the table of unsettled ones and are noted as held by the
 * platform, the others wait or fail, and every attempt is recorded with its sealed evidence. A row whose lease was
 * lost (other owner or fence) changes nothing and records nothing; only an entry in `sending` has an owner.
 *
 * @param causeKey names the cause of a failure; without it failures are grouped by their code alone.
 * @returns ids.
 */
export const settleEntries = async (
  executor: Executor,
  tenant: string,
  owner: string,
  platform: PlatformId,
  settlements: readonly Settlement[],
  seal: SealText,
  causeKey?: CauseKey,
): Promise<Settled> => {
  const blob = createBlob();
  const moves = settlements.map((settlement) => moveOf(settlement, blob, seal, causeKey));
  const attempts = settlements.flatMap(({ entry, attempts: made }) =>
    made.map((attempt, i) => attemptRow(entry, i, attempt, blob, seal)),
  );
  const told = await rows<{ id: string; freed: boolean }>(
    executor,
    sql`with blob as materialized (select ${blob.bytes()}::bytea as bytes),
        moves as materialized (
          select m.*, substr(blob.bytes, m.message_from, m.message_length) as message
          from jsonb_to_recordset(${JSON.stringify(moves)}::jsonb) as m(
            id bigint, fence int, state text, delay_ms float8, unknown boolean, error_code text, platform_code text,
            shape text, message_from int, message_length int, attempts int), blob
        ),
        delivered as (
          delete from pending p using moves m
          where p.tenant = ${tenant} and p.id = m.id and p.fence = m.fence and p.owner = ${owner}
            and m.state = 'delivered'
          returning p.id, p.attempts + m.attempts as attempts, p.operation, p.direction, p.platform, p.agency, p.stream, p.position
        ),
        kept as (
          update pending p set state = m.state, next_at = now() + make_interval(secs => m.delay_ms / 1000),
                 tries = p.tries + 1, attempts = p.attempts + m.attempts, unknown_outcome = m.unknown,
                 error_code = m.error_code, platform_code = m.platform_code, error_message = m.message, shape = m.shape,
                 owner = null, lease_until = null, priority = least(p.priority, ${bestPriority(tenant, sql`p.stream`)})
          from moves m
          where p.tenant = ${tenant} and p.id = m.id and p.fence = m.fence and p.owner = ${owner}
            and m.state <> 'delivered'
          returning p.id
        ),
        ours as (select id from delivered union all select id from kept),
        history as (
          insert into settled (tenant, id, was, state, attempts, direction, platform, agency)
          select ${tenant}, id, 'sending', 'delivered', attempts, direction, platform, agency from delivered
        ),
        held as (
          insert into holdings (tenant, platform, dossier_code)
          select ${tenant}, ${platform}, e.dossier_code
          from delivered d join entries e on e.tenant = ${tenant} and e.id = d.id
          where d.operation = 'dossier.put'
          on conflict do nothing
        ),
        recorded as (
          insert into attempts (tenant, entry_id, n, kind, started_at, duration_ms, outcome, http_status, error_code,
                                platform_code, evidence)
          select ${tenant}, a.entry_id, a.n, a.kind, a.started_at, a.duration_ms, a.outcome, a.http_status, a.error_code,
                 a.platform_code, substr(blob.bytes, a.evidence_from, a.evidence_length)
          from jsonb_to_recordset(${JSON.stringify(attempts)}::jsonb) as a(
            entry_id bigint, n int, kind text, started_at timestamptz, duration_ms int, outcome text, http_status int,
            error_code text, platform_code text, evidence_from int, evidence_length int)
          join ours on ours.id = a.entry_id, blob
        )
        select id, false as freed from ours
        union all
        select next.id, true from delivered d cross join lateral (
          select q.id from pending q where q.tenant = ${tenant} and q.stream = d.stream and q.position > d.position
          order by q.position limit 1
        ) next`,
  );
  const ours = new Set(told.flatMap(({ id, freed }) => (freed ? [] : [id])));
  // In a packet the next one was settled as well.
  return { ours, freed: told.flatMap(({ id, freed }) => (freed && !ours.has(id) ? [id] : [])) };
};
