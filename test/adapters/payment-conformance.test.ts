import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ErrorCode } from "../../contracts/errors.ts";
import type { PaymentRule } from "../../mocks/payments/dial.ts";
import { PAYMENT_SIMULATORS } from "../../mocks/payments/simulators.ts";
import { anOrder, openPaymentScene, type PaymentScene, transactionOf } from "./payment-scene.ts";

const SPOILT: readonly (readonly [string, PaymentRule, ErrorCode, "transient" | "refused"])[] = [
  ["an HTML page", { fault: "html" }, "upstream_malformed", "transient"],
  ["nothing", { fault: "empty" }, "upstream_malformed", "transient"],
  ["half a JSON", { fault: "truncated" }, "upstream_malformed", "transient"],
  ["a closed connection", { fault: "close" }, "upstream_unavailable", "transient"],
  ["HTTP 500", { fault: "http-status", status: 500 }, "upstream_unavailable", "transient"],
  ["HTTP 504", { fault: "http-status", status: 504 }, "upstream_timeout", "transient"],
  ["HTTP 302", { fault: "http-status", status: 302 }, "upstream_malformed", "transient"],
  ["HTTP 401", { fault: "http-status", status: 401 }, "upstream_rejected", "refused"],
  ["a refusal", { fault: "refusal", code: "77", message: "Không được" }, "upstream_rejected", "refused"],
];

describe.each(["payment-platform", "keypay", "vnpay"] as const)("%s", (platform) => {
  let scene: PaymentScene;
  beforeEach(async () => {
    scene = await openPaymentScene(platform, PAYMENT_SIMULATORS[platform]);
  });
  afterEach(() => scene.close());

  const order = anOrder();
  const transaction = transactionOf(order);
  /** Creates the payment and comes to the payer's page, as a browser would. */
  const begin = async (): Promise<void> => {
    const created = await scene.payments.create(order, scene.call());
    if (!created.ok) throw new Error(JSON.stringify(created));
    const page = await fetch(created.value.payUrl);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("150.000");
  };
  const pay = (act: string) => scene.control("payers", { reference: order.reference, act });
  const query = () => {
    if (scene.payments.query === undefined) throw new Error("no query");
    return scene.payments.query(transaction, scene.call());
  };

  test("a payment is created, paid and reported, and the platform says so when it is asked", async () => {
    await begin();
    expect(await query()).toMatchObject({ ok: true, value: { state: "pending" } });
    expect((await pay("pay")).status).toBe(200);
    expect(scene.events).toMatchObject([
      { kind: "event", reference: order.reference, outcome: "paid", amount: 150_000, ours: true },
    ]);
    const status = await query();
    expect(status).toMatchObject({ ok: true, value: { state: "paid", amount: 150_000 } });
    const told = scene.events[0];
    if (!status.ok || told?.kind !== "event") throw new Error("no event");
    expect(status.value.transactionId).toBe(told.transactionId);
    expect(scene.simulator.notifier.sent).toMatchObject([{ status: 200 }]);
  });

  test("a failed payment is reported as one, and taken", async () => {
    await begin();
    await pay("fail");
    expect(scene.events).toMatchObject([{ outcome: "failed", amount: 150_000 }]);
    expect(await query()).toMatchObject({ ok: true, value: { state: "failed" } });
    expect(await (await scene.control("reports", { again: true })).json()).toEqual({ sent: 0 });
  });

  test("while the payer waits nothing is reported, and the platform says pending", async () => {
    await begin();
    await pay("pending");
    expect(scene.events).toEqual([]);
    expect(await query()).toMatchObject({ ok: true, value: { state: "pending" } });
  });

  test("paid twice is reported twice, under two numbers of the platform", async () => {
    await begin();
    await pay("pay-twice");
    const numbers = scene.events.map((event) => event.kind === "event" && event.transactionId);
    expect(new Set(numbers).size).toBe(2);
    expect(scene.events).toMatchObject([{ outcome: "paid" }, { outcome: "paid" }]);
  });

  test("a report that is lost is found by asking", async () => {
    await begin();
    await scene.control("dial", { fault: "lose" });
    await pay("pay");
    expect(scene.events).toEqual([]);
    expect(await query()).toMatchObject({ ok: true, value: { state: "paid", amount: 150_000 } });
  });

  test("a report that comes twice says the same twice", async () => {
    await begin();
    await scene.control("dial", { fault: "double" });
    await pay("pay");
    expect(scene.events).toHaveLength(2);
    expect(scene.events[1]).toEqual(scene.events[0]);
  });

  test("reports that come late come in another order, each still its own", async () => {
    await begin();
    await scene.control("dial", { fault: "hold" });
    await pay("fail");
    await pay("pay");
    expect(scene.events).toEqual([]);
    expect(await (await scene.control("reports", { order: "last" })).json()).toEqual({ sent: 2 });
    expect(scene.events).toMatchObject([{ outcome: "paid" }, { outcome: "failed" }]);
  });

  test("a report that is signed by somebody else is refused, in the platform's words", async () => {
    await begin();
    await scene.control("dial", { fault: "mis-sign", times: 1 });
    await pay("pay");
    expect(scene.events).toMatchObject([{ kind: "refused", why: "bad-signature" }]);
    const code = { "payment-platform": '"MaLoi":"99"', keypay: '"return_code":-1', vnpay: '"RspCode":"97"' }[platform];
    expect(scene.simulator.notifier.sent[0]?.answer).toContain(code);
  });

  test("a report of another amount is rightly signed, and names that amount", async () => {
    await begin();
    await scene.control("dial", { fault: "wrong-amount", amount: 15_000 });
    await pay("pay");
    expect(scene.events).toMatchObject([{ kind: "event", outcome: "paid", amount: 15_000 }]);
  });

  test("a transaction that the platform does not know is said to be so", async () => {
    expect(await query()).toMatchObject({ ok: true, value: { state: "unknown-reference" } });
  });

  test("a transaction is asked about by the time it was created with, however late", async () => {
    await begin();
    scene.clock.advance(26 * 3_600_000);
    await pay("pay");
    expect(await query()).toMatchObject({ ok: true, value: { state: "paid" } });
  });

  test.each(SPOILT)("a question that is answered by %s is no answer", async (_name, rule, code, outcome) => {
    await begin();
    await scene.control("dial", { ...rule, operation: "query" });
    expect(await query()).toMatchObject({ ok: false, fault: { code, outcome } });
  });

  test("a platform that is away is known to be away", async () => {
    await begin();
    await scene.refuse(true);
    expect(await query()).toMatchObject({ ok: false, fault: { code: "upstream_unavailable", outcome: "transient" } });
    await scene.refuse(false);
    expect(await query()).toMatchObject({ ok: true });
  });

  test.each([
    ["no amount", anOrder({ amount: 0, lines: [] })],
    ["half a dong", anOrder({ amount: 0.5, lines: [{ kind: "fee", code: "1", name: "x", amount: 0.5 }] })],
    ["above 2^53", anOrder({ amount: 2 ** 53 })],
    ["lines that do not add up", anOrder({ amount: 150_001 })],
    ["too long a reference", anOrder({ reference: "x".repeat(21) })],
    ["a reference with a bar", anOrder({ reference: "a|b" })],
    ["no reference", anOrder({ reference: "" })],
  ])("an order with %s is refused here, and nothing is sent", async (_name, wrong) => {
    expect(await scene.payments.create(wrong, scene.call())).toMatchObject({
      ok: false,
      fault: { outcome: "refused", code: "invalid_request" },
    });
    expect(scene.requests).toEqual([]);
  });

  test("no secret is in what is kept, nor in what is sent", async () => {
    await begin();
    await query();
    const secrets = Object.entries(scene.settings).filter(([name]) => /SECRET|KEY_/u.test(name));
    expect(secrets.length).toBeGreaterThan(0);
    for (const [, secret] of secrets) {
      expect(scene.evidence()).not.toContain(secret);
      expect(JSON.stringify(scene.requests)).not.toContain(secret);
    }
  });
});

