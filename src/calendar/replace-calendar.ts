import type { CalendarDay } from "../../contracts/services/calendar.ts";
import type { Executor } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { renewRulebook } from "../life-cycle/rulebook/renew-rulebook.ts";

/** Puts these days in place of those before: what is not named is removed, in the caller's transaction. */
export const replaceCalendar = async (
  executor: Executor,
  tenant: string,
  days: readonly CalendarDay[],
): Promise<void> => {
  // Two callers at once would otherwise leave a mixture of both.
  await executor.execute(sql`select pg_advisory_xact_lock(hashtextextended('calendar:' || ${tenant}, 0))`);
  await executor.execute(sql`delete from calendar_days where tenant = ${tenant}`);
  await executor.execute(
    sql`insert into calendar_days (tenant, day, kind, name, hours)
        select ${tenant}, d.date, d.kind, d.name, d.hours
        from jsonb_to_recordset(${JSON.stringify(days)}::text::jsonb) as d(date date, kind text, name text, hours jsonb)`,
  );
  await renewRulebook(executor, tenant);
};
