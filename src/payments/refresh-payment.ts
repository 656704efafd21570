import { GatewayError } from "../../contracts/errors.ts";
import type { PaymentView } from "../../contracts/services/payments.ts";
import type { Caller } from "../caller.ts";
import type { Database } from "../database/database.ts";
import { errorOfFault } from "../look-ups/error-of-fault.ts";
import type { CallsOf } from "../look-ups/open-look-ups.ts";
import type { PaymentParts } from "./payment-parts.ts";
import { readPayment, readTransactions } from "./payment-row.ts";
import { askedAs, takeReply } from "./query-transaction.ts";

/** Of many tries the newest are asked about at once; the others are asked about by themselves. */
const MOST = 3;

/**
 * Asks the platform now what became of a payment (api section 6).
 *
 * @throws GatewayError `not_found`, `not_configured`, `upstream_*`
 */
export const refreshPayment = async (
  database: Database,
  parts: PaymentParts,
  { callsOf, told }: { readonly callsOf: CallsOf; readonly told: () => void },
  { caller, id }: { readonly caller: Caller; readonly id: string },
): Promise<PaymentView> => {
  const { tenant } = parts;
  const payment = await readPayment(database, parts, caller.agency, id);
  if (payment === null) throw new GatewayError("not_found");
  const { platform } = payment;
  const calls = callsOf(platform);
  const query = calls?.adapter.payments?.query;
  if (calls === undefined || query === undefined) throw new GatewayError("not_configured", { retryAfterSeconds: 60 });
  const open = (await readTransactions(database, tenant, id)).filter(({ state }) => state !== "paid").slice(-MOST);
  const { correlationId } = caller;
  for (const transaction of open) {
    const { reference } = transaction;
    const signal = new AbortController().signal;
    const reply = await calls.ask({ correlationId, signal }, (call) => query(askedAs(transaction), call));
    if (!reply.ok) throw errorOfFault(reply.fault);
    const replied = { paymentId: id, platform, reference, status: reply.value, correlationId };
    const taken = await database.transaction((executor) => takeReply(executor, parts, replied));
    if (taken?.told === true) told();
  }
  return (await readPayment(database, parts, caller.agency, id)) ?? payment;
};