describe.each(["payment-platform", "keypay"] as const)("%s creates by a call", (platform) => {
  let scene: PaymentScene;
  beforeEach(async () => {
    scene = await openPaymentScene(platform, PAYMENT_SIMULATORS[platform]);
  });
  afterEach(() => scene.close());

  test.each(SPOILT)("an order that is answered by %s may have been taken", async (_name, rule, code, ended) => {
    await scene.control("dial", { ...rule, operation: "create" });
    const outcome = ended === "refused" ? "refused" : "unknown";
    const created = await scene.payments.create(anOrder(), scene.call());
    expect(created).toMatchObject({ ok: false, fault: { code, outcome } });
  });

  test("without a beneficiary there is no order", async () => {
    const { beneficiary: _, ...order } = anOrder();
    expect(scene.payments.needsBeneficiary).toBe(true);
    expect(await scene.payments.create(order, scene.call())).toMatchObject({
      ok: false,
      fault: { code: "invalid_request" },
    });
    expect(scene.requests).toEqual([]);
  });

  test("a reference that was used is refused by the platform", async () => {
    expect(await scene.payments.create(anOrder(), scene.call())).toMatchObject({ ok: true });
    const again = await scene.payments.create(anOrder(), scene.call());
    expect(again).toMatchObject({ ok: false, fault: { outcome: "refused", code: "upstream_rejected" } });
  });

  test("texts with a bar, in NFD, and far too long are sent in a form that can be signed", async () => {
    const content = `${"lệ | phí ".normalize("NFD").repeat(60)}`;
    expect(await scene.payments.create(anOrder({ content }), scene.call())).toMatchObject({ ok: true });
  });
});
