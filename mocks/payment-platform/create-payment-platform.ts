import { Hono } from "hono";
import { type Confirm, LOAI_BAN_TIN, SUCCESS } from "../../contracts/platforms/payment-platform/wire.ts";
import { createPaymentControl } from "../payments/control.ts";
import { createPaymentDial } from "../payments/dial.ts";
import { sha256, stamp } from "../payments/digests.ts";
import { createNotifier, type NotifierParts } from "../payments/notifier.ts";
import { type PaymentSimulatorOptions, withDefaults } from "../payments/options.ts";
import { createPayerPage } from "../payments/payer-page.ts";
import type { SimulatedPayments } from "../payments/simulated-payments.ts";
import { type Meeting, meet } from "../payments/spoil.ts";
import { type Held, openTill } from "../payments/till.ts";
import { answered, answerInit, answerQuery, answerReceipt, digestOf, factsOf, no } from "./answers.ts";
import { receiptFile } from "./receipts.ts";
import { PAYMENT_PLATFORM_DEFAULTS as KNOWN, PATHS } from "./settings.ts";

const FAILED = "01";

const reportOf =
  (place: { readonly notifyUrl: string | undefined }): NotifierParts["report"] =>
  async (held, { misSigned, amount }) => {
    if (place.notifyUrl === undefined) return null;
    const facts = factsOf(held, amount ?? held.amount);
    const fields = { LoaiBanTin: LOAI_BAN_TIN.confirm, MaLoi: held.state === "paid" ? SUCCESS : FAILED, ...facts };
    const texts = { ...fields, SoTien: String(fields.SoTien) };
    const MaXacThuc = await digestOf("CONFIRM", texts, misSigned ? "not-the-secret" : KNOWN.secret);
    const confirm: Confirm = { ...fields, MaXacThuc };
    return { method: "POST", url: place.notifyUrl, contentType: "application/json", body: JSON.stringify(confirm) };
  };

const isAcknowledged = (answer: string): boolean => {
  try {
    return (JSON.parse(answer) as { MaLoi?: unknown }).MaLoi === SUCCESS;
  } catch {
    return false;
  }
};

const refusedBy = (meeting: Meeting): Response | undefined =>
  meeting.refusal && answered(no(meeting.refusal.code, meeting.refusal.message), meeting);

/** The platform with its reports and its payer's page. Runtime-free: no clock, file or randomness of its own. */
export const createPaymentPlatform = (
  options: PaymentSimulatorOptions & { readonly receiptTime?: "created" | "confirmed" },
): SimulatedPayments => {
  const { now, wait, fetch, place } = withDefaults(options);
  const dial = createPaymentDial();
  const till = openTill("PP", () => stamp(now()));
  const notifier = createNotifier({ dial, fetch, report: reportOf(place), isTaken: isAcknowledged });
  const parts = { till, place, receiptTime: options.receiptTime ?? ("created" as const) };
  const app = new Hono();

  for (const [path, operation, answer] of [
    [PATHS.init, "create", answerInit],
    [PATHS.query, "query", answerQuery],
    [PATHS.receipt, "receipt", answerReceipt],
  ] as const)
    app.post(path, (c) =>
      meet(dial, operation, { wait, answer: async (meeting) => refusedBy(meeting) ?? answer(parts, c, meeting) }),
    );
  app.get(`${PATHS.files}/:name`, (c) => receiptFile(till.all.get(c.req.param("name").replace(/\.pdf$/u, ""))));

  const returned = async (held: Held) => ({
    data: held.reference,
    responseCode: held.state === "paid" ? SUCCESS : FAILED,
    // How the real one is made is not public; nobody may rely on it.
    secureCode: await sha256(held.reference),
  });
  app.route("/", createPayerPage({ title: "Nền tảng thanh toán trực tuyến (mô phỏng)", till, notifier, returned }));
  app.route("/", createPaymentControl({ dial, till, notifier, place }));
  app.get("/", (c) => c.text("Simulator of the payment platform: GET /__simulator/state"));
  return { app, dial, till, notifier };
};
