import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PaymentRefund } from "../../contracts/payments.ts";
import { createKeyPay } from "../../mocks/keypay/create-keypay.ts";
import { keypaySettings } from "../../mocks/keypay/settings.ts";
import { PAYMENT_SIMULATORS } from "../../mocks/payments/simulators.ts";
import {
  anOrder,
  faultsOf,
  openPaymentScene,
  openPayments,
  type PaymentScene,
  transactionOf,
} from "./payment-scene.ts";

const order = anOrder();

describe.each(["keypay", "vnpay"] as const)("refunds at %s", (platform) => {
  let scene: PaymentScene;
  beforeEach(async () => {
    scene = await openPaymentScene(platform, PAYMENT_SIMULATORS[platform]);
    const created = await scene.payments.create(order, scene.call());
    if (!created.ok) throw new Error("not created");
    await fetch(created.value.payUrl);
    await scene.control("payers", { reference: order.reference, act: "pay" });
  });
  afterEach(() => scene.close());

  const wish = (change: Partial<PaymentRefund> = {}): PaymentRefund => {
    const event = scene.events[0];
    const transactionId = event?.kind === "event" ? event.transactionId : undefined;
    const transaction = { ...transactionOf(order), ...(transactionId !== undefined && { transactionId }) };
    return { transaction, amount: 150_000, reason: "Nộp | trùng", by: "cán bộ 01", requestId: "R1", ...change };
  };
  const refund = (change?: Partial<PaymentRefund>) => scene.payments.refund?.(wish(change), scene.call());

  test.each([150_000, 50_000])("of %i VND are taken on", async (amount) => {
    expect(await refund({ amount })).toMatchObject({ ok: true, value: { state: "refunding" } });
    expect(scene.simulator.till.all.get(order.reference)?.refunded).toBe(amount);
  });

  test.each([150_001, 0, -1, 0.5])("of %d VND are refused here, and nothing is sent", async (amount) => {
    const sent = scene.requests.length;
    expect(await refund({ amount })).toMatchObject({ ok: false, fault: { code: "invalid_request" } });
    expect(scene.requests).toHaveLength(sent);
  });

  test("whose answer is lost may have taken effect: nobody sends it again by itself", async () => {
    await scene.control("dial", { fault: "close", operation: "refund" });
    expect(await refund()).toMatchObject({ ok: false, fault: { outcome: "unknown" } });
    expect(scene.simulator.till.all.get(order.reference)?.refunded).toBe(150_000);
  });

  test("that the platform refuses are refused", async () => {
    await scene.control("dial", { fault: "refusal", code: "95", message: "Không được", operation: "refund" });
    expect(await refund()).toMatchObject({ ok: false, fault: { outcome: "refused", platformCode: "95" } });
  });
});

test("a refund that VNPay took on before is still being made", async () => {
  const scene = await openPaymentScene("vnpay", PAYMENT_SIMULATORS.vnpay);
  const created = await scene.payments.create(order, scene.call());
  if (created.ok) await fetch(created.value.payUrl);
  await scene.control("payers", { reference: order.reference, act: "pay" });
  const base = { transaction: transactionOf(order), amount: 150_000, reason: "x", by: "y" };
  expect(await scene.payments.refund?.({ ...base, requestId: "R1" }, scene.call())).toMatchObject({ ok: true });
  expect(await scene.payments.refund?.({ ...base, requestId: "R2" }, scene.call())).toEqual({
    ok: true,
    value: { state: "refunding", code: "94" },
  });
  expect(scene.simulator.till.all.get(order.reference)?.refunded).toBe(150_000);
  await scene.close();
});

test("an answer of VNPay that somebody else signed is not believed", async () => {
  const scene = await openPaymentScene("vnpay", PAYMENT_SIMULATORS.vnpay);
  const created = await scene.payments.create(order, scene.call());
  if (created.ok) await fetch(created.value.payUrl);
  // Signs with the new secret, and believes answers by it alone: VNPay still has the old one.
  const moved = openPayments("vnpay", { ...scene.settings, VNPAY_SECRET: "another" }).payments;
  expect(await moved?.query?.(transactionOf(order), scene.call())).toMatchObject({
    ok: false,
    fault: { outcome: "refused", platformCode: "97" },
  });
  await scene.close();
});

test("VNPay takes no more than twelve digits", async () => {
  const scene = await openPaymentScene("vnpay", PAYMENT_SIMULATORS.vnpay);
  const line = { kind: "fee", code: "1", name: "x" } as const;
  const of = (amount: number) => anOrder({ amount, lines: [{ ...line, amount }] });
  expect(await scene.payments.create(of(9_999_999_999), scene.call())).toMatchObject({ ok: true });
  expect(await scene.payments.create(of(10_000_000_000), scene.call())).toMatchObject({
    ok: false,
    fault: { code: "invalid_request" },
  });
  await scene.close();
});

test("KeyPay's reports come as a form too", async () => {
  const scene = await openPaymentScene("keypay", {
    create: (options) => createKeyPay({ ...options, asForm: true }),
    settings: keypaySettings,
  });
  await scene.payments.create(order, scene.call());
  await scene.control("payers", { reference: order.reference, act: "pay" });
  expect(scene.events).toMatchObject([{ kind: "event", outcome: "paid", amount: 150_000 }]);
  await scene.close();
});

describe("settings", () => {
  test.each([
    ["keypay", { KEYPAY_URL: "" }],
    ["vnpay", { VNPAY_PAY_URL: "" }],
  ] as const)("without the first address %s is absent", (platform, change) => {
    const settings = PAYMENT_SIMULATORS[platform].settings("https://x.example");
    expect(faultsOf(platform, { ...settings, ...change })).toEqual(["absent"]);
  });

  test.each([
    ["keypay", "KEYPAY_KEY_1"],
    ["keypay", "KEYPAY_KEY_2"],
    ["keypay", "KEYPAY_CLIENT_ID"],
    ["keypay", "KEYPAY_DETAIL_URL"],
    ["vnpay", "VNPAY_SECRET"],
    ["vnpay", "VNPAY_TMN_CODE"],
  ] as const)("%s does not start without %s", (platform, name) => {
    const settings = PAYMENT_SIMULATORS[platform].settings("https://x.example");
    expect(faultsOf(platform, { ...settings, [name]: "" })[0]).toMatch(new RegExp(`^${name} `, "u"));
    const faults = faultsOf(platform, {
      ...settings,
      KEYPAY_KEY_2: "a,,b",
      VNPAY_SECRET: "hidden,",
      VNPAY_API_URL: "x",
    });
    expect(faults.length).toBe(platform === "vnpay" ? 2 : 1);
    expect(faults.join()).not.toContain("hidden");
  });

  test("a status of KeyPay is not paid and failed at once", () => {
    const settings = { ...keypaySettings("https://x.example"), KEYPAY_FAILED_STATUSES: "0" };
    expect(faultsOf("keypay", settings)[0]).toMatch(/^KEYPAY_FAILED_STATUSES /u);
  });
});
