import type { AnswerEnvelope } from "../../contracts/platforms/national-portal/wire.ts";
import { REFUSALS, type Refusal, type RefusalKey, refusalMessage } from "./refusals.ts";

/** An answer before it is put on the wire. */
export interface Answer {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly session?: string;
  readonly result?: unknown;
  /** In the place of all else: a file. */
  readonly bytes?: () => ReadableStream<Uint8Array>;
  /** `ok`, or the refusal rule that spoke. */
  readonly outcome: "ok" | RefusalKey;
}

/** How answers are written; clients have met every one of these forms (np 1.1, 2.4). */
export interface AnswerStyle {
  /** `text` "0" (default), `number` 0, `two-zeros` "00". */
  readonly errorCode?: "text" | "number" | "two-zeros";
  /** Case of every key in the answer; default as documented. */
  readonly keyCase?: "lower" | "upper";
  /** `error_code` of the answer "đã tồn tại"; default "-3". */
  readonly existsCode?: string;
}

/** A call that the portal took. */
export const accepted = (message: string, more: Pick<Answer, "session" | "result" | "bytes"> = {}): Answer => ({
  status: 200,
  code: "0",
  message,
  outcome: "ok",
  ...more,
});

/** A call that the portal refused. */
export const refused = (refusal: Refusal): Answer => {
  const { status, code } = REFUSALS[refusal.refused];
  return { status, code, message: refusalMessage(refusal), outcome: refusal.refused };
};

const recased = (value: unknown, change: (key: string) => string): unknown => {
  if (Array.isArray(value)) return value.map((item) => recased(item, change));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [change(key), recased(inner, change)]));
};

const errorCode = (answer: Answer, style: AnswerStyle): string | number => {
  const code = answer.outcome === "exists" ? (style.existsCode ?? answer.code) : answer.code;
  if (style.errorCode === "number") return Number(code);
  return style.errorCode === "two-zeros" && code === "0" ? "00" : code;
};

/** The JSON text of an answer: `error_code`, `message`, then `session` or `result` where the answer has one (np 1.1). */
export const answerText = (answer: Answer, style: AnswerStyle): string => {
  const { session, result, message } = answer;
  const envelope: AnswerEnvelope = {
    error_code: errorCode(answer, style),
    message,
    ...(session !== undefined && { session }),
    result,
  };
  if (style.keyCase === undefined) return JSON.stringify(envelope);
  const upper = style.keyCase === "upper";
  return JSON.stringify(recased(envelope, (key) => (upper ? key.toUpperCase() : key.toLowerCase())));
};
