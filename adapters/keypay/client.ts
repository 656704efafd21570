import type { CallContext, Reading } from "../../contracts/adapter.ts";
import { type Effect, malformed, readJsonAnswer, rejected } from "../../contracts/payments/json-answer.ts";
import { type WireRow, wireText } from "../../contracts/payments/wire-rows.ts";
import { NO_ERROR } from "../../contracts/platforms/keypay/wire.ts";

/** One message to KeyPay. */
export interface KeyPayMessage {
  readonly url: string;
  readonly body: object;
  readonly effect: Effect;
}

/** Sends a message and gives an answer whose `error` is 0; any other is a refusal. */
export const callKeyPay = ({ url, body, effect }: KeyPayMessage, call: CallContext): Promise<Reading<WireRow>> => {
  const text = JSON.stringify(body);
  return call.attempt<WireRow>({
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
      const reading = readJsonAnswer(answer, effect, call.now());
      if (!reading.ok) return reading;
      const code = wireText(reading.value, "error");
      if (code === "") return malformed(effect, "The answer names no error code");
      return code === NO_ERROR ? reading : rejected(code, wireText(reading.value, "msg"));
    },
  });
};
