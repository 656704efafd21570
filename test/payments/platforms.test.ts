import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PaymentPlatformId } from "../../contracts/payments.ts";
import type { PaymentView } from "../../contracts/services/payments.ts";
import { PAYMENT_SIMULATORS, provincePlace } from "../../mocks/payments/simulators.ts";
import { serve } from "../../mocks/server.ts";
import { sql } from "../../src/database/sql.ts";
import { dossierBody } from "../gateway-scene.ts";
import { type ApiScene, codeOf, openApiScene } from "../http/api-scene.ts";
import { paymentBody } from "./payment-scene.ts";

type Served = Awaited<ReturnType<typeof serve>>;

const PLATFORMS = ["payment-platform", "keypay", "vnpay"] as const satisfies readonly PaymentPlatformId[];

let scene: ApiScene;
let gateway: Served;
const platforms = new Map<PaymentPlatformId, Served>();

beforeAll(async () => {
  const settings: Record<string, string> = {};
  for (const platform of PLATFORMS) {
    const { create, settings: settingsOf } = PAYMENT_SIMULATORS[platform];
    const served = await serve(create({ now: () => new Date() }).app);
    platforms.set(platform, served);
    Object.assign(settings, settingsOf(served.url));
  }
  scene = await openApiScene({ settings });
  gateway = await serve({ fetch: async (request) => scene.app.fetch(request) });
  for (const platform of PLATFORMS) await control(platform, "place", provincePlace(platform, gateway.url));
  await scene.call("PUT", `/v1/dossiers/${codeOf(1)}?known=true`, dossierBody());
  await scene.call("PUT", "/v1/payment-beneficiaries/default", {
    account: "0011000123456",
    bank: "970436",
    name: "SO",
  });
});
afterAll(async () => {
  await scene.close();
  await gateway.close();
  for (const served of platforms.values()) await served.close();
});

const control = async (platform: PaymentPlatformId, path: string, body: unknown) => {
  const headers = { "content-type": "application/json" };
  const address = `${platforms.get(platform)?.url}/__simulator/${path}`;
  const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(body) });
  expect([path, answer.status, answer.status < 300 ? "" : await answer.text()]).toEqual([path, answer.status, ""]);
};

/** A payment whose payer has opened the platform's page. */
const opened = async (platform: PaymentPlatformId): Promise<PaymentView> => {
  const { status, body, text } = await scene.call<PaymentView>("POST", "/v1/payments", paymentBody({ platform }));
  expect([status, status === 201 ? "" : text]).toEqual([201, ""]);
  expect((await fetch(body.payUrl ?? "", { redirect: "manual" })).status).toBeLessThan(400);
  return body;
};

const becomes = async (id: string, state: string): Promise<void> => {
  for (const end = Date.now() + 20_000; ; await delay(50)) {
    const { body } = await scene.call<PaymentView>("GET", `/v1/payments/${id}`);
    if (body.state === state || Date.now() > end) return expect(body.state).toBe(state);
  }
};

test.each(PLATFORMS)("a payer pays at %s, and the payment is paid", async (platform) => {
  const { id, reference } = await opened(platform);
  await control(platform, "payers", { reference, act: "pay" });
  await becomes(id, "paid");
});

test.each(PLATFORMS)("a payer gives up at %s, and the payment has failed", async (platform) => {
  const { id, reference } = await opened(platform);
  await control(platform, "payers", { reference, act: "fail" });
  await becomes(id, "failed");
});

test.each(PLATFORMS)("a payment whose report %s never sent is found by asking", async (platform) => {
  await control(platform, "dial", { fault: "lose" });
  const { id, reference } = await opened(platform);
  await control(platform, "payers", { reference, act: "pay" });
  await scene.database.execute(sql`update payment_transactions set next_at = now() where payment_id = ${id}`);
  await becomes(id, "paid");
  await control(platform, "dial", []);
});

test("the receipt of the national platform is fetched by itself", async () => {
  const { id, reference } = await opened("payment-platform");
  await control("payment-platform", "payers", { reference, act: "pay" });
  await becomes(id, "paid");
  for (const end = Date.now() + 20_000; ; await delay(50)) {
    const { status, text } = await scene.call("GET", `/v1/payments/${id}/receipt`);
    if (status === 200 || Date.now() > end) return expect(text.slice(0, 5)).toBe("%PDF-");
  }
});

test.each([
  ["vnpay", "GET", "?vnp_TxnRef=1&vnp_SecureHash=00", undefined, 200, { RspCode: "97" }],
  ["payment-platform", "POST", "", { MaLoi: "00", MaThamChieu: "1", MaXacThuc: "00" }, 200, { MaLoi: "99" }],
  ["keypay", "POST", "", { transaction_id: "1", status: 0, check_sum: "00" }, 200, { return_code: -1 }],
] as const)(
  "a forged report of %s is refused in its own words and stores nothing",
  async (platform, method, query, body, status, words) => {
    await scene.storesNothing(async () => {
      const init = {
        method,
        ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
      };
      const answer = await scene.send<object>(`/callbacks/payments/${platform}${query}`, init);
      expect([answer.status, answer.body]).toMatchObject([status, words]);
    });
  },
);

test("a report that is too large is refused before it is read", async () => {
  const body = JSON.stringify({ MaLoi: "0".repeat(70_000) });
  const headers = { "content-type": "application/json" };
  const answer = await scene.send<object>("/callbacks/payments/payment-platform", { method: "POST", headers, body });
  expect([answer.status, answer.body]).toMatchObject([413, { MaLoi: "99" }]);
});

test("a returning browser is shown a page and believed nothing", async () => {
  const { id, reference } = await opened("vnpay");
  const query = `vnp_TxnRef=${reference}&vnp_ResponseCode=00&vnp_TransactionStatus=00`;
  const page = await scene.send<string>(`/payments/return/vnpay?${query}`);
  expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  expect(page.text).not.toContain(reference);
  await delay(100);
  await becomes(id, "pending");
});
