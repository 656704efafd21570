import type { Fault, HttpAnswer, Reading } from "../../contracts/adapter.ts";

const retryAfter = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,9}$/u.test(text.trim()) ? Number(text) : undefined;

const fault = ({ status, headers }: HttpAnswer, parts: Pick<Fault, "outcome" | "code">): Reading<never> => {
  const waits = status === 429 || status === 503 ? retryAfter(headers["retry-after"]) : undefined;
  return {
    ok: false,
    fault: {
      ...parts,
      platformCode: String(status),
      // The receiver's own words stay in the evidence: they may be anything.
      message: `HTTP ${status}`,
      ...(waits !== undefined && { retryAfterSeconds: waits }),
    },
  };
};

/**
 * What a receiver's answer means: the status alone decides, whatever the body says (Standard Webhooks).
 *
 * - 2xx: delivered;
 * - 410: it wants no more, final;
 * - 408 and 5xx: it may have taken the event, and gets it again with the same id;
 * - all else, redirects too, which are not followed: not taken, tried again.
 */
export const readAnswer = (answer: HttpAnswer): Reading<null> => {
  const { status } = answer;
  if (status >= 200 && status < 300) return { ok: true, value: null };
  if (status === 410) return fault(answer, { outcome: "refused", code: "gone" });
  if (status === 408 || status === 504) return fault(answer, { outcome: "unknown", code: "upstream_timeout" });
  if (status >= 500) return fault(answer, { outcome: "unknown", code: "upstream_unavailable" });
  const code = status === 429 ? "upstream_unavailable" : "upstream_rejected";
  return fault(answer, { outcome: "transient", code });
};

/** The webhook was deleted after the event was queued for it. */
export const DELETED: Fault = { outcome: "refused", code: "gone", message: "The webhook was deleted." };

/** The address was allowed when the webhook was registered and is not any more. */
export const addressRefused = (why: string): Fault => ({
  outcome: "refused",
  code: "invalid_request",
  message: `The address may not be called: ${why}.`,
});
