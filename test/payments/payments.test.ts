import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { PaymentView } from "../../contracts/services/payments.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { faulty } from "./fake-platform.ts";
import { DOSSIER, openPaymentScene, type PaymentScene, paymentBody } from "./payment-scene.ts";

let scene: PaymentScene;
beforeAll(async () => {
  scene = await openPaymentScene();
});
afterAll(() => scene.close());
const usual = { create: (order: { reference: string }) => ({ payUrl: `https://pay.example/${order.reference}` }) };
beforeEach(() => {
  scene.vnpay.script.create = usual.create;
  scene.vnpay.script.query = () => ({ state: "pending", code: "3" });
});

test("a payment is created with a reference of ours and its platform's address, and read again", async () => {
  const payment = await scene.create();
  expect(payment).toMatchObject({
    platform: "vnpay",
    state: "pending",
    payUrl: `https://pay.example/${payment.reference}`,
  });
  expect(payment.reference).toMatch(/^[0-9A-Z]{20}$/u);
  const order = scene.vnpay.orders.at(-1);
  expect(order).toMatchObject({
    reference: payment.reference,
    amount: 150_000,
    payerIp: "203.0.113.10",
    procedure: { code: "2.000591" },
    agency: { code: "H04.15", name: "Sở Công Thương" },
  });
  expect(order?.createdAt.getMilliseconds()).toBe(0);
  expect(await scene.read(payment.id)).toMatchObject({ dossierCode: DOSSIER, amount: 150_000, state: "pending" });
  const [row] = await rows<{ content: Uint8Array }>(
    scene.database,
    sql`select content from payments where id = ${payment.id}`,
  );
  expect(Buffer.from(row?.content ?? []).includes("001199000001")).toBe(false);
});

test("two payments of one dossier are paid in the reverse order", async () => {
  const [first, second] = [await scene.create(), await scene.create()];
  expect([await scene.report(second), await scene.report(first, { transactionId: "T9" })]).toEqual([
    "recorded",
    "recorded",
  ]);
  expect([(await scene.read(first.id)).state, (await scene.read(second.id)).state]).toEqual(["paid", "paid"]);
});

test("what is wrong with a request is named, and nothing is stored", async () => {
  const asIndustry = { client: "industry" };
  const refuses = (parts: Record<string, unknown>, faults: string[]) =>
    scene.refuses("POST", "/v1/payments", paymentBody(parts), faults, asIndustry);
  await refuses({ amount: 150_001 }, ["lines wrong_sum"]);
  await refuses({ amount: 0, lines: [{ kind: "fee", code: "2", name: "Phí", amount: 0 }] }, ["amount out_of_range"]);
  await refuses({ amount: 1.5 }, ["amount wrong_type"]);
  await refuses({ payerIp: "10.0.0.256" }, ["payerIp invalid_format"]);
  await refuses({ returnUrl: "https://evil.example/back" }, ["returnUrl not_allowed"]);
  await refuses({ returnUrl: "https://motcua.example.evil.example/" }, ["returnUrl not_allowed"]);
  await refuses({ expiresAt: "2020-01-01T00:00:00Z" }, ["expiresAt out_of_range"]);
  await refuses({ platform: "momo" }, ["platform not_allowed"]);
  const huge = 2 ** 53 - 1;
  const lines = [1, 2, 3].map((n) => ({ kind: "fee", code: `${n}`, name: "Phí", amount: huge }));
  await refuses({ amount: huge, lines }, ["lines wrong_sum"]);
  expect(await scene.create({ returnUrl: "https://motcua.example/tt?x=1" })).toMatchObject({ state: "pending" });
});

test("payments are within the boundary of their dossier's owner, and each scope is needed", async () => {
  const payment = await scene.create();
  const at = `/v1/payments/${payment.id}`;
  for (const [method, path] of [
    ["GET", at],
    ["POST", `${at}/refresh`],
    ["POST", `${at}/cancel`],
  ] as const) {
    expect((await scene.call(method, path, undefined, { client: "health" })).status).toBe(404);
  }
  expect((await scene.call("POST", "/v1/payments", paymentBody(), { client: "health" })).status).toBe(404);
  expect((await scene.call("POST", "/v1/payments", paymentBody(), { client: "reader" })).status).toBe(403);
  expect((await scene.call("POST", `${at}/cancel`, undefined, { client: "reader" })).status).toBe(403);
  expect((await scene.call("GET", "/v1/payments/pay_x", undefined)).status).toBe(404);
});

test("the same key gives the same payment; another body under it is refused before anybody is asked for money", async () => {
  const headers = { "idempotency-key": "pay-1" };
  const post = (parts = {}) =>
    scene.call<PaymentView>("POST", "/v1/payments", paymentBody(parts), { client: "industry", headers });
  const asked = scene.vnpay.orders.length;
  const answers = await Promise.all([post(), post(), post()]);
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect((await post({ content: "khác" })).status).toBe(422);
  expect(scene.vnpay.orders.length - asked).toBe(1);
});

