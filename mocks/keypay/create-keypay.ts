import { Hono } from "hono";
import { type Callback, PAY, VERSION } from "../../contracts/platforms/keypay/wire.ts";
import { createPaymentControl } from "../payments/control.ts";
import { createPaymentDial } from "../payments/dial.ts";
import { stamp } from "../payments/digests.ts";
import { createNotifier, type NotifierParts } from "../payments/notifier.ts";
import { type PaymentSimulatorOptions, withDefaults } from "../payments/options.ts";
import { createPayerPage } from "../payments/payer-page.ts";
import { type SimulatedPayments, textsOf } from "../payments/simulated-payments.ts";
import { meet } from "../payments/spoil.ts";
import { type Held, openTill } from "../payments/till.ts";
import { answerCreate, answerDetail, answerRefund, no, statusOf, sumOf } from "./answers.ts";
import { KEYPAY_DEFAULTS as KNOWN, PATHS } from "./settings.ts";

const reportOf =
  (place: { readonly notifyUrl: string | undefined }, asForm: boolean): NotifierParts["report"] =>
  async (held, { misSigned, amount }) => {
    if (place.notifyUrl === undefined) return null;
    const fields = {
      client_id: KNOWN.clientId,
      transaction_id: held.reference,
      transaction_code: held.transactionNo,
      trans_amount: String(amount ?? held.amount),
      payment_fee: "0",
      command: PAY,
      addition_fee: "0",
      version: VERSION,
    };
    const check_sum = await sumOf("callback", fields, misSigned ? "not-the-key" : KNOWN.key2);
    const bill_info = JSON.stringify(held.sent["bill_info"]);
    const callback: Callback = { ...fields, status: statusOf(held), check_sum, bill_info };
    const body = asForm ? new URLSearchParams(textsOf(callback)).toString() : JSON.stringify(callback);
    const contentType = asForm ? "application/x-www-form-urlencoded" : "application/json";
    return { method: "POST", url: place.notifyUrl, contentType, body };
  };

const isAcknowledged = (answer: string): boolean => {
  try {
    return (JSON.parse(answer) as { return_code?: unknown }).return_code === 0;
  } catch {
    return false;
  }
};

/** KeyPay with its reports and its payer's page. Runtime-free: no clock, file or randomness of its own. */
export const createKeyPay = (options: PaymentSimulatorOptions & { readonly asForm?: boolean }): SimulatedPayments => {
  const { now, wait, fetch, place } = withDefaults(options);
  const dial = createPaymentDial();
  const till = openTill("KP", () => stamp(now()));
  const report = reportOf(place, options.asForm ?? false);
  const notifier = createNotifier({ dial, fetch, report, isTaken: isAcknowledged });
  const app = new Hono();

  for (const [path, operation, answer] of [
    [PATHS.create, "create", answerCreate],
    [PATHS.detail, "query", answerDetail],
    [PATHS.refund, "refund", answerRefund],
  ] as const)
    app.post(path, (c) =>
      meet(dial, operation, {
        wait,
        answer: async ({ refusal }) =>
          refusal === undefined ? answer({ till, now }, c) : no(refusal.code, refusal.message),
      }),
    );

  const returned = (held: Held) => ({ transaction_id: held.reference, status: statusOf(held) });
  app.route("/", createPayerPage({ title: "KeyPay (mô phỏng)", till, notifier, returned }));
  app.route("/", createPaymentControl({ dial, till, notifier, place }));
  app.get("/", (c) => c.text("Simulator of KeyPay: GET /__simulator/state"));
  return { app, dial, till, notifier };
};
