import type { Boundary } from "../../contracts/ledger.ts";
import type { EventType } from "../../contracts/services/inbox.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { within } from "../database/within-boundary.ts";

/** One row of the inbox, as one client sees it. */
export interface InboxRow {
  position: string;
  id: string;
  type: EventType;
  occurred_at: string;
  subject: string;
  agency: string;
  data: Uint8Array;
  acknowledged_at: string | null;
}

/** The next numbered events within the boundary, after a position. */
export const readInbox = (
  executor: Executor,
  tenant: string,
  { boundary, client }: { readonly boundary: Boundary; readonly client: string },
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<InboxRow[]> =>
  rows<InboxRow>(
    executor,
    sql`select e.position, e.id, e.type, e.occurred_at, e.subject, e.agency, e.data, a.acknowledged_at
        from inbox_events e
        left join inbox_acks a on a.tenant = e.tenant and a.client = ${client} and a.event_id = e.id
        where e.tenant = ${tenant} and e.position > ${after}::bigint and ${within(sql`e.agency`, boundary)}
        order by e.position limit ${limit}`,
  );
