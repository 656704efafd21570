import type { Adapter, Fault } from "../../contracts/adapter.ts";
import type {
  CallbackVerdict,
  CreatedPayment,
  DecisiveField,
  PaymentCallbacks,
  PaymentEvent,
  PaymentOrder,
  PaymentPlatformId,
  PaymentReceipt,
  PaymentRefund,
  PaymentStatus,
  RefundStatus,
} from "../../contracts/payments.ts";
import { DECISIVE_FIELDS } from "../../contracts/payments.ts";

/** A fault in the place of an answer. */
export const faulty = (outcome: Fault["outcome"], code: Fault["code"]) =>
  ({ ok: false, fault: { outcome, code, message: "as the test wants it" } }) as const;

type Reply<T> = T | ReturnType<typeof faulty>;
const isFault = (reply: object): reply is ReturnType<typeof faulty> => "ok" in reply && reply.ok === false;
const answered = <T extends object>(reply: Reply<T>) =>
  isFault(reply) ? reply : { ok: true as const, value: reply as T };

/** A platform behind the port that does what a test says. */
export const createFakePlatform = (
  platform: PaymentPlatformId,
  { needsBeneficiary = false, receipts = false, refunds = false } = {},
) => {
  const orders: PaymentOrder[] = [];
  const queries: string[] = [];
  const refunded: PaymentRefund[] = [];
  const script = {
    create: (order: PaymentOrder): Reply<CreatedPayment> => ({ payUrl: `https://pay.example/${order.reference}` }),
    query: (_reference: string): Reply<PaymentStatus> => ({ state: "pending", code: "3" }),
    receipt: (_reference: string): PaymentReceipt | null => null,
    download: async function* (_url: string): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode("%PDF-1.7 linked");
    },
    refund: (_refund: PaymentRefund): Reply<RefundStatus> => ({ state: "refunded", code: "00" }),
  };
  const adapter: Adapter = {
    platform,
    profile: "fake",
    operations: {},
    publicFields: new Set(),
    check: () => [],
    perform: async () => ({ delivered: true }),
    payments: {
      needsBeneficiary,
      create: async (order) => {
        orders.push(order);
        return answered(script.create(order));
      },
      query: async ({ reference }) => {
        queries.push(reference);
        return answered(script.query(reference));
      },
      ...(refunds && {
        refund: async (refund) => {
          refunded.push(refund);
          return answered(script.refund(refund));
        },
      }),
      ...(receipts && {
        receipts: {
          find: async ({ reference }) => ({ ok: true, value: script.receipt(reference) }),
          download: async (url, keep) =>
            (await keep(script.download(url))) ? { ok: true, value: null } : faulty("refused", "payload_too_large"),
        },
      }),
    },
  };
  return { adapter, orders, queries, refunded, script };
};

/** Everything a signature can cover. */
export const ALL_SIGNED: ReadonlySet<DecisiveField> = new Set(DECISIVE_FIELDS);

/** Reads JSON that says by itself whether its signature is right; answers with the verdict. */
export const fakeCallbacks = (signed: ReadonlySet<DecisiveField> = ALL_SIGNED): PaymentCallbacks => ({
  method: "POST",
  read: async ({ body }) => {
    const told = JSON.parse(body) as Partial<PaymentEvent> & { forged?: boolean };
    if (told.forged === true) return { kind: "refused", why: "bad-signature", detail: "forged", echo: {} };
    const event = {
      kind: "event",
      outcome: "paid",
      currency: "VND",
      partner: "P",
      ours: true,
      code: "00",
      signed,
      echo: {},
    };
    return { ...event, ...told } as PaymentEvent;
  },
  answer: (verdict: CallbackVerdict) => ({
    status: 200,
    contentType: "application/json",
    body: JSON.stringify({ verdict }),
  }),
  referenceIn: (query) => new URLSearchParams(query).get("ref") ?? undefined,
});
