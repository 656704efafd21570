import { type Executor, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import { recordAct } from "../../security/audit.ts";
import type { ReconcileSettings } from "../reconcile-settings.ts";
import { closeStrangers } from "./find-strangers.ts";
import type { RunRow } from "./run-row.ts";
import { stillOurs } from "./take-run.ts";

/**
 * More differences than these, in number and in share of what was compared, are no everyday loss: a portal that answers wrongly, or
 * that was set back. A person looks before all of it is sent again.
 */
const EVERYDAY = { most: 50, share: 0.1 } as const;
/** What three exchanges did not cure the next one will not. */
const MOST_REPAIRS = 3;

interface Result {
  differing: number;
  compared: number;
}

const isEveryday = ({ differing, compared }: Result): boolean =>
  differing <= Math.max(EVERYDAY.most, compared * EVERYDAY.share);

/** Puts what this run saw and an exchange can mend into repair. @returns how many */
const repairSafe = async (executor: Executor, tenant: string, run: RunRow): Promise<number> => {
  const due = await rows(
    executor,
    sql`update discrepancies set state = 'repairing', is_due = true, next_at = now(), actor_kind = ${run.actor_kind},
               actor = ${run.actor}, correlation_id = ${run.correlation_id}
        where tenant = ${tenant} and run_id = ${run.id}::bigint and state = 'open' and kind <> 'missing-here'
          and repairs < ${MOST_REPAIRS}
        returning 1`,
  );
  return due.length;
};

/** Ends a run that looked at everything: what is listed no more is closed, and the policy for repairs is applied. */
export const finishRun = async (
  executor: Executor,
  tenant: string,
  run: RunRow,
  { repair }: ReconcileSettings,
): Promise<void> => {
  if (!(await stillOurs(executor, tenant, run))) return;
  const closed = run.sees.includes("missing-here") ? await closeStrangers(executor, tenant, run) : 0;
  const [result] = await rows<Result & Record<string, unknown>>(
    executor,
    sql`select missing_at_portal + status_differs as differing, missing_at_portal + status_differs + present + equal as compared
        from reconciliations where tenant = ${tenant} and id = ${run.id}::bigint`,
  );
  const mayRepair = repair === "safe" && result !== undefined && isEveryday(result);
  const repairing = mayRepair ? await repairSafe(executor, tenant, run) : 0;
  await executor.execute(
    sql`update reconciliations set state = 'finished', finished_at = now(), lease_until = null, held = null,
               closed = closed + ${closed}::int, repairing = ${repairing}::int,
               repair_withheld = ${repair === "safe" && !mayRepair}::boolean
        where tenant = ${tenant} and id = ${run.id}::bigint`,
  );
  await recordAct(executor, tenant, {
    actorKind: run.actor_kind,
    actor: run.actor,
    action: "reconciliation.finished",
    subject: run.id,
    detail: { automatic: true, differing: result?.differing ?? 0, repairing },
    correlationId: run.correlation_id,
  });
};

/** Stops a run whose platform gave no answer for long. What was found stays. */
export const giveUpRun = async (executor: Executor, tenant: string, run: RunRow): Promise<void> => {
  if (!(await stillOurs(executor, tenant, run))) return;
  await executor.execute(
    sql`update reconciliations set state = 'stopped', stop_cause = 'unanswered', finished_at = now(), lease_until = null
        where tenant = ${tenant} and id = ${run.id}::bigint`,
  );
  await recordAct(executor, tenant, {
    actorKind: run.actor_kind,
    actor: run.actor,
    action: "reconciliation.stopped",
    subject: run.id,
    detail: { automatic: true, cause: "unanswered" },
    correlationId: run.correlation_id,
  });
};

/** Goes on to the next phase of a run. */
export const enterPhase = async (
  executor: Executor,
  tenant: string,
  { id, fence }: RunRow,
  phase: RunRow["phase"],
): Promise<void> => {
  await executor.execute(
    sql`update reconciliations set phase = ${phase}, cursor = '', lease_until = null, next_at = now()
        where tenant = ${tenant} and id = ${id}::bigint and fence = ${fence} and state = 'running'`,
  );
};
