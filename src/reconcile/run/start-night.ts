import type { Adapter } from "../../../contracts/adapter.ts";
import { type Executor, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import { recordAct } from "../../security/audit.ts";
import { insertRun } from "./insert-run.ts";
import { planRun } from "./plan-run.ts";

/** A night that was missed for longer than this is left out: its questions would fall into the working day. */
const LATEST_HOURS = 3;

/** The newest night that has begun and is not over, as `YYYY-MM-DD`; by the database's clock. */
const nightNow = async (executor: Executor, at: number): Promise<string | null> => {
  const [row] = await rows<{ night: string | null }>(
    executor,
    sql`with vietnam as (select now() at time zone 'Asia/Ho_Chi_Minh' as at),
        today as (select at, date_trunc('day', at) + make_interval(mins => ${at}) as begins from vietnam),
        last as (select at, case when begins > at then begins - interval '1 day' else begins end as begun from today)
        select case when at - begun < make_interval(hours => ${LATEST_HOURS}) then to_char(begun, 'YYYY-MM-DD') end as night
        from last`,
  );
  return row?.night ?? null;
};

const hasNight = async (executor: Executor, tenant: string, platform: string, night: string): Promise<boolean> => {
  const found = await rows(
    executor,
    sql`select 1 from reconciliations
        where tenant = ${tenant} and platform = ${platform} and (scheduled_for = ${night}::date or state = 'running')`,
  );
  return found.length > 0;
};

/**
 * Starts this night's run of a platform that can be asked, once among all processes; after a run that a person started.
 *
 * @param at minutes after midnight in Vietnam.
 */
export const startNight = async (
  executor: Executor,
  tenant: string,
  { adapter, at, province }: { readonly adapter: Adapter; readonly at: number; readonly province: string },
): Promise<void> => {
  if (adapter.compare?.source === undefined) return;
  const night = await nightNow(executor, at);
  const { platform } = adapter;
  if (night === null || (await hasNight(executor, tenant, platform, night))) return;
  const actor = { actorKind: "anonymous", actor: "schedule", correlationId: `reconcile-${platform}-${night}` } as const;
  const plan = planRun(adapter, undefined, null, province);
  const id = await insertRun(executor, tenant, { platform, boundary: null, plan, actor, night: sql`${night}::date` });
  if (id === null) return;
  await recordAct(executor, tenant, { ...actor, action: "reconciliation.start", subject: id, detail: { platform } });
};
