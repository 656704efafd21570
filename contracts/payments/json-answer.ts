import type { AttemptKind, Fault, HttpAnswer, Reading } from "../adapter.ts";
import type { ErrorCode } from "../errors.ts";
import { readWireRow, type WireRow } from "./wire-rows.ts";

/** A platform's words longer than this are cut. */
const LONGEST_WORDS = 500;

/** Whether an attempt could have an effect at the platform although its answer went wrong. */
export type Effect = Extract<AttemptKind, "send" | "read">;

const failed = (fault: Fault): Reading<never> => ({ ok: false, fault });

const lost = (effect: Effect): Fault["outcome"] => (effect === "send" ? "unknown" : "transient");

/** An answer that cannot be read: of a message that may have taken effect, nobody knows whether it did. */
export const malformed = (effect: Effect, message: string): Reading<never> =>
  failed({ outcome: lost(effect), code: "upstream_malformed", message });

/** A readable no, by the platform's own code. */
export const rejected = (platformCode: string, words: string): Reading<never> =>
  failed({
    outcome: "refused",
    code: "upstream_rejected",
    platformCode,
    message: words.slice(0, LONGEST_WORDS) || `The platform refused with ${platformCode}`,
  });

/** What could never be sent. Nothing was. */
export const refusedHere = (message: string): Reading<never> =>
  failed({ outcome: "refused", code: "invalid_request", message });

/** Seconds to wait from `Retry-After`, given as seconds or as an HTTP date. */
const retryAfter = ({ headers }: HttpAnswer, now: Date): Pick<Fault, "retryAfterSeconds"> => {
  const text = headers["retry-after"]?.trim() ?? "";
  if (/^\d{1,9}$/u.test(text)) return { retryAfterSeconds: Number(text) };
  // Date.parse alone would take "-5" for a month.
  const moment = /^[a-z]+,? .*\d\d:\d\d:\d\d/iu.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(moment) ? {} : { retryAfterSeconds: Math.max(0, Math.ceil((moment - now.getTime()) / 1000)) };
};

const statusFault = (answer: HttpAnswer, effect: Effect, now: Date): Reading<never> | undefined => {
  const { status } = answer;
  const platformCode = String(status);
  const message = `HTTP ${status}`;
  const outcome = lost(effect);
  if (status === 408 || status === 504) return failed({ outcome, code: "upstream_timeout", platformCode, message });
  if (status === 429 || status >= 500) {
    const code: ErrorCode = "upstream_unavailable";
    // A limit is said before anything is done.
    const ended = status === 429 ? "transient" : outcome;
    return failed({ outcome: ended, code, platformCode, message, ...retryAfter(answer, now) });
  }
  if (status === 401 || status === 403) return rejected(platformCode, "The platform does not let this client in");
  return undefined;
};

/**
 * Reads an answer as a JSON object with its numbers as text. 408 and 504 are `upstream_timeout`, 429 and 5xx
 * `upstream_unavailable`, 401 and 403 a refusal; what is over-long, no JSON object or of another status than 2xx is
 * `upstream_malformed`. The outcome of a `send` that went wrong is unknown.
 */
export const readJsonAnswer = (answer: HttpAnswer, effect: Effect, now: Date): Reading<WireRow> => {
  const bad = statusFault(answer, effect, now);
  if (bad !== undefined) return bad;
  if (answer.overlong) return malformed(effect, "The answer is too long");
  if (answer.status < 200 || answer.status > 299) return malformed(effect, `HTTP ${answer.status} without a reason`);
  const row = readWireRow(answer.body);
  return row === undefined ? malformed(effect, "The answer is no JSON object") : { ok: true, value: row };
};
