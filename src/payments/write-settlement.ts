import type { PaymentState } from "../../contracts/services/payments.ts";
import type { Executor } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import type { TransactionState } from "./decide-settlement.ts";

/** What changes about a transaction. */
export interface TransactionChange {
  readonly platform: string;
  readonly reference: string;
  readonly state: TransactionState;
  readonly platformTransaction?: string | undefined;
  readonly platformTime?: string | undefined;
  /** ISO 8601. */
  readonly paidAt?: string | undefined;
}

/** Writes what a platform said of a transaction. What was known of it stays; a paid one is never asked about again. */
export const writeTransaction = async (
  executor: Executor,
  tenant: string,
  change: TransactionChange,
): Promise<void> => {
  const { platform, reference, state, platformTransaction, platformTime, paidAt } = change;
  await executor.execute(
    sql`update payment_transactions
        set state = ${state}, platform_transaction = coalesce(platform_transaction, ${platformTransaction ?? null}),
            platform_time = coalesce(platform_time, ${platformTime ?? null}),
            paid_at = coalesce(paid_at, ${paidAt ?? null}::timestamptz),
            settled_at = case when ${state} in ('paid', 'failed', 'lapsed') then coalesce(settled_at, now()) end,
            next_at = case when ${state} in ('paid', 'failed', 'lapsed') then null else next_at end
        where tenant = ${tenant} and platform = ${platform} and reference = ${reference}`,
  );
};

/** Moves a payment on. `paidAt` is when the money came; the first one stays. @throws what the database throws of an illegal transition */
export const writeState = async (
  executor: Executor,
  tenant: string,
  id: string,
  { state, paidAt }: { readonly state: PaymentState; readonly paidAt?: string | undefined },
): Promise<void> => {
  await executor.execute(
    sql`update payments
        set state = ${state},
            paid_at = case when ${state} in ('paid', 'paid-orphan')
                           then coalesce(paid_at, ${paidAt ?? null}::timestamptz, now()) else paid_at end
        where tenant = ${tenant} and id = ${id}`,
  );
};

/** Asks for the receipt of a transaction soon; the first link to it stays. */
export const wantReceipt = async (
  executor: Executor,
  tenant: string,
  wanted: {
    readonly paymentId: string;
    readonly platform: string;
    readonly reference: string;
    readonly url: Uint8Array | null;
  },
): Promise<void> => {
  await executor.execute(
    sql`insert into payment_receipts (tenant, payment_id, platform, reference, url, next_at)
        values (${tenant}, ${wanted.paymentId}, ${wanted.platform}, ${wanted.reference}, ${wanted.url}, now())
        on conflict (tenant, payment_id) do nothing`,
  );
};
