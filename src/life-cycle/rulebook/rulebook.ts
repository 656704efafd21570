import type { LifeCyclePolicy } from "../../../contracts/services/life-cycle.ts";
import type { WorkingCalendar } from "../../calendar/working-calendar.ts";
import type { ProcedureBook } from "../../procedures/procedure-book.ts";
import type { AgencyRegister } from "../agency-codes/agency-register.ts";

/** What dossiers are judged by, of one version. */
export interface Rulebook {
  /** Null: nothing was put yet. */
  readonly version: string | null;
  readonly policy: LifeCyclePolicy;
  readonly calendar: WorkingCalendar;
  readonly agencies: AgencyRegister;
  readonly procedures: ProcedureBook;
}
