import type { PaymentPlatformId } from "../../contracts/payments.ts";
import type { Executor } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** At most this often a transaction is asked about because somebody from outside brings it up. */
const CALM_SECONDS = 10;

/** Has a transaction asked about at once, unless it is paid or was asked about a moment ago. */
export const pollSoon = async (
  executor: Executor,
  tenant: string,
  { platform, reference }: { readonly platform: PaymentPlatformId; readonly reference: string },
): Promise<void> => {
  await executor.execute(
    sql`update payment_transactions
        set next_at = greatest(now(), coalesce(lease_until, '-infinity'), coalesce(asked_at + make_interval(secs => ${CALM_SECONDS}), now()))
        where tenant = ${tenant} and platform = ${platform} and reference = ${reference} and state <> 'paid'
          and (next_at is null or next_at > now())`,
  );
};
