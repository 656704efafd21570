import { describe, expect, test } from "vitest";
import { apiHash, readAmount, toAmount } from "../../../adapters/vnpay/map.ts";
import { canonicalQuery, signQuery } from "../../../adapters/vnpay/signed-query.ts";
import { handClock, scripted, scriptedCall } from "../call-context.ts";
import { anOrder, callbacksOf, openPayments } from "../payment-scene.ts";

const SECRET = "VNPAYTESTSECRET0123456789ABCDEF";
const PAY =
  "vnp_Amount=15000000&vnp_Command=pay&vnp_CreateDate=20240819083015&vnp_CurrCode=VND&vnp_ExpireDate=20240819084515&vnp_IpAddr=203.0.113.10&vnp_Locale=vn&vnp_OrderInfo=Thanh+toan+ho+so+H38.2408-19-00012&vnp_OrderType=other&vnp_ReturnUrl=https%3A%2F%2Fdvc.tinhmau.example%2Fvnpay%2Freturn%3Fkenh%3Dweb&vnp_TmnCode=TINHMAU1&vnp_TxnRef=H38240819000120001&vnp_Version=2.1.0";
const PAY_HASH =
  "9ddac581ebc3ecc31c6acc3ebf89d27b864910663e790ecb0c1bc1d81e90f4f626bc8401ac0e6946f69c0005d8ff9c85fd99524c6cc1cff7ea7ee4d35d274550";
const IPN =
  "vnp_Amount=15000000&vnp_BankCode=NCB&vnp_BankTranNo=VNP14555555&vnp_CardType=ATM&vnp_OrderInfo=Thanh+toan+ho+so+H38.2408-19-00012&vnp_PayDate=20240819083140&vnp_ResponseCode=00&vnp_TmnCode=TINHMAU1&vnp_TransactionNo=14555555&vnp_TransactionStatus=00&vnp_TxnRef=H38240819000120001";
const IPN_HASH =
  "afe8ac4752b7c832a79922f5af2f18b4558d4e234e56e6f22ef739c7738bd53536c738c616515db067301d164fbaefb9c439ae20257ebacf13474c222f5c7fee";
const SPACES_AS_20 =
  "609d5ae532d6f4322a6cededfdf56fe229ebf2154f82c3d91a660980f771d5ff1adf34a0879a6ef5c021d2b6999a472cbfcbcd5feb336f2cc51844ee690d549d";
const UNENCODED =
  "122106a926576efe3ddbb917a6a391c0b79e6a8386309511bbb0d9c7fb50675b0499a55ac665c3e7245f70239e195898580444b8d2d165688cb4259cc34082ec";

const settings = { VNPAY_TMN_CODE: "TINHMAU1", VNPAY_SECRET: SECRET };
const callbacks = callbacksOf("vnpay", settings);
const read = (query: string, from = callbacks) => from.read({ method: "GET", query, contentType: "", body: "" });
const signedWith = async (change: Record<string, string>, secret = SECRET) =>
  signQuery({ ...Object.fromEntries(new URLSearchParams(IPN)), ...change }, secret);

test("V10: the redirect is the document's, to the letter", async () => {
  const gateway = openPayments("vnpay", { ...settings, VNPAY_PAY_URL: "https://sandbox.example/pay" }).payments;
  const order = anOrder({
    createdAt: new Date("2024-08-19T01:30:15Z"),
    content: "Thanh toán hồ sơ H38.2408-19-00012".normalize("NFD"),
  });
  const call = scriptedCall(scripted().transport, { clock: handClock() });
  const { beneficiary: _, ...unaddressed } = order;
  expect(gateway?.needsBeneficiary).toBe(false);
  expect(await gateway?.create(unaddressed, call)).toEqual({
    ok: true,
    value: {
      payUrl: `https://sandbox.example/pay?${PAY}&vnp_SecureHash=${PAY_HASH}`,
      expiresAt: new Date("2024-08-19T01:45:15Z"),
    },
  });
  expect(call.attempts).toEqual([]);
});

