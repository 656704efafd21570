import type { CalendarDay, Sessions } from "../../contracts/services/calendar.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";

type Row = Pick<CalendarDay, "date" | "kind" | "name"> & { readonly hours: Sessions | null };

/** The days of the calendar, in order. */
export const listCalendar = async (executor: Executor, tenant: string): Promise<CalendarDay[]> => {
  const days = await rows<Row>(
    executor,
    sql`select to_char(day, 'YYYY-MM-DD') as date, kind, name, hours from calendar_days
        where tenant = ${tenant} order by day`,
  );
  return days.map(({ hours, ...day }) => ({ ...day, ...(hours !== null && { hours }) }));
};
