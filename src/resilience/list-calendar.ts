import { sql } from "drizzle-orm";
import type { CalendarDay } from "../../contracts/services/platforms.ts";
import { type Executor, rows } from "../database/database.ts";

/** The days of the calendar, in order. */
export const listCalendar = async (executor: Executor, tenant: string): Promise<CalendarDay[]> =>
  rows<CalendarDay>(
    executor,
    sql`select to_char(day, 'YYYY-MM-DD') as date, kind, name from calendar_days where tenant = ${tenant} order by day`,
  );
