import { isSignedByOne } from "../../contracts/payments/digests.ts";
import { readWireRow, type WireRow, wireText } from "../../contracts/payments/wire-rows.ts";
import { readVnd } from "../../contracts/payments/wire-values.ts";
import {
  type CallbackAnswer,
  type CallbackRequest,
  type CallbackVerdict,
  type DecisiveField,
  PAYMENT_REFERENCE,
  type PaymentCallbacks,
  type PaymentEvent,
  type RefusedCallback,
} from "../../contracts/payments.ts";
import { type CallbackAck, PAY, SIGNED } from "../../contracts/platforms/keypay/wire.ts";
import type { CallbackConfig } from "./config.ts";
import { checkSumOf, factsIn, outcomeOf } from "./map.ts";

/** Payment section 4, rule 17. */
const LONGEST_BODY = 64 * 1024;

/** What the checksum covers: neither the status nor KeyPay's number (payment section 2.1). */
const COVERED: ReadonlySet<DecisiveField> = new Set(["reference", "amount", "partner"]);

const refuse = (why: RefusedCallback["why"], detail: string): RefusedCallback => ({
  ...{ kind: "refused", why, detail, echo: {} },
});

/** A form is a row too; a name that stands twice makes none. */
const readForm = (body: string): WireRow | undefined => {
  const entries = [...new URLSearchParams(body)];
  const row: WireRow = Object.fromEntries(entries);
  return Object.keys(row).length === entries.length ? row : undefined;
};

/** The one client read changed several times between form and JSON: either comes (payment section 4, rule 17). */
const readRow = ({ body, contentType }: CallbackRequest): WireRow | undefined =>
  /^application\/x-www-form-urlencoded\b/iu.test(contentType) && !body.trimStart().startsWith("{")
    ? readForm(body)
    : readWireRow(body);

const toEvent = (row: WireRow, config: CallbackConfig): PaymentEvent | RefusedCallback => {
  if (wireText(row, "command") !== PAY) return refuse("unreadable", "It is about no payment");
  const reference = wireText(row, "transaction_id");
  if (reference === "") return refuse("unreadable", "transaction_id is missing");
  const amount = readVnd(wireText(row, "trans_amount"));
  if (amount === undefined) return refuse("wrong-amount", "trans_amount is no amount in VND");
  const partner = wireText(row, "client_id");
  const code = wireText(row, "status");
  return {
    ...factsIn(row),
    kind: "event",
    reference,
    outcome: outcomeOf(code, config),
    code,
    amount,
    partner,
    ours: partner === config.clientId,
    signed: COVERED,
    echo: {},
  };
};

const read = async (request: CallbackRequest, config: CallbackConfig): Promise<PaymentEvent | RefusedCallback> => {
  if (config.theirKeys.length === 0) return refuse("not-configured", "No key is configured");
  if (request.body.length > LONGEST_BODY) return refuse("unreadable", "It is longer than 64 KiB");
  const sent = readRow(request);
  if (sent === undefined)
    return refuse("unreadable", "It is neither a JSON object nor a form, or names a member twice");
  // Not named in every list of what comes: it is ours then, or the checksum says otherwise.
  const row: WireRow = wireText(sent, "client_id") === "" ? { ...sent, client_id: config.clientId } : sent;
  const given = wireText(row, "check_sum");
  const isClear = SIGNED.callback.every((name) => !wireText(row, name).includes("|"));
  const digest = (key: string) => checkSumOf("callback", row, key);
  const isTrue = isClear && (await isSignedByOne(given, config.theirKeys, digest));
  return isTrue ? toEvent(row, config) : refuse("bad-signature", "check_sum is not that of the fields");
};

const WORDS: Readonly<Record<CallbackVerdict, string>> = {
  recorded: "Success",
  duplicate: "Success",
  "unknown-reference": "Transaction not found",
  "foreign-partner": "Wrong client",
  "wrong-amount": "Wrong amount",
  "wrong-currency": "Wrong currency",
  "bad-signature": "Wrong check_sum",
  unreadable: "Unreadable",
  "not-configured": "Not configured",
  "not-recorded": "Not recorded",
};

const TAKEN: ReadonlySet<CallbackVerdict> = new Set(["recorded", "duplicate"]);
/** We could not: KeyPay shall come again. */
const OURS_TO_MEND: ReadonlySet<CallbackVerdict> = new Set(["not-recorded", "not-configured"]);

const answer = (verdict: CallbackVerdict): CallbackAnswer => {
  const ack: CallbackAck = { return_code: TAKEN.has(verdict) ? 0 : -1, return_msg: WORDS[verdict] };
  const status = OURS_TO_MEND.has(verdict) ? 503 : 200;
  return { status, contentType: "application/json; charset=utf-8", body: JSON.stringify(ack) };
};

/** How KeyPay's reports are read and answered (payment section 2.1, api section 7). */
export const openCallbacks = (config: CallbackConfig): PaymentCallbacks => ({
  method: "POST",
  read: (request) => read(request, config),
  answer,
  referenceIn: (query) => {
    const named = new URLSearchParams(query).get("transaction_id") ?? "";
    return PAYMENT_REFERENCE.test(named) ? named : undefined;
  },
});
