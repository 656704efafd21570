import type { WeekHours } from "../../../contracts/services/calendar.ts";
import type { LifeCyclePolicy } from "../../../contracts/services/life-cycle.ts";
import type { Executor } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";

/** What the rulebook's own row holds; the calendar and the agency codes have tables of their own. */
export interface RulebookChange {
  readonly lifeCycle?: LifeCyclePolicy;
  readonly workingHours?: WeekHours;
}

const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));

/**
 * Gives the rulebook a new version, in the transaction of the change: from its commit on, every call of every process is
 * judged by what is stored now.
 */
export const renewRulebook = async (
  executor: Executor,
  tenant: string,
  { lifeCycle, workingHours }: RulebookChange = {},
): Promise<void> => {
  await executor.execute(
    sql`insert into rulebooks as r (tenant, version, life_cycle, working_hours)
        values (${tenant}, gen_random_uuid()::text, ${json(lifeCycle)}::text::jsonb, ${json(workingHours)}::text::jsonb)
        on conflict (tenant) do update set version = excluded.version,
          life_cycle = coalesce(excluded.life_cycle, r.life_cycle),
          working_hours = coalesce(excluded.working_hours, r.working_hours)`,
  );
};
