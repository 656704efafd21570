import type { Boundary } from "../../contracts/ledger.ts";
import type { ReplayView } from "../../contracts/services/replays.ts";
import { type Executor, isoMoment, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { within } from "../database/within-boundary.ts";
import type { ReplayRow } from "./lock-replay.ts";

interface Row extends Omit<ReplayRow, "seconds_since_release"> {
  stop_cause: NonNullable<ReplayView["stopCause"]> | null;
  reason: Uint8Array;
  started_at: string;
  selecting: boolean;
  selected: number;
  skipped: number;
}

const viewOf = (row: Row, open: (sealed: Uint8Array) => string): ReplayView => ({
  id: row.id,
  state: row.state,
  ...(row.stop_cause !== null && { stopCause: row.stop_cause }),
  reason: open(row.reason),
  startedBy: row.actor,
  startedAt: isoMoment(row.started_at),
  ...(row.filter !== null && { filter: row.filter }),
  ...(row.cause !== null && { group: row.cause }),
  canary: row.canary,
  canaryPassed: row.canary_passed,
  ratePerSecond: row.rate_per_second,
  stopAtFailureShare: row.stop_at_failure_share,
  allowRepeats: row.allow_repeats,
  selecting: row.selecting,
  selected: row.selected,
  released: row.released,
  outstanding: row.outstanding,
  delivered: row.delivered,
  failed: row.failed,
  skipped: row.skipped,
});

/** A replay that was started within the boundary, or null. */
export const readReplay = async (
  executor: Executor,
  tenant: string,
  boundary: Boundary,
  id: string,
  open: (sealed: Uint8Array) => string,
): Promise<ReplayView | null> => {
  const [row] = await rows<Row>(
    executor,
    sql`select id, state, stop_cause, agency, filter, cause, allow_repeats, canary, canary_passed, rate_per_second,
               stop_at_failure_share, reason, actor_kind, actor, correlation_id, started_at, cursor, last_id,
               state in ('running', 'paused') and cursor < last_id as selecting,
               selected, released, outstanding, delivered, failed, skipped
        from replays where tenant = ${tenant} and id = ${id}::bigint and ${within(sql`agency`, boundary)}`,
  );
  return row === undefined ? null : viewOf(row, open);
};
