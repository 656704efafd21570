import { DEFAULT_WEEK_HOURS, type WeekHours } from "../../../contracts/services/calendar.ts";
import { completePolicy, type LifeCyclePolicy } from "../../../contracts/services/life-cycle.ts";
import { type Executor, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";

/** What the rulebook's own row says, with its defaults. */
export interface RulebookSettings {
  readonly policy: LifeCyclePolicy;
  readonly hours: WeekHours;
}

/** Reads the policy and the working hours, without the calendar and the codes. */
export const readRulebookSettings = async (executor: Executor, tenant: string): Promise<RulebookSettings> => {
  const [row] = await rows<{ life_cycle: LifeCyclePolicy | null; working_hours: WeekHours | null }>(
    executor,
    sql`select life_cycle, working_hours from rulebooks where tenant = ${tenant}`,
  );
  return { policy: completePolicy(row?.life_cycle ?? null), hours: row?.working_hours ?? DEFAULT_WEEK_HOURS };
};
