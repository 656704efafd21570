import type { Boundary } from "../../contracts/ledger.ts";
import type { PaymentBeneficiary, PaymentPlatformId } from "../../contracts/payments.ts";
import type { PaymentRequest, PaymentState, PaymentView } from "../../contracts/services/payments.ts";
import { type Executor, isoMoment, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { within } from "../database/within-boundary.ts";
import type { Sealer } from "../security/sealing.ts";
import type { TransactionState } from "./decide-settlement.ts";

/** A payment as it is stored. */
export interface PaymentRow {
  id: string;
  platform: PaymentPlatformId;
  client: string;
  agency: string;
  dossier_code: string;
  /** Integer VND as text. */
  amount: string;
  state: PaymentState;
  reference: string;
  content: Uint8Array;
  repeat_fingerprint: string | null;
  correlation_id: string;
  expires_at: string;
  is_expired: boolean;
  paid_at: string | null;
}

/** One try at paying, as it is stored. */
export interface TransactionRow {
  reference: string;
  n: number;
  amount: string;
  state: TransactionState;
  pay_url: Uint8Array | null;
  platform_transaction: string | null;
  platform_time: string | null;
  created_at: string;
  /** Somebody is creating it at the platform at this moment. */
  is_called: boolean;
  polls: number;
}

/** A refund that was proposed last. */
interface RefundSummary {
  amount: string;
  by_platform: boolean;
  proposed_by: string;
  approved_by: string | null;
}

/** What is sealed with a payment: everything that creating it again would need. */
export interface PaymentContent {
  readonly request: PaymentRequest;
  readonly procedure: { readonly code: string; readonly name: string };
  readonly agency: { readonly code: string; readonly name: string };
  readonly beneficiary?: PaymentBeneficiary;
}

/** Binds what is sealed to its payment. */
export const paymentContext = (tenant: string, id: string): string => `payment:${tenant}:${id}`;

const columns = sql`p.id, p.platform, p.client, p.agency, p.dossier_code, p.amount::text as amount, p.state, p.reference, p.content,
  p.repeat_fingerprint, p.correlation_id, p.expires_at, p.expires_at <= now() as is_expired, p.paid_at`;

/** Locks a payment until the end of the transaction: everything about one payment follows each other under this lock. */
export const lockPayment = async (
  executor: Executor,
  tenant: string,
  id: string,
  boundary: Boundary = null,
): Promise<PaymentRow | null> => {
  const [row] = await rows<PaymentRow>(
    executor,
    sql`select ${columns} from payments p
        where p.tenant = ${tenant} and p.id = ${id} and ${within(sql`p.agency`, boundary)} for update`,
  );
  return row ?? null;
};

/** The payment of a client that an Idempotency-Key made, locked; null: there is none. */
export const lockRepeated = async (
  executor: Executor,
  tenant: string,
  { client, key }: { readonly client: string; readonly key: string },
): Promise<PaymentRow | null> => {
  const [row] = await rows<PaymentRow>(
    executor,
    sql`select ${columns} from payments p where p.tenant = ${tenant} and p.client = ${client} and p.repeat_key = ${key} for update`,
  );
  return row ?? null;
};

/** Which payment a reference belongs to. */
export const paymentOf = async (
  executor: Executor,
  tenant: string,
  platform: PaymentPlatformId,
  reference: string,
): Promise<string | null> => {
  const [row] = await rows<{ payment_id: string }>(
    executor,
    sql`select payment_id from payment_transactions
        where tenant = ${tenant} and platform = ${platform} and reference = ${reference}`,
  );
  return row?.payment_id ?? null;
};

/** The transactions of a payment, the first first. */
export const readTransactions = (executor: Executor, tenant: string, id: string): Promise<TransactionRow[]> =>
  rows<TransactionRow & Record<string, unknown>>(
    executor,
    sql`select reference, n, amount::text as amount, state, pay_url, platform_transaction, platform_time, created_at, polls,
               coalesce(calling_until > clock_timestamp(), false) as is_called
        from payment_transactions where tenant = ${tenant} and payment_id = ${id} order by n`,
  );

/** A payment as it is shown, within the boundary; null: there is none. */
export const readPayment = async (
  executor: Executor,
  { tenant, sealer }: { readonly tenant: string; readonly sealer: Sealer },
  boundary: Boundary,
  id: string,
): Promise<PaymentView | null> => {
  const [row] = await rows<PaymentRow & { pay_url: Uint8Array | null; refund: RefundSummary | null }>(
    executor,
    sql`select ${columns}, t.pay_url, to_jsonb(r) as refund
        from payments p
        left join payment_transactions t on t.tenant = p.tenant and t.platform = p.platform and t.reference = p.reference
        left join lateral (
          select r.amount::text as amount, r.by_platform, r.proposed_by, r.approved_by from payment_refunds r
          where r.tenant = p.tenant and r.payment_id = p.id order by r.n desc limit 1
        ) r on true
        where p.tenant = ${tenant} and p.id = ${id} and ${within(sql`p.agency`, boundary)}`,
  );
  if (row === undefined) return null;
  const { refund } = row;
  return {
    id: row.id,
    platform: row.platform,
    reference: row.reference,
    state: row.state,
    expiresAt: isoMoment(row.expires_at),
    ...(row.pay_url !== null && { payUrl: sealer.open(row.pay_url, paymentContext(tenant, row.id)) }),
    dossierCode: row.dossier_code,
    amount: Number(row.amount),
    ...(row.paid_at !== null && { paidAt: isoMoment(row.paid_at) }),
    ...(refund !== null && {
      refund: {
        amount: Number(refund.amount),
        by: refund.by_platform ? "platform" : "hand",
        proposedBy: refund.proposed_by,
        ...(refund.approved_by !== null && { approvedBy: refund.approved_by }),
      },
    }),
  };
};
