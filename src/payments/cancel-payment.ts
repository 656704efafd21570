import { GatewayError } from "../../contracts/errors.ts";
import { PAYMENT_TRANSITIONS, type PaymentState, type PaymentView } from "../../contracts/services/payments.ts";
import type { Executor } from "../database/database.ts";
import type { Actor } from "../ledger/ledger-desk.ts";
import { recordAct } from "../security/audit.ts";
import { appendEvent } from "./append-event.ts";
import type { PaymentParts } from "./payment-parts.ts";
import { lockPayment, readPayment } from "./payment-row.ts";
import { writeState } from "./write-settlement.ts";

/** Pure: whether a payment may go from one state to another. */
export const mayBecome = (from: PaymentState, to: PaymentState): boolean =>
  (PAYMENT_TRANSITIONS[from] as readonly PaymentState[]).includes(to);

/** A conflict of a payment with the state that it is in. */
export const wrongState = (state: PaymentState): GatewayError =>
  new GatewayError("conflict", {
    detail: { vi: `Khoản thanh toán đang ở trạng thái ${state}.`, en: `The payment is ${state}.` },
  });

/**
 * Cancels a payment that nobody has paid, in the caller's transaction. Platforms cannot be told: whoever pays all the same is found
 * out (`paid-orphan`).
 *
 * @throws GatewayError `not_found`, `conflict`
 */
export const cancelPayment = async (
  executor: Executor,
  parts: PaymentParts,
  { boundary, id, actor }: { readonly boundary: string; readonly id: string; readonly actor: Actor },
): Promise<PaymentView> => {
  const { tenant } = parts;
  const payment = await lockPayment(executor, tenant, id, boundary);
  if (payment === null) throw new GatewayError("not_found");
  const { state, reference } = payment;
  if (!mayBecome(state, "cancelled")) throw wrongState(state);
  await writeState(executor, tenant, id, { state: "cancelled" });
  const { correlationId } = actor;
  await appendEvent(executor, tenant, {
    ...{ paymentId: id, reference, correlationId },
    ...{ kind: "cancelled", source: "caller", from: state, to: "cancelled" },
  } as const);
  await recordAct(executor, tenant, { ...actor, action: "payment.cancel", subject: id });
  const view = await readPayment(executor, parts, boundary, id);
  if (view === null) throw new GatewayError("not_found");
  return view;
};
