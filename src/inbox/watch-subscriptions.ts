import type { EventType } from "../../contracts/services/inbox.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** Whether anybody wants an event that is only recorded when it is wanted. */
export interface Subscriptions {
  wanted(executor: Executor, type: EventType): Promise<boolean>;
  /** A webhook came, went or was disabled in this process: look again. */
  changed(): void;
}

/** How long another process's webhooks may go unnoticed. */
const BELIEVED_MS = 1000;

const isSubscribed = async (executor: Executor, tenant: string, type: EventType): Promise<boolean> => {
  const found = await rows(
    executor,
    sql`select 1 from webhooks where tenant = ${tenant} and disabled_at is null and deleted_at is null
          and (types is null or ${type} = any(types)) limit 1`,
  );
  return found.length > 0;
};

/**
 * Remembers for a moment what webhooks want, so that a settle asks the database once in a second and not every time. A webhook
 * made in this process counts at once.
 *
 * @param always types that are recorded for the inbox whoever subscribes (`INBOX_EVENTS`).
 * @param elapsed monotonic milliseconds.
 */
export const watchSubscriptions = (
  tenant: string,
  always: readonly EventType[],
  elapsed: () => number,
): Subscriptions => {
  const known = new Map<EventType, { readonly wanted: boolean; readonly at: number }>();
  let generation = 0;
  return {
    wanted: async (executor, type) => {
      if (always.includes(type)) return true;
      const believed = known.get(type);
      if (believed !== undefined && elapsed() - believed.at < BELIEVED_MS) return believed.wanted;
      const asked = generation;
      const at = elapsed();
      const wanted = await isSubscribed(executor, tenant, type);
      // What changed while the database was asked may not be in its answer.
      if (asked === generation) known.set(type, { wanted, at });
      return wanted;
    },
    changed: () => {
      generation += 1;
      known.clear();
    },
  };
};
