import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { openPaymentScene, type PaymentScene } from "./payment-scene.ts";

let scene: PaymentScene;
beforeAll(async () => {
  scene = await openPaymentScene();
  await scene.call("PUT", "/v1/payment-beneficiaries/default", { account: "0011", bank: "970436", name: "SO" });
});
afterAll(() => scene.close());

const pdf = (text: string) => `%PDF-1.7 ${text}`;
const base64 = (text: string) => Buffer.from(text).toString("base64");

const paid = async () => {
  const payment = await scene.create({ platform: "payment-platform" });
  expect(await scene.report(payment)).toBe("recorded");
  return payment;
};

const get = (id: string, client = "industry") => scene.call("GET", `/v1/payments/${id}/receipt`, undefined, { client });

const tried = async (id: string): Promise<{ error_code: string | null; stored: string | null }> => {
  for (const end = Date.now() + 20_000; ; await delay(50)) {
    const [row] = await rows<{ error_code: string | null; stored: string | null }>(
      scene.database,
      sql`select error_code, stored from payment_receipts where payment_id = ${id}`,
    );
    if ((row?.error_code ?? row?.stored ?? null) !== null || Date.now() > end)
      return row ?? { error_code: null, stored: null };
  }
};

test.each([
  ["bytes", { form: "bytes", base64: base64(pdf("bytes")), type: "application/pdf" }, pdf("bytes")],
  ["a link", { form: "link", url: "https://receipts.example/1" }, pdf("linked")],
] as const)("a receipt that comes as %s is stored, told and given out", async (_form, receipt, content) => {
  scene.portal.script.receipt = () => receipt;
  const payment = await paid();
  expect((await tried(payment.id)).error_code).toBeNull();
  const answer = await get(payment.id);
  expect([answer.status, answer.text, answer.headers.get("content-type")]).toEqual([200, content, "application/pdf"]);
  expect((await get(payment.id, "health")).status).toBe(404);
  const event = (await scene.told()).find(
    ({ type, data }) => type === "receipt.stored" && data["paymentId"] === payment.id,
  );
  expect(event?.data).toMatchObject({
    size: content.length,
    url: `http://127.0.0.1:8080/v1/payments/${payment.id}/receipt`,
  });
  const kept = await rows<{ bytes: Uint8Array }>(
    scene.database,
    sql`select bytes from inbound_pieces where name = (select stored from payment_receipts where payment_id = ${payment.id})`,
  );
  expect(kept.some(({ bytes }) => Buffer.from(bytes).includes("%PDF"))).toBe(false);
});

test.each([
  ["is not there yet", null, "none_yet"],
  [
    "is no PDF by its bytes",
    { form: "bytes", base64: base64("<html>login</html>"), type: "application/pdf" },
    "no_pdf",
  ],
  ["is larger than any receipt", { form: "link", url: "https://receipts.example/large" }, "payload_too_large"],
] as const)("a receipt that %s is asked for again, and missing after a day", async (_what, receipt, code) => {
  scene.portal.script.receipt = () => receipt;
  scene.portal.script.download = async function* () {
    for (let n = 0; n < 12; n++) yield new Uint8Array(1024 * 1024);
  };
  const payment = await paid();
  expect(await tried(payment.id)).toEqual({ error_code: code, stored: null });
  const answer = await get(payment.id);
  expect([answer.status, answer.body.code]).toEqual([404, "not_found"]);
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  await scene.database.execute(
    sql`update payment_receipts set wanted_at = now() - interval '25 hours' where payment_id = ${payment.id}`,
  );
  await scene.database.execute(sql`delete from alarm_rounds`);
  await scene.deployment.chores(scene.database, () => undefined).evaluateAlarms();
  const alarms = await scene.call<{ items: { kind: string; subject: string }[] }>("GET", "/v1/alarms");
  expect(alarms.body.items).toContainEqual(expect.objectContaining({ kind: "receipt-missing", subject: payment.id }));
});
