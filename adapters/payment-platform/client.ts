import type { CallContext, Reading } from "../../contracts/adapter.ts";
import { type Effect, malformed, readJsonAnswer, rejected } from "../../contracts/payments/json-answer.ts";
import { type WireRow, wireText } from "../../contracts/payments/wire-rows.ts";
import { SUCCESS } from "../../contracts/platforms/payment-platform/wire.ts";
import type { PaymentPlatformConfig } from "./config.ts";
import { unwrapped } from "./map.ts";

/** One message to the platform. */
export interface PlatformMessage {
  readonly url: string;
  readonly body: object;
  readonly effect: Effect;
}

/** Sends a message and gives the inside of an answer whose `MaLoi` is 00; any other code is a refusal. */
export const callPlatform = (
  { url, body, effect }: PlatformMessage,
  { authorization }: PaymentPlatformConfig,
  call: CallContext,
): Promise<Reading<WireRow>> => {
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
        ...(authorization !== undefined && { authorization }),
      },
      body: text,
    },
    evidence: text,
    read: (answer) => {
      const reading = readJsonAnswer(answer, effect, call.now());
      if (!reading.ok) return reading;
      const row = unwrapped(reading.value);
      const code = row === undefined ? "" : wireText(row, "MaLoi");
      if (code !== "")
        return code === SUCCESS ? { ok: true, value: row ?? {} } : rejected(code, wireText(row ?? {}, "MoTaLoi"));
      const axis = wireText(reading.value, "error_code");
      // The axis refuses in its own words, which are no JSON then.
      if (axis !== "" && axis !== "0") return rejected(axis, wireText(reading.value, "message"));
      return malformed(effect, "The answer names no MaLoi");
    },
  });
};
