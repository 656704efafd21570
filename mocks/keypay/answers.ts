import type { Context } from "hono";
import {
  type CreateAnswer,
  type DetailAnswer,
  NO_ERROR,
  PAID,
  PAY,
  type RefundAnswer,
  SIGNED,
  signedText,
  VERSION,
} from "../../contracts/platforms/keypay/wire.ts";
import { hmac, stamp } from "../payments/digests.ts";
import { textsOf } from "../payments/simulated-payments.ts";
import { json } from "../payments/spoil.ts";
import type { Held, Till } from "../payments/till.ts";
import { KEYPAY_DEFAULTS as KNOWN, OWN_CODES } from "./settings.ts";

/** What KeyPay answers from. */
export interface Parts {
  readonly till: Till;
  readonly now: () => Date;
}

type Fields = Readonly<Record<string, string>>;

/** `check_sum` of a message. */
export const sumOf = (message: keyof typeof SIGNED, fields: Fields, key: string): Promise<string> =>
  hmac("SHA-256", key, signedText(SIGNED[message].map((name) => fields[name] ?? "")));

/** A readable no. */
export const no = (error: string, msg: string): Response => json({ error, msg });

/** `status` of a transaction. */
export const statusOf = ({ state }: Held): string => {
  if (state === "paid") return PAID;
  return state === "failed" ? OWN_CODES.failed : OWN_CODES.pending;
};

/** The fields of a call that is rightly signed by our client, or the refusal of it. */
const signed = async (
  c: Context,
  message: keyof typeof SIGNED,
): Promise<{ fields: Fields; whole: object } | Response> => {
  const whole: unknown = await c.req.json<unknown>().catch(() => undefined);
  const fields = textsOf(whole);
  if (fields === undefined) return no(OWN_CODES.error, "no JSON object");
  if (fields["client_id"] !== KNOWN.clientId) return no(OWN_CODES.error, "client_id");
  if (fields["check_sum"] !== (await sumOf(message, fields, KNOWN.key1))) return no(OWN_CODES.error, "check_sum");
  return { fields, whole: whole as object };
};

const faultOfCreate = (fields: Fields, whole: Readonly<Record<string, unknown>>): string | undefined => {
  if (!/^[\dA-Za-z]{1,20}$/u.test(fields["transaction_id"] ?? "")) return "transaction_id";
  if (!/^[1-9]\d{0,14}$/u.test(fields["trans_amount"] ?? "")) return "trans_amount";
  if (fields["command"] !== PAY || fields["version"] !== VERSION) return "command, version";
  return typeof whole["bill_info"] === "object" ? undefined : "bill_info";
};

/** The answer to a payment's creation. */
export const answerCreate = async ({ till, now }: Parts, c: Context): Promise<Response> => {
  const read = await signed(c, "create");
  if (read instanceof Response) return read;
  const { fields, whole } = read;
  const reference = fields["transaction_id"] ?? "";
  const sent = whole as Readonly<Record<string, unknown>>;
  const fault = faultOfCreate(fields, sent);
  if (fault !== undefined) return no(OWN_CODES.error, fault);
  const amount = Number(fields["trans_amount"]);
  const returnUrl = fields["return_url"] ?? "";
  if (!till.open({ reference, amount, createdAt: stamp(now()), sent, returnUrl }))
    return no(OWN_CODES.error, "transaction_id was used");
  const payment_url = `${new URL(c.req.url).origin}/pay/${reference}`;
  const answer: CreateAnswer = { error: NO_ERROR, msg: "success", payment_url };
  return json(answer);
};

/** The answer to a detail. */
export const answerDetail = async ({ till }: Parts, c: Context): Promise<Response> => {
  const read = await signed(c, "detail");
  if (read instanceof Response) return read;
  const held = till.all.get(read.fields["transaction_id"] ?? "");
  if (held === undefined) return no(OWN_CODES.notFound, "transaction not found");
  const answer: DetailAnswer = {
    error: NO_ERROR,
    msg: "success",
    transaction_id: held.reference,
    transaction_code: held.transactionNo,
    trans_amount: String(held.amount),
    status: statusOf(held),
    bank_code: "VCB",
  };
  return json(answer);
};

/** The answer to a refund. */
export const answerRefund = async ({ till }: Parts, c: Context): Promise<Response> => {
  const read = await signed(c, "refund");
  if (read instanceof Response) return read;
  const held = till.all.get(read.fields["transaction_id"] ?? "");
  const amount = Number(read.fields["amount"]);
  if (held?.state !== "paid") return no(OWN_CODES.notFound, "no paid transaction");
  if (!Number.isSafeInteger(amount) || amount <= 0 || held.refunded + amount > held.amount)
    return no(OWN_CODES.error, "amount");
  held.refunded += amount;
  const answer: RefundAnswer = {
    error: NO_ERROR,
    msg: "success",
    transaction_refund_code: `RF${held.transactionNo}${held.refunded}`,
  };
  return json(answer);
};