test("after a time-out the same key makes another transaction of the same payment", async () => {
  const headers = { "idempotency-key": "pay-2" };
  const post = () => scene.call<PaymentView>("POST", "/v1/payments", paymentBody(), { client: "industry", headers });
  scene.vnpay.script.create = () => faulty("unknown", "upstream_timeout");
  const lost = await post();
  expect([lost.status, (lost.body as unknown as { retry: string }).retry]).toEqual([504, "same-key"]);
  scene.vnpay.script.create = usual.create;
  const { status, body } = await post();
  expect(status).toBe(201);
  const tries = await rows<{ reference: string; state: string }>(
    scene.database,
    sql`select reference, state from payment_transactions where payment_id = ${body.id} order by n`,
  );
  expect(tries).toMatchObject([{ state: "created" }, { state: "pending", reference: body.reference }]);
  // Both are paid: the payment is, once, and the other money is a double charge.
  expect(await scene.report(body)).toBe("recorded");
  expect(await scene.report({ reference: tries[0]?.reference ?? "" }, { transactionId: "T2" })).toBe("recorded");
  expect((await scene.events(body.id)).map(({ kind }) => kind)).toContain("double-charge");
  expect((await scene.read(body.id)).state).toBe("paid");
});

test("a refusal fails the payment and frees its key", async () => {
  const headers = { "idempotency-key": "pay-3" };
  const post = () => scene.call<PaymentView>("POST", "/v1/payments", paymentBody(), { client: "industry", headers });
  scene.vnpay.script.create = () => faulty("refused", "upstream_rejected");
  expect((await post()).status).toBe(422);
  scene.vnpay.script.create = usual.create;
  expect((await post()).status).toBe(201);
  const [row] = await rows<{ count: number }>(
    scene.database,
    sql`select count(*)::int as count from payments where state = 'failed'`,
  );
  expect(row?.count).toBe(1);
});

test("a platform that is not configured is 503 and stores nothing", async () => {
  const bare = await openPaymentScene({ adapters: [] });
  try {
    const answer = await bare.storesNothing(() =>
      bare.call("POST", "/v1/payments", paymentBody(), { client: "industry" }),
    );
    expect([answer.status, answer.body.code]).toEqual([503, "not_configured"]);
  } finally {
    await bare.close();
  }
});

test("without a beneficiary only vnpay takes payments; the procedure's own goes before the default", async () => {
  const body = paymentBody({ platform: "payment-platform" });
  const none = await scene.storesNothing(() => scene.call("POST", "/v1/payments", body, { client: "industry" }));
  expect([none.status, none.body.code]).toEqual([409, "conflict"]);
  const put = (code: string, account: string) =>
    scene.call("PUT", `/v1/payment-beneficiaries/${code}`, { account, bank: "970436", name: "SO CONG THUONG" });
  await put("default", "0011");
  await scene.create({ platform: "payment-platform" });
  expect(scene.portal.orders.at(-1)?.beneficiary).toEqual({ account: "0011", bank: "970436", name: "SO CONG THUONG" });
  await put("2.000591", "0022");
  await scene.create({ platform: "payment-platform" });
  expect(scene.portal.orders.at(-1)?.beneficiary?.account).toBe("0022");
  expect((await put("2.000591", "0033")).status).toBe(200);
  const view = await scene.call("GET", "/v1/payment-beneficiaries/2.000591");
  expect(view.body).toMatchObject({ procedureCode: "2.000591", account: "0033", setBy: "province" });
  const audit = await scene.call<{ items: { action: string; subject: string }[] }>("GET", "/v1/audit");
  expect(audit.body.items).toContainEqual(
    expect.objectContaining({ action: "payment-beneficiary.put", subject: "2.000591" }),
  );
  await scene.database.execute(sql`delete from alarm_rounds`);
  await scene.deployment.chores(scene.database, () => undefined).evaluateAlarms();
  const alarms = await scene.call<{ items: { kind: string; subject: string }[] }>("GET", "/v1/alarms");
  expect(alarms.body.items).toContainEqual(
    expect.objectContaining({ kind: "beneficiary-changed", subject: "2.000591" }),
  );
  await scene.refuses("PUT", "/v1/payment-beneficiaries/default", { account: "00 11|", bank: "970436", name: "A" }, [
    "account invalid_format",
  ]);
});

test("cancelling works while nobody has paid; money that comes all the same is an orphan", async () => {
  const payment = await scene.create();
  const cancel = () =>
    scene.call<PaymentView>("POST", `/v1/payments/${payment.id}/cancel`, undefined, { client: "industry" });
  expect((await cancel()).body.state).toBe("cancelled");
  expect((await cancel()).status).toBe(409);
  await scene.report(payment);
  expect((await scene.read(payment.id)).state).toBe("paid-orphan");
});

test("a report that cannot be recorded is answered so that it comes again", async () => {
  const payment = await scene.create();
  await scene.database.execute(sql`alter table payment_events rename to payment_events_away`);
  try {
    expect(await scene.report(payment)).toBe("not-recorded");
  } finally {
    await scene.database.execute(sql`alter table payment_events_away rename to payment_events`);
  }
  expect((await scene.read(payment.id)).state).toBe("pending");
  expect(await scene.report(payment)).toBe("recorded");
});