test("V10: the notification is an event", async () => {
  const event = await read(`${IPN}&vnp_SecureHash=${IPN_HASH}`);
  expect(event).toMatchObject({
    ...{ kind: "event", reference: "H38240819000120001", outcome: "paid", code: "00/00", amount: 150_000 },
    ...{ partner: "TINHMAU1", ours: true, transactionId: "14555555", bank: "NCB" },
    paidAt: "2024-08-19T08:31:40+07:00",
  });
  expect(event.kind === "event" && event.signed.has("outcome") && event.signed.has("amount")).toBe(true);
});

test.each([
  ["in capitals", `${IPN}&vnp_SecureHash=${IPN_HASH.toUpperCase()}`],
  ["with its type", `${IPN}&vnp_SecureHashType=HmacSHA512&vnp_SecureHash=${IPN_HASH}`],
  ["with what a proxy put in", `utm_source=x&${IPN}&vnp_SecureHash=${IPN_HASH}&sessionid=1`],
  ["with an empty parameter", `${IPN}&vnp_PromotionCode=&vnp_SecureHash=${IPN_HASH}`],
  ["in another order", `vnp_SecureHash=${IPN_HASH}&${IPN.split("&").reverse().join("&")}`],
  ["with spaces as %20", `${IPN.replaceAll("+", "%20")}&vnp_SecureHash=${IPN_HASH}`],
])("the same %s is believed", async (_name, query) => {
  expect(await read(query)).toMatchObject({ kind: "event", amount: 150_000 });
});

test("characters that encoders disagree about are taken as they came", async () => {
  const text = `${IPN.replace("Thanh+toan", "Thanh*~toan'")}`;
  const key = await crypto.subtle.importKey(
    "raw",
    new TextEncoder().encode(SECRET),
    { name: "HMAC", hash: "SHA-512" },
    false,
    ["sign"],
  );
  const hash = Buffer.from(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(text))).toString("hex");
  expect(await read(`${text}&vnp_SecureHash=${hash}`)).toMatchObject({ kind: "event" });
});

describe("what is not believed", () => {
  test.each([
    ["spaces signed as %20", `${IPN}&vnp_SecureHash=${SPACES_AS_20}`],
    ["the same, sent so", `${IPN.replaceAll("+", "%20")}&vnp_SecureHash=${SPACES_AS_20}`],
    ["unencoded values signed", `${IPN}&vnp_SecureHash=${UNENCODED}`],
    ["no signature", IPN],
    ["an empty one", `${IPN}&vnp_SecureHash=`],
    ["the redirect's signature", `${IPN}&vnp_SecureHash=${PAY_HASH}`],
    ["another amount", `${IPN.replace("15000000", "1500000")}&vnp_SecureHash=${IPN_HASH}`],
    ["another outcome", `${IPN.replace("Status=00", "Status=02")}&vnp_SecureHash=${IPN_HASH}`],
    ["one parameter more", `${IPN}&vnp_Extra=1&vnp_SecureHash=${IPN_HASH}`],
    ["one parameter less", `${IPN.replace("&vnp_CardType=ATM", "")}&vnp_SecureHash=${IPN_HASH}`],
    ["nothing", ""],
  ])("%s", async (_name, query) => {
    expect(await read(query)).toMatchObject({ kind: "refused", why: "bad-signature" });
  });

  test.each([
    ["a parameter that stands twice", `${IPN}&vnp_Amount=1&vnp_SecureHash=${IPN_HASH}`],
    ["a name in disguise", `${IPN}&%76np_Amount=1&vnp_SecureHash=${IPN_HASH}`],
    ["what is not UTF-8", `${IPN}&vnp_X=%ff&vnp_SecureHash=${IPN_HASH}`],
    ["too long a query", `${IPN}&x=${"x".repeat(70_000)}&vnp_SecureHash=${IPN_HASH}`],
  ])("%s is not even read", async (_name, query) => {
    expect(await read(query)).toMatchObject({ kind: "refused", why: "unreadable" });
  });

  test("without a secret nothing is", async () => {
    for (const secret of [undefined, "", ",", `${SECRET},`]) {
      const blind = callbacksOf("vnpay", { ...settings, VNPAY_SECRET: secret });
      expect(await read(`${IPN}&vnp_SecureHash=${IPN_HASH}`, blind)).toMatchObject({ why: "not-configured" });
    }
  });
});

