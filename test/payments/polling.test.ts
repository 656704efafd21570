import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { PaymentView } from "../../contracts/services/payments.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { faulty } from "./fake-platform.ts";
import { openPaymentScene, type PaymentScene } from "./payment-scene.ts";

let scene: PaymentScene;
beforeAll(async () => {
  scene = await openPaymentScene();
});
afterAll(() => scene.close());
beforeEach(() => {
  scene.vnpay.script.query = () => ({ state: "pending", code: "3" });
});

/** Waits until a payment is in a state. */
const becomes = async (id: string, state: string): Promise<PaymentView> => {
  for (const end = Date.now() + 20_000; ; await delay(50)) {
    const view = await scene.read(id);
    if (view.state === state || Date.now() > end) {
      expect(view.state).toBe(state);
      return view;
    }
  }
};

const dueNow = (id: string) =>
  scene.database.execute(sql`update payment_transactions set next_at = now() where payment_id = ${id}`);

test("refreshing asks at once; a wrong amount is not believed", async () => {
  const payment = await scene.create();
  const refresh = () =>
    scene.call<PaymentView>("POST", `/v1/payments/${payment.id}/refresh`, undefined, { client: "industry" });
  expect((await refresh()).body.state).toBe("pending");
  scene.vnpay.script.query = () => ({ state: "paid", code: "00", amount: 15_000, transactionId: "T1" });
  expect((await refresh()).body.state).toBe("pending");
  scene.vnpay.script.query = () => faulty("transient", "upstream_unavailable");
  expect((await refresh()).status).toBe(503);
  scene.vnpay.script.query = () => ({
    state: "paid",
    code: "00",
    amount: 150_000,
    transactionId: "T1",
    paidAt: "2026-11-20T08:31:42+07:00",
  });
  expect((await refresh()).body).toMatchObject({ state: "paid", paidAt: "2026-11-20T01:31:42.000Z" });
});

test("what is undecided is asked about by itself, and one without a report becomes paid", async () => {
  const payment = await scene.create();
  scene.vnpay.script.query = (reference) =>
    reference === payment.reference
      ? { state: "paid", code: "00", amount: 150_000, transactionId: "T5" }
      : { state: "pending", code: "3" };
  await dueNow(payment.id);
  await becomes(payment.id, "paid");
  const [row] = await rows(
    scene.database,
    sql`select next_at, polls from payment_transactions where payment_id = ${payment.id}`,
  );
  expect(row).toEqual({ next_at: null, polls: 1 });
});

test("a payment expires with an answer, never without one, and money after that is an orphan", async () => {
  const payment = await scene.create();
  await scene.database.execute(sql`update payments set expires_at = now() where id = ${payment.id}`);
  scene.vnpay.script.query = () => faulty("transient", "upstream_unavailable");
  await dueNow(payment.id);
  const polled = async () =>
    (
      await rows<{ polls: number }>(
        scene.database,
        sql`select polls from payment_transactions where payment_id = ${payment.id}`,
      )
    )[0]?.polls;
  for (const end = Date.now() + 20_000; (await polled()) === 0 && Date.now() < end; ) await delay(50);
  expect([await polled(), (await scene.read(payment.id)).state]).toEqual([1, "pending"]);
  scene.vnpay.script.query = () => ({ state: "pending", code: "3" });
  await dueNow(payment.id);
  await becomes(payment.id, "expired");
  expect(await scene.report(payment)).toBe("recorded");
  expect((await scene.read(payment.id)).state).toBe("paid-orphan");
});

test("a transaction that is pending for 26 hours is paid when the platform says so", async () => {
  const payment = await scene.create();
  await scene.database.execute(
    sql`update payment_transactions set created_at = created_at - interval '26 hours', next_at = now()
        where payment_id = ${payment.id}`,
  );
  const left = async () =>
    rows<{ polls: number; hours: number }>(
      scene.database,
      sql`select polls, extract(epoch from next_at - now())::float8 / 3600 as hours from payment_transactions
          where payment_id = ${payment.id}`,
    );
  for (const end = Date.now() + 20_000; (await left())[0]?.polls === 0 && Date.now() < end; ) await delay(50);
  expect((await left())[0]?.hours).toBeGreaterThan(12);
  expect((await scene.read(payment.id)).state).toBe("pending");
  scene.vnpay.script.query = () => ({ state: "paid", code: "00", amount: 150_000, transactionId: "T26" });
  await dueNow(payment.id);
  await becomes(payment.id, "paid");
});
