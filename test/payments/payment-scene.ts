import type { CallbackVerdict, DecisiveField, PaymentEvent, PaymentPlatformId } from "../../contracts/payments.ts";
import type { PaymentView } from "../../contracts/services/payments.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { openInbox } from "../../src/inbox/open-inbox.ts";
import { openPayments } from "../../src/payments/open-payments.ts";
import { createSealer } from "../../src/security/sealing.ts";
import { dossierBody, type SceneOptions } from "../gateway-scene.ts";
import { codeOf, openApiScene } from "../http/api-scene.ts";
import { createFakePlatform, fakeCallbacks } from "./fake-platform.ts";

/** The dossier of every scene, of the department `industry`. */
export const DOSSIER = codeOf(1);

/** A payment that every check passes. */
export const paymentBody = (parts: Readonly<Record<string, unknown>> = {}) => ({
  dossierCode: DOSSIER,
  platform: "vnpay",
  amount: 150_000,
  lines: [
    { kind: "fee", code: "2", name: "Phí thẩm định", amount: 100_000 },
    { kind: "charge", code: "3", name: "Lệ phí", amount: 50_000 },
  ],
  payer: { name: "Trần Thị Ví Dụ", identity: "001199000001" },
  payerIp: "203.0.113.10",
  returnUrl: "http://127.0.0.1:8080/payments/return/vnpay",
  content: "Nộp phí hồ sơ",
  ...parts,
});

const CLIENTS = [
  { id: "province", secret: "province-secret", scopes: ["*"], agency: "000.00.00.H04" },
  {
    id: "industry",
    secret: "industry-secret",
    scopes: ["*"],
    agency: "000.00.15.H04",
    returnOrigins: ["https://motcua.example"],
  },
  { id: "health", secret: "health-secret", scopes: ["*"], agency: "H04.16" },
  {
    id: "approver",
    secret: "approver-secret",
    scopes: ["ledger:approve", "payments:refund", "payments:read"],
    agency: "H04",
  },
  { id: "reader", secret: "reader-secret", scopes: ["payments:read"], agency: "H04" },
];

/** A gateway before payment platforms that do what a test says. */
export const openPaymentScene = async (options: SceneOptions = {}) => {
  const vnpay = createFakePlatform("vnpay", { refunds: true });
  const portal = createFakePlatform("payment-platform", { needsBeneficiary: true, receipts: true });
  const keypay = createFakePlatform("keypay", { needsBeneficiary: true });
  const fakes = [vnpay, portal, keypay];
  const adapters = fakes.map(({ adapter }) => adapter);
  const scene = await openApiScene({ clients: CLIENTS, adapters, ...options });
  const { config, keys, database, deployment } = scene;
  const tenant = config.provinceCode;
  const sealer = createSealer(keys.ledger);
  const now = options.now ?? (() => new Date());
  const inboxParts = { tenant, agencyCode: config.agencyCode, sealer, now, elapsed: () => performance.now() };
  const inbox = openInbox({ ...inboxParts, always: [], allowPrivate: true });

  /** As the deployment has it, but for how the platforms' calls are read. */
  const paymentsWith = (signed?: ReadonlySet<DecisiveField>) =>
    openPayments({
      ...{ config, keys: keys.ledger, inbox, tenant, agencyCode: config.agencyCode, sealer, now, random: () => 0 },
      adapters: deployment.adapters,
      callbacksOf: () => fakeCallbacks(signed),
    });

  const put = await scene.call("PUT", `/v1/dossiers/${DOSSIER}?known=true`, dossierBody(), { client: "industry" });
  if (put.status !== 202) throw new Error(`the dossier: ${put.status} ${put.text}`);

  const create = async (parts: Readonly<Record<string, unknown>> = {}, client = "industry"): Promise<PaymentView> => {
    const answer = await scene.call<PaymentView>("POST", "/v1/payments", paymentBody(parts), { client });
    if (answer.status !== 201) throw new Error(`no payment: ${answer.status} ${answer.text}`);
    return answer.body;
  };

  const read = async (id: string): Promise<PaymentView> =>
    (await scene.call<PaymentView>("GET", `/v1/payments/${id}`)).body;

  /** A platform reports; what is not said is right. */
  const report = async (
    payment: { readonly reference: string; readonly platform?: PaymentPlatformId },
    told: Partial<PaymentEvent> & { forged?: boolean } = {},
    signed?: ReadonlySet<DecisiveField>,
  ): Promise<CallbackVerdict> => {
    const desk = paymentsWith(signed).desk(
      database,
      () => undefined,
      () => undefined,
    ).payments;
    const event = { reference: payment.reference, amount: 150_000, transactionId: "T1", ...told };
    const request = { method: "POST", query: "", contentType: "application/json", body: JSON.stringify(event) };
    const received = await desk.receive(payment.platform ?? "vnpay", request, "test");
    return (JSON.parse(received?.answer.body ?? "{}") as { verdict: CallbackVerdict }).verdict;
  };

  const events = async (id: string) =>
    rows<{ kind: string; from_state: string | null; to_state: string | null; detail: Record<string, unknown> }>(
      database,
      sql`select kind, from_state, to_state, detail from payment_events where payment_id = ${id} order by id`,
    );

  const told = async () => {
    const page = await scene.call<{ items: { type: string; data: Record<string, unknown> }[] }>(
      "GET",
      "/v1/inbox?after=0",
    );
    return page.body.items;
  };

  return { ...scene, tenant, vnpay, portal, keypay, create, read, report, events, told, paymentsWith };
};

/** A gateway with payments. */
export type PaymentScene = Awaited<ReturnType<typeof openPaymentScene>>;
