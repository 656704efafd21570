import { describe, expect, test } from "vitest";
import { checkSumOf } from "../../../adapters/keypay/map.ts";
import { callbacksOf, posted } from "../payment-scene.ts";

const KEY_1 = "KEY1-abcdef";
const KEY_2 = "KEY2-ghijkl";
const FIELDS = {
  ...{ addition_fee: "0", client_id: "TINHMAU01", command: "PAY", trans_amount: "150000" },
  ...{ transaction_id: "7781_4f1c2b9a-1111", version: "3.0" },
};
const CALLBACK = {
  ...FIELDS,
  ...{ transaction_code: "KP1", payment_fee: "0", status: 0 as number | string },
  check_sum: "383b9cfeb2ade86a00d8296b0cb82f1721fb76415c54e7db1110c980250b5af8",
};
const settings = {
  ...{ KEYPAY_CLIENT_ID: "TINHMAU01", KEYPAY_KEY_2: KEY_2, KEYPAY_FAILED_STATUSES: "3" },
};
const callbacks = callbacksOf("keypay", settings);
const read = (body: unknown, type?: string) => callbacks.read(posted(body, type));
const FORM = "application/x-www-form-urlencoded; charset=UTF-8";
const asForm = (fields: Record<string, unknown>) =>
  new URLSearchParams(
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)])),
  ).toString();

test.each([
  ["create", KEY_1, FIELDS, "ad7823a3c16ff247a15845c23aec7082645360d7bb5845571a34dc2572593506"],
  ["callback", KEY_2, FIELDS, CALLBACK.check_sum],
  ["detail", KEY_1, FIELDS, "d6aaab26cc369bb365fbf8b71db7a55770531249813f62e0d7304f419c43f265"],
  [
    "refund",
    KEY_1,
    { ...FIELDS, amount: "150000", command: "REFUND", reason: "Nop trung" },
    "e7537271299a66cb2c6938d9ef1a2026ec0abaeade528e7d2ca5a26ab26bd855",
  ],
] as const)("V6: %s has its own check_sum", async (message, key, fields, sum) => {
  expect(await checkSumOf(message, fields, key)).toBe(sum);
});

test.each([
  ["JSON", CALLBACK, "application/json"],
  ["JSON with numbers", { ...CALLBACK, trans_amount: 150000, addition_fee: 0 }, "application/json"],
  ["JSON that calls itself a form", CALLBACK, FORM],
  ["a form", asForm(CALLBACK), FORM],
  ["JSON with bill_info as a text", { ...CALLBACK, bill_info: '{"MaHoSo":"H38"}' }, "application/json"],
  ["JSON without a client", { ...CALLBACK, client_id: undefined }, "application/json"],
])("a report as %s is an event whose status nobody signed", async (_name, body, type) => {
  const event = await read(body, type);
  expect(event).toMatchObject({
    ...{ kind: "event", reference: "7781_4f1c2b9a-1111", outcome: "paid", code: "0", amount: 150_000 },
    ...{ partner: "TINHMAU01", ours: true, transactionId: "KP1" },
  });
  expect(event.kind === "event" && [...event.signed].sort()).toEqual(["amount", "partner", "reference"]);
});

test.each([
  [0, "paid"],
  ["0", "paid"],
  [3, "failed"],
  [2, "pending"],
  ["", "pending"],
  [undefined, "pending"],
  ["00", "pending"],
])("the status %j is %s: one that no source explains is never final", async (status, outcome) => {
  expect(await read({ ...CALLBACK, status })).toMatchObject({ kind: "event", outcome });
});

test("paid and failed statuses are settings", async () => {
  const old = callbacksOf("keypay", { ...settings, KEYPAY_PAID_STATUSES: "0,2", KEYPAY_FAILED_STATUSES: "1" });
  expect(await old.read(posted({ ...CALLBACK, status: 2 }))).toMatchObject({ outcome: "paid" });
  expect(await old.read(posted({ ...CALLBACK, status: 1 }))).toMatchObject({ outcome: "failed" });
});

describe("what is not believed", () => {
  test.each([
    ["our own key", { ...CALLBACK, check_sum: "ad7823a3c16ff247a15845c23aec7082645360d7bb5845571a34dc2572593506" }],
    ["no check_sum", { ...CALLBACK, check_sum: undefined }],
    ["another amount", { ...CALLBACK, trans_amount: "1500000" }],
    ["an addition", { ...CALLBACK, addition_fee: "1" }],
    ["another client", { ...CALLBACK, client_id: "KHAC" }],
    ["a boundary moved", { ...CALLBACK, addition_fee: "0|TINHMAU01", client_id: "PAY", command: "150000" }],
  ])("%s", async (_name, body) => {
    expect(await read(body)).toMatchObject({ kind: "refused", why: "bad-signature" });
  });

  test("a name that stands twice, in either form", async () => {
    expect(await read(`${asForm(CALLBACK)}&status=0`, FORM)).toMatchObject({ why: "unreadable" });
    expect(await read(JSON.stringify(CALLBACK).replace("{", '{"status":3,'))).toMatchObject({ why: "unreadable" });
  });

  test.each(["", "null", "[1]", "a=b", `{"a":"${"x".repeat(70_000)}"}`])("%# is unreadable as JSON", async (body) => {
    expect(await read(body)).toMatchObject({ kind: "refused", why: "unreadable" });
  });

  test("an empty form has no check_sum", async () => {
    expect(await read("", FORM)).toMatchObject({ kind: "refused", why: "bad-signature" });
  });

  test("without KeyPay's key nothing is", async () => {
    for (const keys of [undefined, "", ",", `${KEY_2},`]) {
      const blind = callbacksOf("keypay", { ...settings, KEYPAY_KEY_2: keys });
      const check_sum = await checkSumOf("callback", FIELDS, KEY_1);
      expect(await blind.read(posted({ ...CALLBACK, check_sum }))).toMatchObject({ why: "not-configured" });
    }
  });
});

test.each(["9007199254740992", "150000.0", "0x10", "-5", ""])(
  "%j is no amount, although signed",
  async (trans_amount) => {
    const check_sum = await checkSumOf("callback", { ...FIELDS, trans_amount }, KEY_2);
    expect(await read({ ...CALLBACK, trans_amount, check_sum })).toMatchObject({
      kind: "refused",
      why: "wrong-amount",
    });
  },
);

test("while a key is exchanged both are good", async () => {
  const both = callbacksOf("keypay", { ...settings, KEYPAY_KEY_2: `new-key,${KEY_2}` });
  expect(await both.read(posted(CALLBACK))).toMatchObject({ kind: "event" });
  const check_sum = await checkSumOf("callback", FIELDS, "new-key");
  expect(await both.read(posted({ ...CALLBACK, check_sum }))).toMatchObject({ kind: "event" });
});

test.each([
  ["recorded", 200, 0],
  ["duplicate", 200, 0],
  ["unknown-reference", 200, -1],
  ["foreign-partner", 200, -1],
  ["wrong-amount", 200, -1],
  ["bad-signature", 200, -1],
  ["unreadable", 200, -1],
  ["not-recorded", 503, -1],
] as const)("%s is answered with HTTP %s and return_code %s", (verdict, status, code) => {
  const answer = callbacks.answer(verdict);
  expect(answer.status).toBe(status);
  const body = JSON.parse(answer.body) as Record<string, unknown>;
  expect(body["return_code"]).toBe(code);
  expect(Object.keys(body)).toEqual(["return_code", "return_msg"]);
});
