import type { Fault } from "../../contracts/adapter.ts";
import type { CreatedPayment, PaymentPlatformId } from "../../contracts/payments.ts";
import type { Executor } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { appendEvent } from "./append-event.ts";
import type { PaymentParts } from "./payment-parts.ts";
import { lockPayment, paymentContext } from "./payment-row.ts";
import { POLL_OFFSETS } from "./poll-schedule.ts";

/** A transaction that a platform was asked to create. */
export interface Asked {
  readonly id: string;
  readonly platform: PaymentPlatformId;
  readonly reference: string;
  readonly correlationId: string;
}

/** How soon the platform is asked what became of a creation without an answer. */
const UNKNOWN_SECONDS = 30;

/** Notes that the payer can pay now. A platform that wants it sooner than we is obeyed. */
export const noteOpened = async (
  executor: Executor,
  { tenant, sealer }: PaymentParts,
  { id, platform, reference, correlationId }: Asked,
  { payUrl, expiresAt }: CreatedPayment,
): Promise<void> => {
  const payment = await lockPayment(executor, tenant, id);
  if (payment === null) return;
  const [first = 0] = POLL_OFFSETS;
  await executor.execute(
    sql`update payment_transactions
        set pay_url = ${sealer.seal(payUrl, paymentContext(tenant, id))}, calling_until = null,
            state = case when state = 'created' then 'pending' else state end,
            next_at = case when state in ('created', 'pending') then now() + make_interval(secs => ${first}) else next_at end
        where tenant = ${tenant} and platform = ${platform} and reference = ${reference}`,
  );
  await executor.execute(
    sql`update payments set state = case when state = 'created' then 'pending' else state end,
               expires_at = least(expires_at, ${expiresAt?.toISOString() ?? null}::timestamptz)
        where tenant = ${tenant} and id = ${id}`,
  );
  const to = payment.state === "created" ? "pending" : payment.state;
  await appendEvent(executor, tenant, {
    paymentId: id,
    reference,
    kind: "opened",
    source: "caller",
    from: payment.state,
    to,
    correlationId,
  });
};

/**
 * Notes that it cannot be paid. Certain: the platform refused, or heard nothing; the payment is over, and its Idempotency-Key is
 * free again. Unknown: it is asked what became of it.
 */
export const noteNotOpened = async (
  executor: Executor,
  { tenant }: PaymentParts,
  { id, platform, reference, correlationId }: Asked,
  { outcome, code }: Pick<Fault, "outcome" | "code">,
): Promise<void> => {
  const payment = await lockPayment(executor, tenant, id);
  if (payment === null) return;
  const isOver = outcome !== "unknown" && payment.state === "created";
  if (isOver) {
    await executor.execute(
      sql`update payment_transactions set state = 'failed', calling_until = null, next_at = null, settled_at = now()
          where tenant = ${tenant} and platform = ${platform} and reference = ${reference} and state = 'created'`,
    );
    // Another transaction of it may still be paid: then the payment waits for that one.
    await executor.execute(
      sql`update payments p set repeat_key = null, repeat_fingerprint = null, state = 'failed'
          where tenant = ${tenant} and id = ${id} and state = 'created' and not exists (
            select 1 from payment_transactions t
            where t.tenant = p.tenant and t.payment_id = p.id and t.state in ('created', 'pending'))`,
    );
  } else {
    await executor.execute(
      sql`update payment_transactions set calling_until = null, next_at = now() + make_interval(secs => ${UNKNOWN_SECONDS})
          where tenant = ${tenant} and platform = ${platform} and reference = ${reference} and state = 'created'`,
    );
  }
  const detail = { outcome, code };
  await appendEvent(executor, tenant, {
    paymentId: id,
    reference,
    kind: "not-opened",
    source: "caller",
    from: payment.state,
    detail,
    correlationId,
  });
};
