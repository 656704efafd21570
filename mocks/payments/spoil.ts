import type { PaymentDial, PaymentRule } from "./dial.ts";

/** An answer of JSON. */
export const json = (value: unknown, status = 200): Response =>
  new Response(JSON.stringify(value), { status, headers: { "content-type": "application/json; charset=utf-8" } });

const HTML = "<!doctype html><html><body><h1>Hệ thống đang bảo trì</h1></body></html>";

const spoil = async (rule: PaymentRule, right: Response): Promise<Response | undefined> => {
  switch (rule.fault) {
    case "http-status": {
      const after = rule.retryAfterSeconds;
      const headers = { ...(after !== undefined && { "retry-after": String(after) }) };
      return new Response(`HTTP ${rule.status}`, { status: rule.status, headers });
    }
    case "html":
      return new Response(HTML, { headers: { "content-type": "text/html; charset=utf-8" } });
    case "empty":
      return new Response("", { headers: { "content-type": "application/json" } });
    case "truncated": {
      const text = await right.text();
      const headers = { "content-type": right.headers.get("content-type") ?? "" };
      return new Response(text.slice(0, Math.ceil(text.length / 2)), { headers });
    }
    case "close":
      return Response.error();
    default:
      return undefined;
  }
};

/** The rules of one call with what they do to its answer. */
export interface Meeting {
  readonly rules: readonly PaymentRule[];
  readonly refusal: Extract<PaymentRule, { fault: "refusal" }> | undefined;
}

/** Lets one call meet the rules of its operation: waits, answers, and spoils the answer. */
export const meet = async (
  dial: PaymentDial,
  operation: string,
  { wait, answer }: { wait: (ms: number) => Promise<void>; answer: (meeting: Meeting) => Promise<Response> },
): Promise<Response> => {
  const rules = dial.acting(operation);
  for (const rule of rules) if (rule.fault === "latency") await wait(rule.ms);
  const refusal = rules.find((rule) => rule.fault === "refusal");
  const right = await answer({ rules, refusal });
  for (const rule of rules) {
    const spoilt = await spoil(rule, right);
    if (spoilt !== undefined) return spoilt;
  }
  return right;
};
