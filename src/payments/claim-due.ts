import type { PaymentPlatformId } from "../../contracts/payments.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import type { TransactionRow } from "./payment-row.ts";
import { nextPoll } from "./poll-schedule.ts";

/** A transaction that is to be asked about now, under a lease. */
export interface DueTransaction extends TransactionRow {
  platform: PaymentPlatformId;
  payment_id: string;
  correlation_id: string;
  fence: number;
}

/** Longer than a call and its writing; who dies meanwhile is taken over after it. */
const LEASE_SECONDS = 60;

/** Takes transactions of a platform that are due, the longest due first: one of many processes takes each. */
export const claimDue = (
  executor: Executor,
  tenant: string,
  platform: PaymentPlatformId,
  most: number,
): Promise<DueTransaction[]> =>
  rows<DueTransaction & Record<string, unknown>>(
    executor,
    sql`with due as (
          select t.reference from payment_transactions t
          where t.tenant = ${tenant} and t.platform = ${platform} and t.next_at <= now()
            and (t.lease_until is null or t.lease_until <= now())
          order by t.next_at limit ${most} for update skip locked
        )
        update payment_transactions t
        set lease_until = now() + make_interval(secs => ${LEASE_SECONDS}), fence = t.fence + 1
        from due, payments p
        where t.tenant = ${tenant} and t.platform = ${platform} and t.reference = due.reference
          and p.tenant = t.tenant and p.id = t.payment_id
        returning t.platform, t.payment_id, t.reference, t.n, t.amount::text as amount, t.state, t.pay_url, t.platform_transaction,
                  t.platform_time, t.created_at, false as is_called, t.polls, t.fence, p.correlation_id`,
  );

/** Whether anything is due at a platform: looked at before its guards are asked for leave. */
export const hasDue = async (executor: Executor, tenant: string, platform: PaymentPlatformId): Promise<boolean> => {
  const found = await rows(
    executor,
    sql`select 1 from payment_transactions where tenant = ${tenant} and platform = ${platform} and next_at <= now()
          and (lease_until is null or lease_until <= now()) limit 1`,
  );
  return found.length > 0;
};

/** Sets when a transaction is asked about next, and gives the lease back; one that was decided meanwhile stays decided. */
export const scheduleNext = async (
  executor: Executor,
  tenant: string,
  { platform, reference, fence }: Pick<DueTransaction, "platform" | "reference" | "fence">,
  { answered, random }: { readonly answered: boolean; readonly random: number },
): Promise<void> => {
  const [row] = await rows<{ age: number; left: number | null }>(
    executor,
    sql`select extract(epoch from now() - t.created_at)::float8 as age,
               case when p.state in ('created', 'pending') then extract(epoch from p.expires_at - now())::float8 end as left
        from payment_transactions t join payments p on p.tenant = t.tenant and p.id = t.payment_id
        where t.tenant = ${tenant} and t.platform = ${platform} and t.reference = ${reference}`,
  );
  if (row === undefined) return;
  const seconds = nextPoll({ ageSeconds: row.age, expiresInSeconds: row.left, answered, random });
  await executor.execute(
    sql`update payment_transactions
        set lease_until = null, polls = polls + 1, asked_at = now(),
            next_at = case when state in ('paid', 'failed', 'lapsed') then null
                           else now() + make_interval(secs => ${seconds}::float8) end,
            state = case when ${seconds === null} and state in ('created', 'pending') then 'lapsed' else state end
        where tenant = ${tenant} and platform = ${platform} and reference = ${reference} and fence = ${fence}`,
  );
};
