import type { Executor } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** Something that happened to a payment. `doubtful`: what a platform says does not fit, or a person has to decide about it. */
export interface PaymentEventRow {
  readonly paymentId: string;
  readonly reference: string | null;
  readonly kind:
    | "created"
    | "opened"
    | "not-opened"
    | "notified"
    | "queried"
    | "returned"
    | "doubtful"
    | "double-charge"
    | "cancelled"
    | "expired"
    | "receipt-stored"
    | "refund-proposed"
    | "refund-approved"
    | "refund-ended";
  readonly source: "caller" | "platform" | "query" | "clock";
  readonly from?: string;
  readonly to?: string;
  /** The inbound entry that holds the bytes. */
  readonly entryId?: string;
  /** Codes, amounts, ids: no personal data. */
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
  readonly correlationId: string;
}

/** Appends to the log of a payment, in the transaction of what happened. */
export const appendEvent = async (executor: Executor, tenant: string, event: PaymentEventRow): Promise<void> => {
  await executor.execute(
    sql`insert into payment_events (tenant, payment_id, reference, kind, source, from_state, to_state, entry_id, detail, correlation_id)
        values (${tenant}, ${event.paymentId}, ${event.reference}, ${event.kind}, ${event.source}, ${event.from ?? null},
                ${event.to ?? null}, ${event.entryId ?? null}::bigint, ${JSON.stringify(event.detail ?? {})}::jsonb,
                ${event.correlationId})`,
  );
};
