import type { ReplayFilter } from "../../contracts/services/replays.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import type { AuditedAct } from "../security/audit.ts";
import { isFailedOnly, type Selection } from "./selection.ts";

/** What is recorded of a replay when it is started. */
export interface NewReplay {
  readonly selection: Selection & { readonly filter?: ReplayFilter | undefined };
  readonly canary: number;
  readonly ratePerSecond: number;
  readonly stopAtFailureShare: number;
  /** Sealed words of the person who starts it. */
  readonly reason: Uint8Array;
  readonly actor: Pick<AuditedAct, "actorKind" | "actor" | "correlationId">;
}

/**
 * Records a replay; its entries are selected afterwards in bounded batches. It looks at entries accepted until now alone,
 * so that it never takes what it made itself.
 *
 * @returns its id.
 */
export const insertReplay = async (executor: Executor, tenant: string, replay: NewReplay): Promise<string> => {
  const { selection, actor } = replay;
  const begin = isFailedOnly(selection)
    ? sql`coalesce((select min(id) - 1 from pending where tenant = ${tenant} and state = 'failed'), 0)`
    : sql`0`;
  const [row] = await rows<{ id: string }>(
    executor,
    sql`insert into replays (tenant, agency, filter, cause, allow_repeats, canary, canary_passed, rate_per_second,
                             stop_at_failure_share, reason, actor_kind, actor, correlation_id, cursor, last_id)
        values (${tenant}, ${selection.boundary},
                ${selection.filter === undefined ? null : JSON.stringify(selection.filter)}::jsonb,
                ${selection.group ?? null}, ${selection.allowRepeats}, ${replay.canary}, ${replay.canary === 0},
                ${replay.ratePerSecond}, ${replay.stopAtFailureShare}, ${replay.reason}, ${actor.actorKind}, ${actor.actor},
                ${actor.correlationId}, ${begin}, coalesce((select max(id) from entries where tenant = ${tenant}), 0))
        returning id`,
  );
  if (row === undefined) throw new Error("insert returned no row");
  return row.id;
};
