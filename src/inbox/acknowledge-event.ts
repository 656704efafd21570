import type { Boundary } from "../../contracts/ledger.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { within } from "../database/within-boundary.ts";

/** Whether there is such an event within the boundary. */
export const hasEvent = async (
  executor: Executor,
  tenant: string,
  boundary: Boundary,
  id: string,
): Promise<boolean> => {
  const found = await rows(
    executor,
    sql`select 1 from inbox_events e where e.tenant = ${tenant} and e.id = ${id} and ${within(sql`e.agency`, boundary)}`,
  );
  return found.length > 0;
};

/**
 * Notes that a client has dealt with an event; the first time counts.
 *
 * @returns when it was noted, as the database prints it.
 */
export const acknowledgeEvent = async (
  executor: Executor,
  tenant: string,
  client: string,
  id: string,
): Promise<string> => {
  const [row] = await rows<{ acknowledged_at: string }>(
    executor,
    // Set to what it is: the row is answered whoever wrote it, also a call at the same moment.
    sql`insert into inbox_acks as a (tenant, client, event_id) values (${tenant}, ${client}, ${id})
        on conflict (tenant, client, event_id) do update set acknowledged_at = a.acknowledged_at
        returning acknowledged_at`,
  );
  if (row === undefined) throw new Error("acknowledging returned no row");
  return row.acknowledged_at;
};
