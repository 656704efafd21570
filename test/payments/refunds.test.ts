import { afterAll, beforeAll, expect, test } from "vitest";
import type { PaymentView } from "../../contracts/services/payments.ts";
import { faulty } from "./fake-platform.ts";
import { openPaymentScene, type PaymentScene } from "./payment-scene.ts";

let scene: PaymentScene;
beforeAll(async () => {
  scene = await openPaymentScene();
  await scene.call("PUT", "/v1/payment-beneficiaries/default", { account: "0011", bank: "970436", name: "SO" });
});
afterAll(() => scene.close());

const paid = async (platform: "vnpay" | "keypay" = "vnpay") => {
  const payment = await scene.create({ platform });
  await scene.report(payment);
  return payment;
};

const act = (id: string, what: string, body?: unknown, client = "industry") =>
  scene.call<PaymentView>("POST", `/v1/payments/${id}/${what}`, body, { client });
const wish = { amount: 50_000, reason: "Nộp thừa lệ phí" };

test("one proposes a refund, another approves it, and the platform is asked once", async () => {
  const { id } = await paid();
  expect((await act(id, "refund", wish)).body).toMatchObject({
    state: "refund-requested",
    refund: { amount: 50_000, by: "platform", proposedBy: "industry" },
  });
  expect((await act(id, "refund/approve")).status).toBe(403);
  expect(scene.vnpay.refunded).toHaveLength(0);
  const approved = await act(id, "refund/approve", undefined, "approver");
  expect(approved.body).toMatchObject({ state: "refunded", refund: { approvedBy: "approver" } });
  expect(scene.vnpay.refunded).toMatchObject([
    { amount: 50_000, by: "industry", transaction: { transactionId: "T1" } },
  ]);
  expect((await act(id, "refund/approve", undefined, "approver")).status).toBe(409);
  expect(scene.vnpay.refunded).toHaveLength(1);
  const audit = await scene.call<{ items: { action: string; subject: string }[] }>("GET", "/v1/audit");
  const actions = audit.body.items.filter(({ subject }) => subject === id).map(({ action }) => action);
  expect(actions.toSorted()).toEqual([
    "payment.refund",
    "payment.refund.approve",
    "payment.refund.approve.refused",
    "payment.refund.approve.refused",
  ]);
});

test("a refund whose outcome is unknown is not repeated; evidence ends it", async () => {
  const { id } = await paid();
  scene.vnpay.script.refund = () => faulty("unknown", "upstream_timeout");
  await act(id, "refund", wish);
  expect((await act(id, "refund/approve", undefined, "approver")).status).toBe(504);
  expect((await scene.read(id)).state).toBe("refunding");
  expect((await act(id, "refund/approve", undefined, "approver")).status).toBe(409);
  const evidence = { number: "UNC-17", refundedAt: "2026-11-21T10:00:00+07:00" };
  expect((await act(id, "refund/evidence", evidence)).body.state).toBe("refunded");
});

test("a refused refund leaves the payment as it was", async () => {
  const { id } = await paid();
  scene.vnpay.script.refund = () => ({ state: "failed", code: "95" });
  await act(id, "refund", wish);
  expect((await act(id, "refund/approve", undefined, "approver")).body.state).toBe("paid");
});

test("where the platform gives nothing back it is done by hand, with evidence", async () => {
  const { id } = await paid("keypay");
  await act(id, "refund", wish);
  expect((await act(id, "refund/approve", undefined, "approver")).body).toMatchObject({
    state: "refunding",
    refund: { by: "hand" },
  });
  const evidence = { number: "UNC-18", refundedAt: "2026-11-21T10:00:00+07:00", note: "Chuyển khoản" };
  expect((await act(id, "refund/evidence", evidence)).body.state).toBe("refunded");
  expect((await act(id, "refund/evidence", evidence)).status).toBe(409);
});

test("no more is given back than was paid, nothing of what was not, and nothing to others", async () => {
  const { id } = await paid();
  await scene.refuses("POST", `/v1/payments/${id}/refund`, { ...wish, amount: 150_001 }, ["amount out_of_range"], {
    client: "industry",
  });
  expect((await act(id, "refund", wish, "health")).status).toBe(404);
  expect((await act(id, "refund", wish, "reader")).status).toBe(403);
  expect((await act((await scene.create()).id, "refund", wish)).status).toBe(409);
});
