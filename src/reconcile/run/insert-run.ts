import type { PlatformId } from "../../../contracts/adapter.ts";
import type { Boundary } from "../../../contracts/ledger.ts";
import type { ReconciliationFilter } from "../../../contracts/services/reconciliations.ts";
import { type Executor, rows, textArray } from "../../database/database.ts";
import { type SQL, sql } from "../../database/sql.ts";
import type { AuditedAct } from "../../security/audit.ts";
import type { RunPlan } from "./plan-run.ts";

/** What is recorded of a run when it is started. */
export interface NewRun {
  readonly platform: PlatformId;
  readonly boundary: Boundary;
  readonly filter?: ReconciliationFilter | undefined;
  readonly plan: RunPlan;
  readonly list?: string | undefined;
  readonly actor: Pick<AuditedAct, "actorKind" | "actor" | "correlationId">;
  /** The night it belongs to, as an expression. */
  readonly night?: SQL | undefined;
}

/** A list that the run fetches for itself. */
const insertList = async (executor: Executor, tenant: string, { platform, plan, actor }: NewRun): Promise<string> => {
  const isWhole = plan.sees.includes("missing-at-portal");
  const [row] = await rows<{ id: string }>(
    executor,
    sql`insert into reconciliation_lists (tenant, platform, client, as_of, is_whole, state)
        values (${tenant}, ${platform}, ${actor.actor}, now(), ${isWhole}, 'used') returning id`,
  );
  if (row === undefined) throw new Error("insert returned no row");
  return row.id;
};

/** Records a run. @returns its id; null when one is running on the platform already, or the night has its run. */
export const insertRun = async (executor: Executor, tenant: string, run: NewRun): Promise<string | null> => {
  const { platform, boundary, filter, plan, list, actor, night = sql`null::date` } = run;
  const [row] = await rows<{ id: string }>(
    executor,
    sql`insert into reconciliations (tenant, platform, profile, source, sees, phase, agency, filter, list_id, scheduled_for,
                                     actor_kind, actor, correlation_id)
        values (${tenant}, ${platform}, ${plan.profile}, ${plan.source}, ${textArray(plan.sees)}::text[], ${plan.phase},
                ${boundary}, ${filter === undefined ? null : JSON.stringify(filter)}::jsonb, ${list ?? null}::bigint, ${night},
                ${actor.actorKind}, ${actor.actor}, ${actor.correlationId})
        on conflict do nothing returning id`,
  );
  if (row === undefined) return null;
  if (plan.source === "list") {
    const fetched = await insertList(executor, tenant, run);
    await executor.execute(
      sql`update reconciliations set list_id = ${fetched}::bigint where tenant = ${tenant} and id = ${row.id}::bigint`,
    );
  }
  return row.id;
};
