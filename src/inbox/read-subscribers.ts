import type { EventType } from "../../contracts/services/inbox.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** A webhook that takes events now. */
export interface Subscriber {
  readonly id: string;
  readonly client: string;
  readonly agency: string;
  /** Null: every type. */
  readonly types: readonly EventType[] | null;
}

/**
 * The webhooks that events are queued for. A disabled one takes none: what happens meanwhile stands in the inbox, and what was
 * queued before waits for it.
 */
export const readSubscribers = (executor: Executor, tenant: string): Promise<Subscriber[]> =>
  rows<Subscriber & Record<string, unknown>>(
    executor,
    sql`select id, client, agency, to_jsonb(types) as types from webhooks
        where tenant = ${tenant} and disabled_at is null and deleted_at is null order by created_at, id`,
  );
