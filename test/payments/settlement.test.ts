import { afterAll, beforeAll, expect, test } from "vitest";
import type { DecisiveField } from "../../contracts/payments.ts";
import { PAYMENT_STATES, PAYMENT_TRANSITIONS, type PaymentState } from "../../contracts/services/payments.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { decideSettlement } from "../../src/payments/decide-settlement.ts";
import { newReference } from "../../src/payments/new-reference.ts";
import { nextPoll } from "../../src/payments/poll-schedule.ts";
import { ALL_SIGNED } from "./fake-platform.ts";
import { openPaymentScene, type PaymentScene } from "./payment-scene.ts";

let scene: PaymentScene;
beforeAll(async () => {
  scene = await openPaymentScene({ dispatch: false });
});
afterAll(() => scene.close());

/** A payment in the tables, without a call: the platform has given an address. */
const pending = async (n: number, state: PaymentState = "pending") => {
  const id = `pay_${String(n).padStart(32, "0")}`;
  const reference = newReference(new Date());
  await scene.database.execute(
    sql`insert into payments (tenant, id, platform, client, agency, dossier_code, amount, state, reference, content, correlation_id, expires_at)
        values ('H04', ${id}, 'vnpay', 'industry', 'H04.15', ${`D-${n}`}, 150000, ${state}, ${reference}, '', 'test', now() + interval '1 hour')`,
  );
  await scene.database.execute(
    sql`insert into payment_transactions (tenant, platform, reference, payment_id, n, amount, state, created_at)
        values ('H04', 'vnpay', ${reference}, ${id}, 1, 150000, 'pending', now())`,
  );
  return { id, reference };
};

const stateOf = async (id: string) => {
  const [row] = await rows<{ state: string }>(scene.database, sql`select state from payments where id = ${id}`);
  return row?.state;
};

const bodies = async () => {
  const [row] = await rows<{ count: number }>(
    scene.database,
    sql`select count(*)::int as count from entries where direction = 'in' and operation = 'payment.settled'`,
  );
  return row?.count ?? 0;
};

test("a report is recorded with its bytes, told once, and its repeats change nothing", async () => {
  const payment = await pending(1);
  const before = await bodies();
  const verdicts = [await scene.report(payment), await scene.report(payment), await scene.report(payment)];
  expect(verdicts).toEqual(["recorded", "duplicate", "duplicate"]);
  expect(await stateOf(payment.id)).toBe("paid");
  expect((await bodies()) - before).toBe(1);
  const told = (await scene.told()).filter(({ data }) => data["paymentId"] === payment.id);
  expect(told).toMatchObject([
    { type: "payment.settled", data: { state: "paid", amount: 150_000, transactionId: "T1" } },
  ]);
});

test("ten reports at the same moment settle a payment once", async () => {
  const payment = await pending(2);
  const verdicts = await Promise.all(Array.from({ length: 10 }, () => scene.report(payment)));
  expect(verdicts.toSorted()).toEqual([...Array(9).fill("duplicate"), "recorded"]);
  expect((await scene.told()).filter(({ data }) => data["paymentId"] === payment.id)).toHaveLength(1);
});

test("a late failure never undoes a payment", async () => {
  const payment = await pending(3);
  await scene.report(payment);
  expect(await scene.report(payment, { outcome: "failed", code: "99" })).toBe("duplicate");
  expect(await stateOf(payment.id)).toBe("paid");
});

test.each(["failed", "expired", "cancelled"] as const)(
  "money for a payment that was %s is an orphan, with an alarm",
  async (over) => {
    const payment = await pending({ failed: 4, expired: 5, cancelled: 6 }[over], over);
    expect(await scene.report(payment)).toBe("recorded");
    expect(await stateOf(payment.id)).toBe("paid-orphan");
    await scene.database.execute(sql`delete from alarm_rounds`);
    const changes = await scene.deployment.chores(scene.database, () => undefined).evaluateAlarms();
    expect(changes?.raised).toContainEqual({ kind: "payment-orphan", severity: "critical", subject: payment.id });
  },
);

test("a failure that is rightly signed is taken, and settles the payment", async () => {
  const payment = await pending(7);
  expect(await scene.report(payment, { outcome: "failed", code: "01" })).toBe("recorded");
  expect(await stateOf(payment.id)).toBe("failed");
});

test("the same reference under another number stays paid and is a double charge", async () => {
  const payment = await pending(8);
  await scene.report(payment);
  expect(await scene.report(payment, { transactionId: "T2" })).toBe("recorded");
  expect(await stateOf(payment.id)).toBe("paid");
  const found = await rows(
    scene.database,
    sql`select kind, state, ours, theirs, run_id from discrepancies where dossier_code = 'D-8'`,
  );
  const { reference } = payment;
  expect(found).toEqual([
    { kind: "double-charge", state: "open", ours: `${reference}/T1`, theirs: `${reference}/T2`, run_id: null },
  ]);
  const listed = await scene.call<{ items: object[] }>("GET", "/v1/discrepancies?kind=double-charge");
  expect(listed.body.items).toMatchObject([{ kind: "double-charge", proposedRepair: "none" }]);
});