test.each([
  ["00", "00", "paid", undefined],
  ["24", "02", "failed", undefined],
  ["00", "02", "failed", undefined],
  ["24", "00", "failed", undefined],
  ["00", "01", "pending", undefined],
  ["00", "", "pending", undefined],
  ["07", "00", "pending", true],
  ["00", "07", "pending", true],
])("response %s and status %j are %s", async (response, status, outcome, held) => {
  const query = await signedWith({ vnp_ResponseCode: response, vnp_TransactionStatus: status });
  const event = await read(query);
  expect(event).toMatchObject({ kind: "event", outcome });
  expect(event.kind === "event" && event.held).toBe(held);
});

test.each(["15000050", "1", "-100", "1.5e7", "900719925474099200", "", "15000000 "])(
  "%j is no amount in VND times 100, although signed",
  async (amount) => {
    const reading = await read(await signedWith({ vnp_Amount: amount }));
    expect(reading).toMatchObject({ kind: "refused", why: "wrong-amount" });
  },
);

test("amounts never pass through floats", () => {
  expect(toAmount(9_999_999_999)).toBe("999999999900");
  expect(toAmount(10_000_000_000)).toBeNull();
  expect(readAmount("900719925474099100")).toBe(9007199254740991);
  expect(readAmount("115")).toBeUndefined();
});

test("while a secret is exchanged both are good", async () => {
  const both = callbacksOf("vnpay", { ...settings, VNPAY_SECRET: `new-one,${SECRET}` });
  expect(await read(`${IPN}&vnp_SecureHash=${IPN_HASH}`, both)).toMatchObject({ kind: "event" });
  expect(await read(await signedWith({}, "new-one"), both)).toMatchObject({ kind: "event" });
});

test.each([
  ["recorded", "00"],
  ["duplicate", "02"],
  ["unknown-reference", "01"],
  ["foreign-partner", "01"],
  ["wrong-amount", "04"],
  ["wrong-currency", "04"],
  ["bad-signature", "97"],
  ["unreadable", "99"],
  ["not-recorded", "99"],
  ["not-configured", "99"],
] as const)("%s is answered with HTTP 200 and RspCode %s", (verdict, code) => {
  const { status, body } = callbacks.answer(verdict);
  expect(status).toBe(200);
  const ack = JSON.parse(body) as Record<string, unknown>;
  expect(ack["RspCode"]).toBe(code);
  expect(Object.keys(ack)).toEqual(["RspCode", "Message"]);
});

test("V10: querydr and refund are signed over their own fields", async () => {
  const common = { vnp_Version: "2.1.0", vnp_TmnCode: "TINHMAU1", vnp_TxnRef: "H38240819000120001" };
  const dates = { vnp_TransactionDate: "20240819083015", vnp_IpAddr: "203.0.113.10" };
  const query = { ...common, ...dates, vnp_RequestId: "REQ0001", vnp_Command: "querydr" };
  const asked = { ...query, vnp_CreateDate: "20240819090000", vnp_OrderInfo: "Truy van H38.2408-19-00012" };
  expect(await apiHash("querydr", asked, SECRET)).toBe(
    "b8ef51ace08db854ba32afe6d72fc5939d551980e2b325c2a959f46ac49d99d553922401c509797be4f32ea34d963fa15825666da23dd2194a944d2e18e9b60b",
  );
  const refund = {
    ...{ ...common, ...dates, vnp_RequestId: "REQ0002", vnp_Command: "refund", vnp_TransactionType: "02" },
    ...{ vnp_Amount: "15000000", vnp_TransactionNo: "14555555", vnp_CreateBy: "canbo01" },
    ...{ vnp_CreateDate: "20240820090000", vnp_OrderInfo: "Hoan phi H38.2408-19-00012" },
  };
  expect(await apiHash("refund", refund, SECRET)).toBe(
    "997b6de10be2e9c540a8d8357a59320b5ee4f7390dbae4b546840d72f958050307a7bd8ed2043194984c87dfb62ead4b811d2d215a82100bade276427dd44631",
  );
});

test("empty parameters are not signed", () => {
  expect(canonicalQuery({ vnp_B: "", vnp_A: "a b", vnp_SecureHash: "x" })).toBe("vnp_A=a+b");
});
