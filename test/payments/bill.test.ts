import { afterAll, beforeAll, expect, test } from "vitest";
import { dossierBody } from "../gateway-scene.ts";
import { codeOf } from "../http/api-scene.ts";
import { openPaymentScene, type PaymentScene } from "./payment-scene.ts";

const KEY = "a-key-of-the-portal-1";
const OWING = codeOf(2);

let scene: PaymentScene;
beforeAll(async () => {
  scene = await openPaymentScene({ settings: { NATIONAL_PORTAL_INBOUND_KEYS: KEY } });
  const fees = [
    { code: "2", name: "Phí thẩm định", kind: "fee", amount: 100_000, collectedAt: "intake" },
    { code: "3", name: "Lệ phí", kind: "charge", amount: 50_000, collectedAt: "intake" },
  ];
  const body = dossierBody({ status: "payment-required", fees });
  const put = await scene.call("PUT", `/v1/dossiers/${OWING}?known=true`, body, { client: "industry" });
  expect(put.status).toBe(202);
});
afterAll(() => scene.close());

interface Bill {
  readonly error_code: number;
  readonly message: { readonly PhiLePhi?: readonly { readonly SoTien: unknown }[] };
}

/** What the portal is told that the dossier owes: the amounts, in their order; null: nothing. */
const owed = async (): Promise<number[] | null> => {
  const headers = { "x-api-key": KEY, "content-type": "application/json" };
  const init = { method: "POST", headers, body: JSON.stringify({ MaHoSo: OWING }) };
  const { body } = await scene.send<Bill>("/portal/dptracuuthanhtoanhs", init);
  return body.error_code === 1 ? (body.message.PhiLePhi ?? []).map(({ SoTien }) => Number(SoTien)) : null;
};

test("what was paid online is not asked for again by the portal, and what was not is", async () => {
  expect(await owed()).toEqual([100_000, 50_000]);
  const lines = [
    { kind: "fee", code: "2", name: "Phí thẩm định", amount: 100_000 },
    { kind: "charge", code: "3", name: "Lệ phí", amount: 20_000 },
  ];
  const payment = await scene.create({ dossierCode: OWING, amount: 120_000, lines });
  expect(await owed()).toEqual([100_000, 50_000]);
  await scene.report(payment, { amount: 120_000 });
  expect(await owed()).toEqual([30_000]);
  const rest = [{ kind: "charge", code: "3", name: "Lệ phí", amount: 30_000 }];
  await scene.report(await scene.create({ dossierCode: OWING, amount: 30_000, lines: rest }), { amount: 30_000 });
  expect(await owed()).toBeNull();
});
