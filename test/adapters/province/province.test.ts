import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { province } from "../../../adapters/province/adapter.ts";
import type {
  CallContext,
  HttpAnswer,
  Message,
  Reading,
  WebhookEndpoint,
  WireCall,
} from "../../../contracts/adapter.ts";
import type { Event } from "../../../contracts/services/inbox.ts";

const EVENT: Event = {
  id: `evt_${"a".repeat(32)}`,
  type: "exchange.failed",
  occurredAt: "2026-11-20T02:00:00.000Z",
  subject: "H04.15-261120-0001",
  agency: "H04.15",
  data: { note: "Đã nhận — “trích yếu” \u2028", n: 1 },
};
const SECRETS = [`whsec_${btoa("n".repeat(32))}`, `whsec_${btoa("o".repeat(32))}`];
const MESSAGE: Message = { operation: "webhook.deliver", webhookId: "wh_1", event: EVENT };

const adapterOf = (allowPrivate = false) => province.create({ allowPrivate });

/** Performs one delivery against an answer, and gives what was sent beside the outcome. */
const deliver = async (
  answer: Partial<HttpAnswer>,
  endpoint: WebhookEndpoint | null = { url: "https://example.vn/hook", secrets: SECRETS },
  allowPrivate = false,
) => {
  const calls: WireCall<unknown>[] = [];
  const context: CallContext = {
    correlationId: "c-1",
    now: () => new Date(),
    cache: { get: async () => null, put: async () => undefined },
    endpoint: async () => endpoint,
    attempt: async <T>(call: WireCall<T>): Promise<Reading<T>> => {
      calls.push(call);
      return call.read({ status: 200, headers: {}, body: "", overlong: false, ...answer });
    },
  };
  const outcome = await adapterOf(allowPrivate).perform(MESSAGE, context);
  return { outcome, calls };
};

test("each secret signs, and the reference library verifies the very bytes that are sent", async () => {
  const { outcome, calls } = await deliver({ status: 204 });
  expect(outcome).toEqual({ delivered: true });
  const request = calls[0]?.request ?? expect.fail("nothing was sent");
  expect(request).toMatchObject({ method: "POST", url: "https://example.vn/hook" });
  expect(request.headers["webhook-id"]).toBe(EVENT.id);
  expect(request.headers["webhook-signature"]?.split(" ")).toHaveLength(2);
  for (const secret of SECRETS) {
    expect(new Webhook(secret).verify(request.body ?? "", { ...request.headers })).toEqual(EVENT);
  }
  expect(() =>
    new Webhook(`whsec_${btoa("z".repeat(32))}`).verify(request.body ?? "", { ...request.headers }),
  ).toThrow();
  expect(calls[0]?.evidence).toBe(request.body);
  expect(JSON.stringify(calls[0]?.evidence)).not.toContain("v1,");
});

test.each([
  [200, undefined],
  [202, undefined],
  [299, undefined],
  [199, "transient upstream_rejected"],
  [301, "transient upstream_rejected"],
  [302, "transient upstream_rejected"],
  [307, "transient upstream_rejected"],
  [400, "transient upstream_rejected"],
  [401, "transient upstream_rejected"],
  [404, "transient upstream_rejected"],
  [408, "unknown upstream_timeout"],
  [410, "refused gone"],
  [429, "transient upstream_unavailable"],
  [500, "unknown upstream_unavailable"],
  [503, "unknown upstream_unavailable"],
  [504, "unknown upstream_timeout"],
])("an answer of %i means: %s", async (status, meaning) => {
  const { outcome } = await deliver({ status, body: "{{{ not read" });
  const said = outcome.delivered ? undefined : `${outcome.fault.outcome} ${outcome.fault.code}`;
  expect(said).toBe(meaning);
  if (!outcome.delivered) {
    expect(outcome.fault).toMatchObject({ platformCode: String(status), message: `HTTP ${status}` });
  }
});

test("Retry-After is heard with 429 and 503 alone, and only in seconds", async () => {
  const waits = async (status: number, value: string) => {
    const { outcome } = await deliver({ status, headers: { "retry-after": value } });
    return outcome.delivered ? undefined : outcome.fault.retryAfterSeconds;
  };
  expect([await waits(429, "7"), await waits(503, " 9 "), await waits(500, "7")]).toEqual([7, 9, undefined]);
  expect([await waits(429, "soon"), await waits(429, "-1"), await waits(429, "1e9")]).toEqual(Array(3).fill(undefined));
});

test("nothing is sent for a deleted webhook, nor to an address that is not allowed", async () => {
  const gone = await deliver({}, null);
  expect(gone.outcome).toMatchObject({ fault: { outcome: "refused", code: "gone" } });
  const inside = { url: "https://10.0.0.1/hook", secrets: SECRETS };
  const refused = await deliver({}, inside);
  expect(refused.outcome).toMatchObject({ fault: { outcome: "refused", code: "invalid_request" } });
  expect([...gone.calls, ...refused.calls]).toEqual([]);
  expect((await deliver({}, inside, true)).outcome).toEqual({ delivered: true });
});

test("what a receiver answers is kept short", async () => {
  const { calls } = await deliver({});
  expect(calls[0]?.answerEvidence?.("x".repeat(100_000))).toHaveLength(1000);
});

test("other operations are refused, and a preview shows the body that would be sent", async () => {
  const step = { operation: "dossier.step" } as Message;
  expect(await adapterOf().perform(step, {} as CallContext)).toMatchObject({ fault: { outcome: "refused" } });
  const cache = { get: async () => null, put: async () => undefined };
  expect(await adapterOf().preview?.(MESSAGE, cache)).toEqual({ ok: true, value: JSON.stringify(EVENT) });
  expect(await adapterOf().preview?.(step, cache)).toMatchObject({ ok: false });
});
