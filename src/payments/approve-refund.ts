import type { Fault, Reading } from "../../contracts/adapter.ts";
import { GatewayError } from "../../contracts/errors.ts";
import type { PaymentPlatformId, PaymentRefund, RefundStatus } from "../../contracts/payments.ts";
import type { PaymentState, RefundEvidence } from "../../contracts/services/payments.ts";
import { type Database, type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import type { Actor } from "../ledger/ledger-desk.ts";
import { errorOfFault } from "../look-ups/error-of-fault.ts";
import type { CallsOf } from "../look-ups/open-look-ups.ts";
import { recordAct } from "../security/audit.ts";
import { appendEvent } from "./append-event.ts";
import { wrongState } from "./cancel-payment.ts";
import type { PaymentParts } from "./payment-parts.ts";
import { lockPayment, type PaymentRow, paymentContext, readTransactions } from "./payment-row.ts";
import { askedAs } from "./query-transaction.ts";
import { writeState } from "./write-settlement.ts";

interface RefundRow {
  n: number;
  amount: string;
  reason: Uint8Array;
  state: "proposed" | "approved" | "unknown" | "accepted" | "done" | "failed";
  by_platform: boolean;
  request_id: string;
  proposed_by: string;
  from_state: PaymentState;
}

/** Whose decision it is, about which payment. */
export interface RefundAct {
  readonly boundary: string;
  readonly id: string;
  readonly actor: Actor;
}

const OWN_PROPOSAL = {
  vi: "Người đề nghị hoàn tiền không được tự phê duyệt.",
  en: "Who proposed a refund cannot approve it.",
};

const nobodyLeaves = new AbortController().signal;

const lockRefund = async (
  executor: Executor,
  tenant: string,
  { boundary, id }: RefundAct,
): Promise<{ readonly payment: PaymentRow; readonly refund: RefundRow | undefined }> => {
  const payment = await lockPayment(executor, tenant, id, boundary);
  if (payment === null) throw new GatewayError("not_found");
  const [refund] = await rows<RefundRow>(
    executor,
    sql`select n, amount::text as amount, reason, state, by_platform, request_id, proposed_by, from_state
        from payment_refunds where tenant = ${tenant} and payment_id = ${id} order by n desc limit 1`,
  );
  return { payment, refund };
};

const writeRefund = (executor: Executor, tenant: string, id: string, n: number, state: RefundRow["state"]) =>
  executor.execute(
    sql`update payment_refunds set state = ${state} where tenant = ${tenant} and payment_id = ${id} and n = ${n}`,
  );

/** Where a refund that ended so leaves the payment; undefined: it goes on. */
const END: Readonly<Record<RefundRow["state"], (from: PaymentState) => PaymentState | undefined>> = {
  proposed: () => undefined,
  approved: () => undefined,
  unknown: () => undefined,
  accepted: () => undefined,
  done: () => "refunded",
  failed: (from) => from,
};

const endRefund = async (
  executor: Executor,
  parts: PaymentParts,
  act: RefundAct,
  { state, code }: { readonly state: RefundRow["state"]; readonly code: string },
): Promise<void> => {
  const { tenant } = parts;
  const { payment, refund } = await lockRefund(executor, tenant, act);
  if (payment.state !== "refunding" || refund === undefined) return;
  await writeRefund(executor, tenant, act.id, refund.n, state);
  const to = END[state](refund.from_state);
  if (to !== undefined) await writeState(executor, tenant, act.id, { state: to });
  const about = { paymentId: act.id, reference: payment.reference, correlationId: act.actor.correlationId };
  await appendEvent(executor, tenant, {
    ...about,
    ...{ kind: "refund-ended", source: "platform", from: "refunding", to: to ?? "refunding", detail: { state, code } },
  } as const);
};

const NAMES = { refunded: "done", refunding: "accepted", failed: "failed" } as const;

/** What became of the wish. One whose effect is not known is never repeated by itself: a person looks. */
const endOf = (answer: Reading<RefundStatus>): { readonly state: RefundRow["state"]; readonly code: string } => {
  if (answer.ok) return { state: NAMES[answer.value.state], code: answer.value.code };
  const { outcome, code } = answer.fault satisfies Fault;
  return { state: outcome === "unknown" ? "unknown" : "failed", code };
};

const begin = async (
  executor: Executor,
  parts: PaymentParts,
  act: RefundAct,
): Promise<{ readonly platform: PaymentPlatformId; readonly wish: PaymentRefund } | null> => {
  const { tenant, sealer } = parts;
  const { id, actor } = act;
  const { payment, refund } = await lockRefund(executor, tenant, act);
  if (payment.state !== "refund-requested" || refund?.state !== "proposed") throw wrongState(payment.state);
  if (refund.proposed_by === actor.actor) throw new GatewayError("forbidden", { detail: OWN_PROPOSAL });
  await executor.execute(
    sql`update payment_refunds set state = 'approved', approved_by = ${actor.actor}
        where tenant = ${tenant} and payment_id = ${id} and n = ${refund.n}`,
  );
  await writeState(executor, tenant, id, { state: "refunding" });
  const { platform, reference } = payment;
  const moved = { kind: "refund-approved", source: "caller", from: "refund-requested", to: "refunding" } as const;
  const { correlationId } = actor;
  await appendEvent(executor, tenant, {
    ...moved,
    paymentId: id,
    reference,
    correlationId,
    detail: { by: actor.actor },
  });
  await recordAct(executor, tenant, { ...actor, action: "payment.refund.approve", subject: id });
  if (!refund.by_platform) return null;
  const paid = (await readTransactions(executor, tenant, id)).find(({ state }) => state === "paid");
  if (paid === undefined) throw wrongState(payment.state);
  const reason = sealer.open(refund.reason, paymentContext(tenant, id));
  const by = refund.proposed_by;
  const wish = { transaction: askedAs(paid), amount: Number(refund.amount), reason, by, requestId: refund.request_id };
  return { platform, wish };
};

/**
 * Approves a refund. Where the platform can give money back it is asked, once; else the refund waits for its evidence.
 *
 * @throws GatewayError `not_found`, `conflict`, `forbidden` (one's own proposal), `not_configured`, `upstream_*`
 */
export const approveRefund = async (
  database: Database,
  parts: PaymentParts,
  callsOf: CallsOf,
  act: RefundAct,
): Promise<void> => {
  const begun = await database.transaction(async (executor) => {
    const wanted = await begin(executor, parts, act);
    // Nothing is approved that this process cannot carry out.
    if (wanted !== null && callsOf(wanted.platform)?.adapter.payments?.refund === undefined) {
      throw new GatewayError("not_configured", { retryAfterSeconds: 60 });
    }
    return wanted;
  });
  if (begun === null) return;
  const { platform, wish } = begun;
  const calls = callsOf(platform);
  const refund = calls?.adapter.payments?.refund;
  if (calls === undefined || refund === undefined) throw new GatewayError("not_configured");
  const { correlationId } = act.actor;
  const answer = await calls.ask({ correlationId, signal: nobodyLeaves }, (call) => refund(wish, call));
  await database.transaction((executor) => endRefund(executor, parts, act, endOf(answer)));
  if (!answer.ok) throw errorOfFault(answer.fault);
};

/** Ends a refund by what proves it, in the caller's transaction. @throws GatewayError `not_found`, `conflict` */
export const proveRefund = async (
  executor: Executor,
  parts: PaymentParts,
  act: RefundAct,
  evidence: RefundEvidence,
): Promise<void> => {
  const { tenant, sealer } = parts;
  const { payment, refund } = await lockRefund(executor, tenant, act);
  if (payment.state !== "refunding" || refund === undefined) throw wrongState(payment.state);
  const sealed = sealer.seal(JSON.stringify(evidence), paymentContext(tenant, act.id));
  await executor.execute(
    sql`update payment_refunds set evidence = ${sealed} where tenant = ${tenant} and payment_id = ${act.id} and n = ${refund.n}`,
  );
  await endRefund(executor, parts, act, { state: "done", code: "evidence" });
  await recordAct(executor, tenant, { ...act.actor, action: "payment.refund.evidence", subject: act.id });
};
