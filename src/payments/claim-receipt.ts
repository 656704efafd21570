import type { PaymentPlatformId } from "../../contracts/payments.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import type { TransactionRow } from "./payment-row.ts";

/** A receipt that is to be fetched now, with the transaction that it is of, under a lease. */
export interface DueReceipt extends TransactionRow {
  platform: PaymentPlatformId;
  payment_id: string;
  dossier_code: string;
  agency: string;
  correlation_id: string;
  url: Uint8Array | null;
  tries: number;
  fence: number;
}

/** Longer than two calls and the writing. */
const LEASE_SECONDS = 120;

/** Takes one receipt of a platform that is due: one of many processes takes it. Null: there is none. */
export const claimReceipt = async (
  executor: Executor,
  tenant: string,
  platform: PaymentPlatformId,
): Promise<DueReceipt | null> => {
  const [row] = await rows<DueReceipt>(
    executor,
    sql`with due as (
          select r.payment_id from payment_receipts r
          where r.tenant = ${tenant} and r.platform = ${platform} and r.next_at <= now()
            and (r.lease_until is null or r.lease_until <= now())
          order by r.next_at limit 1 for update skip locked
        )
        update payment_receipts r set lease_until = now() + make_interval(secs => ${LEASE_SECONDS}), fence = r.fence + 1
        from due, payments p, payment_transactions t
        where r.tenant = ${tenant} and r.payment_id = due.payment_id and p.tenant = r.tenant and p.id = r.payment_id
          and t.tenant = r.tenant and t.platform = r.platform and t.reference = r.reference
        returning r.platform, r.payment_id, r.reference, r.url, r.tries, r.fence, p.dossier_code, p.agency, p.correlation_id,
                  t.n, t.amount::text as amount, t.state, t.pay_url, t.platform_transaction, t.platform_time, t.created_at,
                  false as is_called, t.polls`,
  );
  return row ?? null;
};

/** Seconds until the next try, by the number of those made; then every six hours. */
const PAUSES = [30, 120, 600, 3600];
const LONGEST = 6 * 3600;
/** A receipt that did not come within a month is asked for no more. */
const MOST_DAYS = 30;

/** Puts a receipt off, with what went wrong. */
export const putReceiptOff = async (
  executor: Executor,
  tenant: string,
  { payment_id, tries, fence }: Pick<DueReceipt, "payment_id" | "tries" | "fence">,
  errorCode: string,
): Promise<void> => {
  const seconds = PAUSES[tries] ?? LONGEST;
  await executor.execute(
    sql`update payment_receipts
        set tries = tries + 1, lease_until = null, error_code = ${errorCode},
            next_at = case when wanted_at > now() - make_interval(days => ${MOST_DAYS})
                           then now() + make_interval(secs => ${seconds}) end
        where tenant = ${tenant} and payment_id = ${payment_id} and fence = ${fence} and stored is null`,
  );
};
