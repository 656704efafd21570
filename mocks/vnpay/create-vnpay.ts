import { type Context, Hono } from "hono";
import { RSP_CODES } from "../../contracts/platforms/vnpay/wire.ts";
import { createPaymentControl } from "../payments/control.ts";
import { createPaymentDial } from "../payments/dial.ts";
import { hmac, stamp } from "../payments/digests.ts";
import { createNotifier, type NotifierParts } from "../payments/notifier.ts";
import { type PaymentSimulatorOptions, withDefaults } from "../payments/options.ts";
import { createPayerPage } from "../payments/payer-page.ts";
import { type SimulatedPayments, textsOf } from "../payments/simulated-payments.ts";
import { json, meet } from "../payments/spoil.ts";
import { type Held, openTill } from "../payments/till.ts";
import { answerApi } from "./api.ts";
import { VNPAY_DEFAULTS as KNOWN, PATHS } from "./settings.ts";
import { signedQuery, sortedQuery } from "./signatures.ts";

type Fields = Readonly<Record<string, string>>;

const CANCELLED = "24";

/** What the payer's browser carries back, and what the notification says: the same parameters. */
const resultOf = (held: Held, amount: number): Fields => ({
  vnp_Amount: String(BigInt(amount) * 100n),
  vnp_BankCode: "NCB",
  vnp_BankTranNo: held.state === "paid" ? `VNP${held.transactionNo}` : "",
  vnp_CardType: "ATM",
  vnp_OrderInfo: String(held.sent["vnp_OrderInfo"] ?? ""),
  vnp_PayDate: held.endedAt,
  vnp_ResponseCode: held.state === "paid" ? "00" : CANCELLED,
  vnp_TmnCode: KNOWN.terminal,
  vnp_TransactionNo: held.transactionNo || "0",
  vnp_TransactionStatus: held.state === "paid" ? "00" : "02",
  vnp_TxnRef: held.reference,
});

const reportOf =
  (place: { readonly notifyUrl: string | undefined }): NotifierParts["report"] =>
  async (held, { misSigned, amount }) => {
    if (place.notifyUrl === undefined) return null;
    const fields = resultOf(held, amount ?? held.amount);
    const query = await signedQuery(fields, misSigned ? "not-the-secret" : KNOWN.secret);
    return { method: "GET", url: `${place.notifyUrl}?${query}` };
  };

/** It comes again after anything else (payment section 2.3). */
const STOPS: ReadonlySet<unknown> = new Set([RSP_CODES.recorded, RSP_CODES.alreadyFinal]);

const isTaken = (answer: string): boolean => {
  try {
    return STOPS.has((JSON.parse(answer) as { RspCode?: unknown }).RspCode);
  } catch {
    return false;
  }
};

const REQUIRED = [
  ...(["vnp_Amount", "vnp_Command", "vnp_CreateDate", "vnp_CurrCode", "vnp_IpAddr", "vnp_Locale"] as const),
  ...(["vnp_OrderInfo", "vnp_OrderType", "vnp_ReturnUrl", "vnp_TmnCode", "vnp_TxnRef", "vnp_Version"] as const),
  ...(["vnp_ExpireDate"] as const),
];

const faultOfPay = async (fields: Fields, now: Date): Promise<string | undefined> => {
  const missing = REQUIRED.find((name) => !fields[name]);
  if (missing !== undefined) return missing;
  const right = await hmac("SHA-512", KNOWN.secret, sortedQuery(fields));
  if (fields["vnp_SecureHash"]?.toLowerCase() !== right) return "vnp_SecureHash";
  if (fields["vnp_TmnCode"] !== KNOWN.terminal) return "vnp_TmnCode";
  if (!/^[1-9]\d{2,11}$/u.test(fields["vnp_Amount"] ?? "")) return "vnp_Amount";
  if (!/^[\dA-Za-z]{1,100}$/u.test(fields["vnp_TxnRef"] ?? "")) return "vnp_TxnRef";
  // ASCII alone, without special characters.
  if (!/^[\w .,:-]{1,255}$/u.test(fields["vnp_OrderInfo"] ?? "")) return "vnp_OrderInfo";
  return (fields["vnp_ExpireDate"] ?? "") < stamp(now) ? "vnp_ExpireDate" : undefined;
};

/** VNPay with its notifications and its payer's page. Runtime-free: no clock, file or randomness of its own. */
export const createVnpay = (options: PaymentSimulatorOptions): SimulatedPayments => {
  const { now, wait, fetch, place } = withDefaults(options);
  const dial = createPaymentDial();
  const till = openTill("", () => stamp(now()));
  const notifier = createNotifier({ dial, fetch, report: reportOf(place), isTaken });
  const requests = new Set<string>();
  const app = new Hono();

  app.get(PATHS.pay, async (c) => {
    const fields = Object.fromEntries(new URL(c.req.url).searchParams);
    const fault = await faultOfPay(fields, now());
    if (fault !== undefined) return c.text(`Sai ${fault}`, 400);
    const reference = fields["vnp_TxnRef"] ?? "";
    till.open({
      reference,
      amount: Number(BigInt(fields["vnp_Amount"] ?? "0") / 100n),
      createdAt: fields["vnp_CreateDate"] ?? "",
      sent: fields,
      returnUrl: fields["vnp_ReturnUrl"] ?? "",
    });
    return c.redirect(`/pay/${reference}`, 302);
  });

  const api = async (c: Context): Promise<Response> => {
    const asked = textsOf(await c.req.json<unknown>().catch(() => undefined)) ?? {};
    const operation = asked["vnp_Command"] === "refund" ? "refund" : "query";
    return meet(dial, operation, {
      wait,
      answer: async ({ refusal }) =>
        refusal === undefined
          ? json(await answerApi(asked, till, requests))
          : json({ vnp_ResponseCode: refusal.code, vnp_Message: refusal.message }),
    });
  };
  app.post(PATHS.api, api);

  const returned = async (held: Held): Promise<Fields> => {
    const query = await signedQuery(resultOf(held, held.amount), KNOWN.secret);
    return Object.fromEntries(new URLSearchParams(query));
  };
  app.route("/", createPayerPage({ title: "VNPAY (mô phỏng)", till, notifier, returned }));
  app.route("/", createPaymentControl({ dial, till, notifier, place }));
  app.get("/", (c) => c.text("Simulator of VNPay: GET /__simulator/state"));
  return { app, dial, till, notifier };
};
