import type { PlatformId } from "../../../contracts/adapter.ts";
import { type Executor, rows, textArray } from "../../database/database.ts";
import { type SQL, sql } from "../../database/sql.ts";
import { hasBacklog } from "../../imports/work/has-backlog.ts";
import type { AuditedAct } from "../../security/audit.ts";
import type { RunnerParts } from "../run/runner-parts.ts";
import { type Repaired, repairDossier } from "./repair-dossier.ts";

/** Repairs made in one transaction: their dossiers are locked as long as it takes, and desks wait for none for long. */
const MOST_AT_ONCE = 20;
/** How long a repair waits for the platform's backlog to go down, and for whoever works at its dossier. */
const WAIT_SECONDS = { backlog: 5, busy: 1 } as const;

interface Due {
  id: string;
  platform: PlatformId;
  dossier_code: string;
  actor_kind: AuditedAct["actorKind"] | null;
  actor: string | null;
  correlation_id: string | null;
}

const takeDue = (executor: Executor, tenant: string): Promise<Due[]> =>
  rows<Due>(
    executor,
    sql`select id, platform, dossier_code, actor_kind, actor, correlation_id from discrepancies
        where tenant = ${tenant} and is_due and next_at <= now() order by next_at, id limit ${MOST_AT_ONCE}
        for update skip locked`,
  );

/** What a discrepancy is after its repair. Where exchanges are on their way already, the next run sees what they did. */
export const afterRepair = (repaired: Repaired): SQL => {
  switch (repaired.kind) {
    case "made":
      return sql`state = 'repairing', is_due = false, repairs = repairs + 1, exchange_id = ${repaired.exchange}::bigint`;
    case "busy":
      return sql`next_at = now() + make_interval(secs => ${WAIT_SECONDS.busy}::float8)`;
    case "in-flight":
      return sql`state = 'open', is_due = false`;
    case "gone":
      return sql`state = 'gone', is_due = false, closed_at = now()`;
  }
};

const waitForBacklog = async (executor: Executor, tenant: string, due: readonly Due[]): Promise<void> => {
  await executor.execute(
    sql`update discrepancies set next_at = now() + make_interval(secs => ${WAIT_SECONDS.backlog}::float8)
        where tenant = ${tenant} and id = any(${textArray(due.map(({ id }) => id))}::bigint[])`,
  );
};

const work = async (executor: Executor, { tenant, sealer }: RunnerParts): Promise<PlatformId[] | null> => {
  const due = await takeDue(executor, tenant);
  const [first] = due;
  if (first === undefined) return null;
  if (await hasBacklog(executor, tenant, first.platform)) {
    await waitForBacklog(executor, tenant, due);
    return null;
  }
  const woken = new Set<PlatformId>();
  for (const { id, platform, dossier_code: code, actor_kind, actor, correlation_id } of due) {
    const repaired = await repairDossier(executor, tenant, sealer, {
      platform,
      code,
      actor: {
        actorKind: actor_kind ?? "anonymous",
        actor: actor ?? "schedule",
        correlationId: correlation_id ?? `reconcile-${id}`,
      },
    });
    if (repaired.kind === "made") woken.add(platform);
    await executor.execute(
      sql`update discrepancies set ${afterRepair(repaired)} where tenant = ${tenant} and id = ${id}::bigint`,
    );
  }
  return [...woken];
};

/**
 * Makes the exchanges of repairs that were decided, some at a time, no faster than the platform takes them; with bulk work's
 * priority.
 *
 * @returns whether anything was done.
 */
export const stepRepairs = async (parts: RunnerParts): Promise<boolean> => {
  const woken = await parts.database.transaction((executor) => work(executor, parts));
  for (const platform of woken ?? []) parts.wake(platform);
  return woken !== null;
};
