import {
  type CallbackAnswer,
  type CallbackRequest,
  type CallbackVerdict,
  type DecisiveField,
  PAYMENT_REFERENCE,
  type PaymentCallbacks,
  type PaymentEvent,
  type PaymentOutcome,
  type RefusedCallback,
} from "../../contracts/payments.ts";
import { type IpnAck, RSP_CODES, SUCCESS, SUSPICIOUS } from "../../contracts/platforms/vnpay/wire.ts";
import type { CallbackConfig } from "./config.ts";
import { factsIn, readAmount } from "./map.ts";
import { readSignedQuery } from "./signed-query.ts";

/** Payment section 4, rule 17. */
const LONGEST_QUERY = 64 * 1024;

/** All that comes is signed; the currency does not come, for there is one. */
const COVERED: ReadonlySet<DecisiveField> = new Set(["reference", "outcome", "amount", "partner", "transactionId"]);

const UNFINISHED = "01";

const refuse = (why: RefusedCallback["why"], detail: string): RefusedCallback => ({
  ...{ kind: "refused", why, detail, echo: {} },
});

/** Paid only if both codes say so (payment section 2.3). */
const outcomeOf = (response: string, transaction: string): PaymentOutcome => {
  if (response === SUSPICIOUS || transaction === SUSPICIOUS) return "pending";
  if (response === SUCCESS && transaction === SUCCESS) return "paid";
  return response === SUCCESS && (transaction === "" || transaction === UNFINISHED) ? "pending" : "failed";
};

const toEvent = (
  values: Readonly<Record<string, string>>,
  { terminal }: CallbackConfig,
): PaymentEvent | RefusedCallback => {
  const text = (name: string) => values[`vnp_${name}`] ?? "";
  const [reference, response, transaction] = [text("TxnRef"), text("ResponseCode"), text("TransactionStatus")];
  if (reference === "" || response === "") return refuse("unreadable", "vnp_TxnRef or vnp_ResponseCode is missing");
  const amount = readAmount(text("Amount"));
  if (amount === undefined) return refuse("wrong-amount", "vnp_Amount is no amount in VND times 100");
  const partner = text("TmnCode");
  const held = response === SUSPICIOUS || transaction === SUSPICIOUS;
  return {
    ...factsIn(values),
    kind: "event",
    reference,
    outcome: outcomeOf(response, transaction),
    code: transaction === "" ? response : `${response}/${transaction}`,
    amount,
    partner,
    ours: partner === terminal,
    ...(held && { held }),
    signed: COVERED,
    echo: {},
  };
};

const read = async (request: CallbackRequest, config: CallbackConfig): Promise<PaymentEvent | RefusedCallback> => {
  if (config.secrets.length === 0) return refuse("not-configured", "No secret is configured");
  if (request.query.length > LONGEST_QUERY) return refuse("unreadable", "It is longer than 64 KiB");
  const query = readSignedQuery(request.query);
  if (query === undefined) return refuse("unreadable", "A name stands twice, or it is not UTF-8");
  const isTrue = await query.isSigned(config.secrets);
  return isTrue ? toEvent(query.values, config) : refuse("bad-signature", "vnp_SecureHash is not that of the query");
};

/** To the letter: VNPay calls again by them (payment section 2.3). */
const ACKS: Readonly<Record<CallbackVerdict, IpnAck>> = {
  recorded: { RspCode: RSP_CODES.recorded, Message: "Confirm Success" },
  duplicate: { RspCode: RSP_CODES.alreadyFinal, Message: "Order already confirmed" },
  "unknown-reference": { RspCode: RSP_CODES.unknownOrder, Message: "Order not found" },
  "foreign-partner": { RspCode: RSP_CODES.unknownOrder, Message: "Order not found" },
  "wrong-amount": { RspCode: RSP_CODES.otherAmount, Message: "Invalid amount" },
  "wrong-currency": { RspCode: RSP_CODES.otherAmount, Message: "Invalid amount" },
  "bad-signature": { RspCode: RSP_CODES.badChecksum, Message: "Invalid Checksum" },
  unreadable: { RspCode: RSP_CODES.otherError, Message: "Unknown error" },
  "not-configured": { RspCode: RSP_CODES.otherError, Message: "Unknown error" },
  "not-recorded": { RspCode: RSP_CODES.otherError, Message: "Unknown error" },
};

/** HTTP 200 even when we could not record (api section 7). */
const answer = (verdict: CallbackVerdict): CallbackAnswer => ({
  status: 200,
  contentType: "application/json; charset=utf-8",
  body: JSON.stringify(ACKS[verdict]),
});

/** How VNPay's notifications are read and answered (payment section 2.3, api section 7). */
export const openCallbacks = (config: CallbackConfig): PaymentCallbacks => ({
  method: "GET",
  read: (request) => read(request, config),
  answer,
  referenceIn: (query) => {
    const named = new URLSearchParams(query).get("vnp_TxnRef") ?? "";
    return PAYMENT_REFERENCE.test(named) ? named : undefined;
  },
});
