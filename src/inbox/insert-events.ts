import type { Event } from "../../contracts/services/inbox.ts";
import { createBlob } from "../database/blob.ts";
import type { Executor } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** An event with its data sealed. */
export interface SealedEvent {
  readonly event: Event;
  readonly data: Uint8Array;
}

/** Records events in the order given. They have no position yet: `numberEvents` gives it once they are committed. */
export const insertEvents = async (
  executor: Executor,
  tenant: string,
  events: readonly SealedEvent[],
): Promise<void> => {
  const blob = createBlob();
  const list = events.map(({ event: { id, type, occurredAt, subject, agency }, data }, n) => ({
    n,
    id,
    type,
    occurred_at: occurredAt,
    subject,
    agency,
    ...blob.add(data),
  }));
  await executor.execute(
    sql`with blob as materialized (select ${blob.bytes()}::bytea as bytes)
        insert into inbox_events (tenant, id, type, occurred_at, subject, agency, data)
        select ${tenant}, r.id, r.type, r.occurred_at, r.subject, r.agency, substr(blob.bytes, r."from", r.length)
        from jsonb_to_recordset(${JSON.stringify(list)}::jsonb) as r(
          n int, id text, type text, occurred_at timestamptz, subject text, agency text, "from" int, length int), blob
        order by r.n`,
  );
};
