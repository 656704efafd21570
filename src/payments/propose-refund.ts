import { GatewayError } from "../../contracts/errors.ts";
import { FIELD_ERRORS } from "../../contracts/services/fields.ts";
import type { Executor } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import type { Actor } from "../ledger/ledger-desk.ts";
import { recordAct } from "../security/audit.ts";
import { appendEvent } from "./append-event.ts";
import { mayBecome, wrongState } from "./cancel-payment.ts";
import type { PaymentParts } from "./payment-parts.ts";
import { lockPayment, paymentContext } from "./payment-row.ts";
import { writeState } from "./write-settlement.ts";

/** What is to be given back. */
export interface RefundProposal {
  readonly boundary: string;
  readonly id: string;
  readonly amount: number;
  readonly reason: string;
  readonly actor: Actor;
}

/**
 * Proposes to give money back, in the caller's transaction; another person approves it. By the platform where it can, else by hand
 * with evidence (payment section 1.9).
 *
 * @throws GatewayError `not_found`, `conflict`, `invalid_request` (more than was paid)
 */
export const proposeRefund = async (
  executor: Executor,
  parts: PaymentParts,
  proposal: RefundProposal,
): Promise<void> => {
  const { tenant, sealer, adapters } = parts;
  const { boundary, id, amount, reason, actor } = proposal;
  const payment = await lockPayment(executor, tenant, id, boundary);
  if (payment === null) throw new GatewayError("not_found");
  const { state, platform, reference } = payment;
  if (!mayBecome(state, "refund-requested")) throw wrongState(state);
  if (amount > Number(payment.amount)) {
    const errors = [{ field: "amount", code: "out_of_range", message: FIELD_ERRORS.out_of_range }];
    throw new GatewayError("invalid_request", { errors });
  }
  const byPlatform = adapters.get(platform)?.payments?.refund !== undefined;
  const requestId = crypto.randomUUID().replaceAll("-", "");
  await executor.execute(
    sql`insert into payment_refunds (tenant, payment_id, n, amount, reason, by_platform, request_id, proposed_by, from_state)
        select ${tenant}, ${id}, 1 + count(*), ${amount}, ${sealer.seal(reason, paymentContext(tenant, id))}, ${byPlatform},
               ${requestId}, ${actor.actor}, ${state}
        from payment_refunds where tenant = ${tenant} and payment_id = ${id}`,
  );
  const to = "refund-requested";
  await writeState(executor, tenant, id, { state: to });
  const { correlationId } = actor;
  const about = { paymentId: id, reference, correlationId, source: "caller", from: state, to } as const;
  await appendEvent(executor, tenant, { ...about, kind: "refund-proposed", detail: { amount, by: actor.actor } });
  await recordAct(executor, tenant, { ...actor, action: "payment.refund", subject: id, detail: { amount } });
};