test.each([
  [20, { amount: 149_999 }, "wrong-amount"],
  [21, { amount: 1_500_000 }, "wrong-amount"],
  [22, { currency: "USD" }, "wrong-currency"],
  [23, { ours: false }, "foreign-partner"],
] as const)("what does not fit our transaction changes nothing and raises an alarm (%i)", async (n, told, verdict) => {
  const payment = await pending(n);
  expect(await scene.report(payment, told)).toBe(verdict);
  expect(await scene.report(payment, told)).toBe(verdict);
  expect(await stateOf(payment.id)).toBe("pending");
  expect((await scene.events(payment.id)).map(({ kind }) => kind)).toEqual(["doubtful"]);
  await scene.database.execute(sql`delete from alarm_rounds`);
  const chores = scene.deployment.chores(scene.database, () => undefined);
  expect((await chores.evaluateAlarms())?.raised).toContainEqual({
    kind: "payment-doubtful",
    severity: "critical",
    subject: payment.id,
  });
});

test("an unknown reference and a forged report store nothing", async () => {
  const payment = await pending(30);
  await scene.storesNothing(async () => {
    expect(await scene.report({ reference: "NOBODYS" })).toBe("unknown-reference");
    expect(await scene.report(payment, { forged: true })).toBe("bad-signature");
  });
  expect(await stateOf(payment.id)).toBe("pending");
});

test("an outcome that is not signed is not believed: the platform is asked", async () => {
  const payment = await pending(31);
  const signed = new Set<DecisiveField>([...ALL_SIGNED].filter((field) => field !== "outcome"));
  expect(await scene.report(payment, {}, signed)).toBe("recorded");
  expect(await stateOf(payment.id)).toBe("pending");
  const [due] = await rows<{ due: boolean }>(
    scene.database,
    sql`select next_at <= now() as due from payment_transactions where reference = ${payment.reference}`,
  );
  expect(due?.due).toBe(true);
});

test("the database refuses every transition that the contract does not have, and every change of the log", async () => {
  const payment = await pending(40);
  for (const from of PAYMENT_STATES) {
    for (const to of PAYMENT_STATES) {
      const legal = from === to || (PAYMENT_TRANSITIONS[from] as readonly PaymentState[]).includes(to);
      const attempt = scene.database.transaction(async (executor) => {
        await executor.execute(sql`alter table payments disable trigger payments_transition`);
        await executor.execute(sql`update payments set state = ${from} where id = ${payment.id}`);
        await executor.execute(sql`alter table payments enable trigger payments_transition`);
        await executor.execute(sql`update payments set state = ${to} where id = ${payment.id}`);
        throw new Error("legal");
      });
      const message = await attempt.catch((error: Error) => (error.message === "legal" ? "legal" : "refused"));
      expect([from, to, message]).toEqual([from, to, legal ? "legal" : "refused"]);
    }
  }
  await scene.report(payment);
  await expect(
    scene.database.transaction((e) => Promise.resolve(e.execute(sql`delete from payment_events`))),
  ).rejects.toThrow();
});

test("with several tries a payment fails with the last of them only", () => {
  const standing = { payment: "pending", transaction: "pending", platformTransaction: null } as const;
  const failed = { outcome: "failed" } as const;
  expect(decideSettlement({ ...standing, undecidedOthers: true }, failed)).toEqual({
    transaction: "failed",
    isDuplicate: false,
    isDoubleCharge: false,
  });
  expect(decideSettlement({ ...standing, undecidedOthers: false }, failed)).toMatchObject({ payment: "failed" });
});

test("a transaction is asked about at 2, 5, 15 and 60 minutes, hourly for a day, daily for a month, then no more", () => {
  const asked: number[] = [];
  let age = 0;
  for (;;) {
    const next = nextPoll({ ageSeconds: age, expiresInSeconds: null, answered: true, random: 0 });
    if (next === null) break;
    age += next;
    asked.push(age / 60);
  }
  expect(asked.slice(0, 6)).toEqual([2, 5, 15, 60, 120, 180]);
  expect(asked.filter((minutes) => minutes <= 1440)).toHaveLength(27);
  expect(asked.at(-1)).toBe(30 * 1440);
  expect(nextPoll({ ageSeconds: 86_400, expiresInSeconds: null, answered: false, random: 1 })).toBeCloseTo(990);
  expect(nextPoll({ ageSeconds: 60, expiresInSeconds: 10, answered: true, random: 0 })).toBe(10);
});

test("references have at most 20 letters and digits and are not made twice", () => {
  const made = Array.from({ length: 2000 }, () => newReference(new Date("2026-11-20T17:30:00Z")));
  expect(new Set(made).size).toBe(2000);
  expect(made.every((reference) => /^261121[2-9A-HJ-NP-TW-Z]{14}$/u.test(reference))).toBe(true);
});
