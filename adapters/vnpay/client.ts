import type { CallContext, Reading } from "../../contracts/adapter.ts";
import { isSignedByOne } from "../../contracts/payments/digests.ts";
import { type Effect, malformed, readJsonAnswer, rejected } from "../../contracts/payments/json-answer.ts";
import { wireText } from "../../contracts/payments/wire-rows.ts";
import { type ApiMessage, SUCCESS } from "../../contracts/platforms/vnpay/wire.ts";
import type { VnpayConfig } from "./config.ts";
import { apiHash } from "./map.ts";

/** One call to the merchant's API. */
export interface ApiCall {
  readonly url: string;
  readonly body: ApiMessage;
  readonly effect: Effect;
  /** Codes besides 00 that are answers, not refusals. */
  readonly readable: ReadonlySet<string>;
}

/** Some clients take the amount in VND when they sign the answer to a refund: either is taken (payment section 2.3). */
const forms = (fields: ApiMessage): readonly ApiMessage[] => {
  const amount = fields["vnp_Amount"] ?? "";
  return /^\d+00$/u.test(amount) ? [fields, { ...fields, vnp_Amount: amount.slice(0, -2) }] : [fields];
};

const isSigned = async (answer: "querydrAnswer" | "refundAnswer", fields: ApiMessage, { secrets }: VnpayConfig) => {
  const given = fields["vnp_SecureHash"] ?? "";
  for (const form of answer === "refundAnswer" ? forms(fields) : [fields])
    if (await isSignedByOne(given, secrets, (secret) => apiHash(answer, form, secret))) return true;
  return false;
};

/** Makes the call. An answer whose signature is wrong is not believed; a plain refusal need not be signed. */
export const callApi = async (
  { url, body, effect, readable }: ApiCall,
  config: VnpayConfig,
  call: CallContext,
): Promise<Reading<ApiMessage>> => {
  const text = JSON.stringify(body);
  const reading = await call.attempt<ApiMessage>({
    kind: effect,
    request: {
      method: "POST",
      url,
      headers: {
        accept: "application/json",
        "content-type": "application/json",
        "x-correlation-id": call.correlationId,
      },
      body: text,
    },
    evidence: text,
    read: (answer) => {
      const row = readJsonAnswer(answer, effect, call.now());
      if (!row.ok) return row;
      const code = wireText(row.value, "vnp_ResponseCode");
      if (code === "") return malformed(effect, "The answer names no vnp_ResponseCode");
      if (code !== SUCCESS && !readable.has(code)) return rejected(code, wireText(row.value, "vnp_Message"));
      return {
        ok: true,
        value: Object.fromEntries(Object.keys(row.value).map((name) => [name, wireText(row.value, name)])),
      };
    },
  });
  if (!reading.ok) return reading;
  const named = effect === "read" ? "querydrAnswer" : "refundAnswer";
  return (await isSigned(named, reading.value, config))
    ? reading
    : malformed(effect, "The answer's signature is not that of its fields");
};
