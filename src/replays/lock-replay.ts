import type { Operation } from "../../contracts/adapter.ts";
import type { ReplayFilter } from "../../contracts/services/replays.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import type { AuditedAct } from "../security/audit.ts";
import type { Selection } from "./selection.ts";

/** A replay as whoever works at it needs it. */
export interface ReplayRow {
  id: string;
  state: "running" | "paused" | "stopped" | "finished";
  agency: string | null;
  filter: ReplayFilter | null;
  cause: string | null;
  allow_repeats: boolean;
  canary: number;
  canary_passed: boolean;
  rate_per_second: number;
  stop_at_failure_share: number;
  actor_kind: AuditedAct["actorKind"];
  actor: string;
  correlation_id: string;
  cursor: string;
  last_id: string;
  released: number;
  outstanding: number;
  delivered: number;
  failed: number;
  /** Since entries were last released; null: none were. */
  seconds_since_release: number | null;
}

/**
 * Takes the replay that is due first and locks its row for this transaction: one process works at a replay at a time, and
 * one that dies lets go at once. Also a paused or stopped one, while what it sent is on its way.
 */
export const lockReplay = async (executor: Executor, tenant: string): Promise<ReplayRow | null> => {
  const [row] = await rows<ReplayRow>(
    executor,
    sql`select id, state, agency, filter, cause, allow_repeats, canary, canary_passed, rate_per_second,
               stop_at_failure_share, actor_kind, actor, correlation_id, cursor, last_id, released, outstanding, delivered,
               failed, extract(epoch from now() - released_at)::float8 as seconds_since_release
        from replays
        where tenant = ${tenant} and (state = 'running' or outstanding > 0) and next_at <= now()
        order by next_at limit 1 for update skip locked`,
  );
  return row ?? null;
};

/** The selection of a stored replay. */
export const selectionOfReplay = (row: ReplayRow, repeating: readonly Operation[]): Selection => ({
  boundary: row.agency,
  filter: row.filter ?? undefined,
  group: row.cause ?? undefined,
  allowRepeats: row.allow_repeats,
  repeating,
});
