import { type CalendarDay, DEFAULT_WEEK_HOURS, type WeekHours } from "../../../contracts/services/calendar.ts";
import { completePolicy, type LifeCyclePolicy } from "../../../contracts/services/life-cycle.ts";
import { createWorkingCalendar } from "../../calendar/working-calendar.ts";
import { type Executor, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import { type BookColumns, bookColumns, toProcedureBook } from "../../procedures/read-book.ts";
import { type AgencyCodeRow, createAgencyRegister } from "../agency-codes/agency-register.ts";
import type { Rulebook } from "./rulebook.ts";

interface Row extends BookColumns {
  version: string;
  life_cycle: LifeCyclePolicy | null;
  working_hours: WeekHours | null;
  days: (Omit<CalendarDay, "hours"> & { readonly hours: CalendarDay["hours"] | null })[] | null;
  codes: AgencyCodeRow[] | null;
}

const assemble = (row: Row | undefined): Rulebook => ({
  version: row?.version ?? null,
  policy: completePolicy(row?.life_cycle ?? null),
  calendar: createWorkingCalendar(
    row?.working_hours ?? DEFAULT_WEEK_HOURS,
    (row?.days ?? []).map(({ hours, ...day }) => ({ ...day, ...(hours && { hours }) })),
  ),
  agencies: createAgencyRegister(row?.codes ?? []),
  procedures: toProcedureBook(row ?? { procedures: null, policies: null }),
});

/** The rules while nothing was put. */
export const blankRulebook = (): Rulebook => assemble(undefined);

/** Everything the rules are made of, of one version, in one statement. */
export const readRulebook = async (executor: Executor, tenant: string): Promise<Rulebook> => {
  const [row] = await rows<Row>(
    executor,
    sql`select r.version, r.life_cycle, r.working_hours,
               (select jsonb_agg(jsonb_build_object('date', d.day, 'kind', d.kind, 'name', d.name, 'hours', d.hours))
                from calendar_days d where d.tenant = ${tenant}) as days,
               (select jsonb_agg(jsonb_build_object('code', a.code, 'validFrom', a.valid_from, 'validTo', a.valid_to,
                                                    'successor', a.successor))
                from agency_codes a where a.tenant = ${tenant}) as codes, ${bookColumns(tenant)}
        from rulebooks r where r.tenant = ${tenant}`,
  );
  return assemble(row);
};
