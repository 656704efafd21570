import type { Operation } from "../../contracts/adapter.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** What is to be sent again. */
export interface DeliveredSubmission {
  readonly subject: string;
  readonly operation: Operation;
  readonly entry_id: string;
}

/**
 * Locks the subject of a delivered submission without waiting for whoever has it, and says whether it is still the last of its
 * kind: sent again behind a newer one, it would undo that one.
 */
export const lockIfLast = async (
  executor: Executor,
  tenant: string,
  { subject, operation, entry_id }: DeliveredSubmission,
): Promise<"last" | "overtaken" | "busy"> => {
  const [row] = await rows<{ last: string | null }>(
    executor,
    sql`select accepted -> ${operation}::text ->> 'exchangeId' as last from portal_submissions
        where tenant = ${tenant} and subject = ${subject} for update skip locked`,
  );
  if (row === undefined) return "busy";
  return row.last === entry_id ? "last" : "overtaken";
};

/** The last exchange of its kind is another one now; the content is the same. The caller holds the lock. */
export const noteRepeated = async (
  executor: Executor,
  tenant: string,
  { subject, operation }: DeliveredSubmission,
  exchangeId: string,
): Promise<void> => {
  await executor.execute(
    sql`update portal_submissions
        set accepted = jsonb_set(accepted, array[${operation}::text, 'exchangeId'], to_jsonb(${exchangeId}::text))
        where tenant = ${tenant} and subject = ${subject}`,
  );
};
