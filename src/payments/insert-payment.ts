import type { PaymentPlatformId } from "../../contracts/payments.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** A payment about to be asked for. */
export interface NewPayment {
  readonly id: string;
  readonly platform: PaymentPlatformId;
  readonly client: string;
  readonly agency: string;
  readonly dossierCode: string;
  readonly amount: number;
  readonly reference: string;
  readonly content: Uint8Array;
  readonly repeat: { readonly key: string; readonly fingerprint: string } | null;
  readonly correlationId: string;
  /** ISO 8601; null: `keptSeconds` from now. */
  readonly expiresAt: string | null;
}

/** How long a payment may be made unless its caller says: three days, for a bank's verdict may take more than one. */
const KEPT_SECONDS = 3 * 86_400;

/** Records a payment before its platform is asked. @returns false: another call with the same key has just made it */
export const insertPayment = async (executor: Executor, tenant: string, payment: NewPayment): Promise<boolean> => {
  const made = await rows(
    executor,
    sql`insert into payments (tenant, id, platform, client, agency, dossier_code, amount, reference, content, repeat_key,
                              repeat_fingerprint, correlation_id, expires_at)
        values (${tenant}, ${payment.id}, ${payment.platform}, ${payment.client}, ${payment.agency}, ${payment.dossierCode},
                ${payment.amount}, ${payment.reference}, ${payment.content}, ${payment.repeat?.key ?? null},
                ${payment.repeat?.fingerprint ?? null}, ${payment.correlationId},
                coalesce(${payment.expiresAt}::timestamptz, now() + make_interval(secs => ${KEPT_SECONDS})))
        on conflict (tenant, client, repeat_key) where repeat_key is not null do nothing returning id`,
  );
  return made.length > 0;
};

/** A transaction about to be created at the platform. */
export interface NewTransaction {
  readonly paymentId: string;
  readonly platform: PaymentPlatformId;
  readonly reference: string;
  readonly amount: number;
  /** For so long somebody waits for the platform: nobody else creates another one meanwhile. */
  readonly callingSeconds: number;
}

/** Records one more try at paying, before its platform is asked. @returns the moment that the platform is told, to the second */
export const insertTransaction = async (
  executor: Executor,
  tenant: string,
  { paymentId, platform, reference, amount, callingSeconds }: NewTransaction,
): Promise<Date> => {
  const [row] = await rows<{ created_at: string }>(
    executor,
    sql`with numbered as (
          update payments set reference = ${reference} where tenant = ${tenant} and id = ${paymentId} returning id
        )
        insert into payment_transactions (tenant, platform, reference, payment_id, n, amount, created_at, calling_until, next_at)
        select ${tenant}, ${platform}, ${reference}, id,
               1 + (select count(*) from payment_transactions t where t.tenant = ${tenant} and t.payment_id = numbered.id),
               ${amount}, date_trunc('second', now()), clock_timestamp() + make_interval(secs => ${callingSeconds}),
               clock_timestamp() + make_interval(secs => ${callingSeconds}) + interval '30 seconds'
        from numbered returning created_at`,
  );
  if (row === undefined) throw new Error("the payment is not there");
  return new Date(row.created_at);
};
