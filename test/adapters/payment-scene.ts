import { adapters } from "../../adapters/index.ts";
import type { Adapter, CallContext, HttpRequest, PlatformId, Settings, Transport } from "../../contracts/adapter.ts";
import type {
  CallbackRequest,
  PaymentCallbacks,
  PaymentEvent,
  PaymentGateway,
  PaymentOrder,
  PaymentTransaction,
  RefusedCallback,
} from "../../contracts/payments.ts";
import type { PaymentSimulatorOptions } from "../../mocks/payments/options.ts";
import type { SimulatedPayments } from "../../mocks/payments/simulated-payments.ts";
import { serve } from "../../mocks/server.ts";
import { createAttemptRecorder } from "../../src/ledger/attempt-recorder.ts";
import { withDeadline } from "../../src/resilience/deadline.ts";
import { createNodeTransport } from "../../src/runtime/node-transport.ts";
import { handClock, memoryCache } from "./call-context.ts";

type Fails = { readonly ok: false; readonly fault: import("../../contracts/adapter.ts").Fault };

/** An order of 150,000 VND; `change` replaces parts of it. */
export const anOrder = (change: Partial<PaymentOrder> = {}): PaymentOrder => ({
  reference: "H38240819000120001",
  amount: 150_000,
  lines: [
    { kind: "fee", code: "2", name: "Phí mẫu", amount: 100_000 },
    { kind: "charge", code: "2", name: "Lệ phí mẫu", amount: 50_000 },
  ],
  createdAt: new Date("2026-11-20T02:15:00Z"),
  payerIp: "203.0.113.10",
  payer: { name: "Nguyễn Văn Mẫu", identity: "038000000001" },
  returnUrl: "https://dvc.tinhmau.example/vnpay/return?kenh=web",
  content: "Thanh toán hồ sơ H38.2408-19-00012",
  dossierCode: "H38.2408-19-00012",
  procedure: { code: "1.001193", name: "Thủ tục mẫu" },
  agency: { code: "000.00.19.H38", name: "Đơn vị mẫu" },
  beneficiary: { account: "0011000123456", bank: "970436", name: "DON VI MAU" },
  ...change,
});

/** The same as a transaction that was created. */
export const transactionOf = ({ reference, createdAt, amount }: PaymentOrder): PaymentTransaction => ({
  ...{ reference, createdAt, amount },
});

const definitionOf = (platform: PlatformId) => {
  const definition = adapters.find((each) => each.platform === platform);
  if (definition === undefined) throw new Error(`no adapter for ${platform}`);
  return definition;
};

/** The adapter with settings; refused ones fail the test. */
export const openPayments = (platform: PlatformId, settings: Settings): Adapter => {
  const definition = definitionOf(platform);
  const reading = definition.readConfig(settings);
  if (reading.kind !== "configured") throw new Error(`settings are ${JSON.stringify(reading)}`);
  return definition.create(reading.config);
};

/** What settings are faulty about. */
export const faultsOf = (platform: PlatformId, settings: Settings): readonly string[] => {
  const reading = definitionOf(platform).readConfig(settings);
  return reading.kind === "faulty" ? reading.faults : [reading.kind];
};

/** How reports are read with settings. */
export const callbacksOf = (platform: PlatformId, settings: Settings): PaymentCallbacks => {
  const open = definitionOf(platform).callbacks;
  if (open === undefined) throw new Error(`${platform} reports nothing`);
  return open(settings);
};

/** A report by POST. */
export const posted = (body: unknown, contentType = "application/json"): CallbackRequest => ({
  method: "POST",
  query: "",
  contentType,
  body: typeof body === "string" ? body : JSON.stringify(body),
});

/** A platform before its simulator, over real HTTP and the gateway's own transport, with a province that takes reports. */
export interface PaymentScene {
  readonly simulator: SimulatedPayments;
  readonly clock: ReturnType<typeof handClock>;
  readonly url: string;
  readonly settings: Settings;
  readonly payments: PaymentGateway<CallContext, Fails>;
  readonly callbacks: PaymentCallbacks;
  /** What the province read of each report, in the order it came; it answers as the gateway would to an order it knows. */
  readonly events: (PaymentEvent | RefusedCallback)[];
  /** Requests of the adapter, in their order. */
  readonly requests: HttpRequest[];
  /** The bodies that would be kept. */
  evidence(): string;
  call(timeoutMs?: number): CallContext;
  control(path: string, body: unknown): Promise<Response>;
  refuse(on: boolean): Promise<void>;
  close(): Promise<void>;
}

/** Opens one. */
export const openPaymentScene = async (
  platform: PlatformId,
  parts: {
    readonly create: (options: PaymentSimulatorOptions) => SimulatedPayments;
    readonly settings: (url: string) => Settings;
    readonly change?: Settings;
  },
): Promise<PaymentScene> => {
  const clock = handClock();
  const events: (PaymentEvent | RefusedCallback)[] = [];
  const place: { callbacks?: PaymentCallbacks } = {};
  const province = await serve({
    fetch: async (request) => {
      const { callbacks } = place;
      if (callbacks === undefined) throw new Error("not yet");
      const reading = await callbacks.read({
        method: request.method,
        query: new URL(request.url).search.slice(1),
        contentType: request.headers.get("content-type") ?? "",
        body: await request.text(),
      });
      events.push(reading);
      const answer = callbacks.answer(reading.kind === "event" ? "recorded" : reading.why, reading.echo);
      return new Response(answer.body, { status: answer.status, headers: { "content-type": answer.contentType } });
    },
  });
  const simulator = parts.create({
    now: clock.now,
    notifyUrl: `${province.url}/callbacks`,
    wait: async () => undefined,
  });
  const served = await serve(simulator.app);
  const settings = { ...parts.settings(served.url), ...parts.change };
  place.callbacks = callbacksOf(platform, settings);
  const { payments } = openPayments(platform, settings);
  if (payments === undefined) throw new Error("takes no payments");
  const { transport, close } = createNodeTransport({ connections: 4, connectTimeoutMs: 5000 });
  const requests: HttpRequest[] = [];
  const noted: Transport = (request, options) => {
    requests.push(request);
    return transport(request, options);
  };
  const recorders: ReturnType<typeof createAttemptRecorder>[] = [];
  return {
    ...{ simulator, clock, url: served.url, settings, payments, callbacks: place.callbacks, events, requests },
    evidence: () => JSON.stringify(recorders.flatMap(({ records }) => records)),
    call: (timeoutMs = 10_000) => {
      const signal = new AbortController().signal;
      const recorder = createAttemptRecorder({ transport: withDeadline(noted, timeoutMs), now: clock.now, signal });
      recorders.push(recorder);
      return { correlationId: "c-1", now: clock.now, cache: memoryCache(clock.now), attempt: recorder.attempt };
    },
    control: (path, body) =>
      fetch(`${served.url}/__simulator/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    refuse: served.refuse,
    close: async () => {
      await close();
      await served.close();
      await province.close();
    },
  };
};
