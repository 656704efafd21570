import { describe, expect, test } from "vitest";
import { signatureOf, toInit } from "../../../adapters/payment-platform/map.ts";
import { type PaymentProfile, PROFILES } from "../../../adapters/payment-platform/profile.ts";
import { SIGNED, signedText } from "../../../contracts/platforms/payment-platform/wire.ts";
import { anOrder, callbacksOf, posted } from "../payment-scene.ts";

const SECRET = "PPTEST-0123456789abcdef";
const PARTNER = "PP-TINHMAU";
const REFERENCE = "dvcH382408190001220240819083015";
const settings = { PAYMENT_PLATFORM_PARTNER: PARTNER, PAYMENT_PLATFORM_SECRETS: SECRET };

const INIT = {
  ...{ LoaiBanTin: "INIT", PhienBan: "1.0.6", MaDoiTac: PARTNER, MaThamChieu: REFERENCE, SoTien: "150000" },
  ...{ LoaiHinhThanhToan: "PAY", MaKenhThanhToan: "1", MaThietBi: "1", NgonNgu: "vi-VN", MaTienTe: "VND" },
  ...{ MaNganHang: "PAYMENT", ThongTinGiaoDich: "THANH TOAN HO SO H38.2408-19-00012" },
  ...{ ThoiGianGD: "20240819083015", Ip: "203.0.113.10" },
};

const CONFIRM = {
  ...{
    LoaiBanTin: "CONFIRM",
    MaLoi: "00",
    MaDoiTac: PARTNER,
    MaThamChieu: REFERENCE,
    SoTien: 150000 as number | string,
  },
  ...{ MaTienTe: "VND", MaGiaoDich: "PP240819000123", MaNganHang: "VCB", ThoiGianGD: "20240819083142" },
  ThongTinGiaoDich: "THANH TOAN HO SO H38.2408-19-00012",
  MaXacThuc: "f1c3a89e39bca2d7abe02c5e547ce39268f9131932a7342037282c3fb88da065",
};
const V3 = "93a6e9cfb6118d9e71d34349dca8fa4399360b08a53abbc0ae2875f895007aca";
const V3B = "d07202819fdd6e17270bb5d5f4724e51b285b127f1fb6c0205824ab2b0aed837";
const V3C = "ee6796e9c46585248b7c4be8b91fd9d89bead8ad34b14f25b660b767815c9165";

const callbacks = callbacksOf("payment-platform", settings);
const read = (body: unknown) => callbacks.read(posted(body));

const sign = async (fields: Record<string, unknown>, secret = SECRET) => {
  const text = signedText(
    SIGNED.CONFIRM.map((name) => String(fields[name] ?? "")),
    secret,
  );
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return { ...fields, MaXacThuc: Buffer.from(bytes).toString("hex") };
};

test("V1: INIT is signed in its own order", async () => {
  expect(await signatureOf("INIT", INIT, SECRET)).toBe(
    "aadfa57f16588a5844b2f5920e4f08f4f794f94af8182d1bd9e84a88a30e5efb",
  );
});

test("V1: an order becomes that message, with an ASCII text and the payer's own address", async () => {
  const config = { profile: PROFILES["standard"] as PaymentProfile, partner: PARTNER, secrets: [SECRET, "older"] };
  const order = anOrder({
    reference: REFERENCE,
    createdAt: new Date("2024-08-19T01:30:15.900Z"),
    content: "THANH TOÁN HỒ SƠ H38.2408-19-00012".normalize("NFD"),
  });
  const beneficiary = { account: "0011000123456", bank: "970436", name: "DON VI MAU" };
  const init = await toInit(order, beneficiary, config);
  expect(init).toMatchObject({
    ...INIT,
    MaXacThuc: "aadfa57f16588a5844b2f5920e4f08f4f794f94af8182d1bd9e84a88a30e5efb",
  });
  expect(init.ThongTinBienLai).toMatchObject({
    ...{ MaDichVu: "2", MaTTHC: "1.001193", MaDVC: "1.001193.01", TenTTHC: "Thủ tục mẫu", MaDonVi: "000.00.19.H38" },
    ...{ TKThuHuong: "0011000123456", MaNHThuHuong: "970436", DiaChiNguoiNop: "", HuyenNguoiNop: "" },
    PhiLePhi: [
      { LoaiPhiLePhi: "1", MaPhiLePhi: "2", TenPhiLePhi: "Phí mẫu", SoTien: "100000" },
      { LoaiPhiLePhi: "2", MaPhiLePhi: "2", TenPhiLePhi: "Lệ phí mẫu", SoTien: "50000" },
    ],
  });
});

test.each([
  ["NFC", "dfb346b1965f4fd44bc6639555b0455763fd2e9261f6692b324ab7b6fc0f8a0a"],
  ["NFD", "f171db1117c562608212a452cabbfa9f48e394c4d8165283e45d04c5556ba408"],
])("V1b: a text in %s is hashed exactly as it stands", async (form, digest) => {
  const ThongTinGiaoDich = "Thanh toán lệ phí hồ sơ H38.2408-19-00012".normalize(form);
  expect(await signatureOf("INIT", { ...INIT, ThongTinGiaoDich }, SECRET)).toBe(digest);
});

test("V2: a paid CONFIRM is an event of which every decisive field is signed", async () => {
  const event = await read(CONFIRM);
  expect(event).toMatchObject({
    ...{ kind: "event", reference: REFERENCE, outcome: "paid", code: "00", amount: 150_000, currency: "VND" },
    ...{ partner: PARTNER, ours: true, transactionId: "PP240819000123", bank: "VCB" },
    ...{ paidAt: "2024-08-19T08:31:42+07:00", platformTime: "20240819083142" },
  });
  expect(event.kind === "event" && [...event.signed].sort()).toEqual(
    ["reference", "outcome", "amount", "currency", "partner", "transactionId"].sort(),
  );
});

test("V2: it is acknowledged to the letter, with the MaXacThuc that came", async () => {
  const { echo } = await read(CONFIRM);
  const { status, contentType, body } = callbacks.answer("recorded", echo);
  expect([status, contentType]).toEqual([200, "application/json; charset=utf-8"]);
  expect(JSON.parse(body)).toEqual({
    ...{ MaLoi: "00", MoTaLoi: "Thành công", MaDoiTac: PARTNER, MaThamChieu: REFERENCE },
    ...{ ThoiGianGD: "20240819083142", MaXacThuc: CONFIRM.MaXacThuc },
  });
});

test("V3: a rightly signed other amount is read as that amount, for the core to refuse", async () => {
  expect(await read({ ...CONFIRM, SoTien: 15000, MaXacThuc: V3 })).toMatchObject({ kind: "event", amount: 15_000 });
  expect(await read({ ...CONFIRM, SoTien: 150000, MaXacThuc: V3 })).toMatchObject({ why: "bad-signature" });
});

test("V3b: a failed payment is a failure, and acknowledged with 00 once it is recorded", async () => {
  const event = await read({ ...CONFIRM, MaLoi: "01", MaXacThuc: V3B });
  expect(event).toMatchObject({ kind: "event", outcome: "failed", code: "01" });
  expect(JSON.parse(callbacks.answer("recorded", event.echo).body)).toMatchObject({ MaLoi: "00" });
  const mirroring = callbacksOf("payment-platform", { ...settings, PAYMENT_PLATFORM_ACK: "mirror" });
  expect(JSON.parse(mirroring.answer("recorded", event.echo).body)).toMatchObject({ MaLoi: "01" });
});

test("V3c: a digest over the text before the time is refused", async () => {
  expect(await read({ ...CONFIRM, MaXacThuc: V3C })).toMatchObject({ kind: "refused", why: "bad-signature" });
});

test.each([
  ["V4 QUERY", "QUERY", "e55b42774613c2e374d2333eeb6ad809b1a8d0f196bf3c134da3cb89ff20e246"],
  ["V5 GET_BILL", "GET_BILL", "1d29219a8c16432222591b51afc4fb6ef92de540a7fec78df49a1cc38863755a"],
  ["V5b print-receipt", "print-receipt", "0e14667ee660e82a8b53da2f7bc27c01d0dff8671874d7719213efe9ac0a7f24"],
] as const)("%s is signed over its own fields", async (_name, message, digest) => {
  const LoaiBanTin = message === "print-receipt" ? "ignored" : message;
  expect(await signatureOf(message, { ...INIT, LoaiBanTin }, SECRET)).toBe(digest);
});

describe("what is not believed", () => {
  test.each([
    ["no signature", { ...CONFIRM, MaXacThuc: undefined }],
    ["an empty one", { ...CONFIRM, MaXacThuc: "" }],
    ["half of the right one", { ...CONFIRM, MaXacThuc: CONFIRM.MaXacThuc.slice(0, 32) }],
    ["another outcome", { ...CONFIRM, MaLoi: "01" }],
    ["another reference", { ...CONFIRM, MaThamChieu: `${REFERENCE}1` }],
    ["another currency", { ...CONFIRM, MaTienTe: "USD" }],
    ["another transaction", { ...CONFIRM, MaGiaoDich: "PP240819000124" }],
    ["a list for a text", { ...CONFIRM, MaGiaoDich: ["PP240819000123"] }],
  ])("%s", async (_name, body) => {
    expect(await read(body)).toMatchObject({ kind: "refused", why: "bad-signature" });
  });

  test.each(["", "null", "[]", "{", '"x"', "5", `{"a":"${"x".repeat(70_000)}"}`, `${"[".repeat(60_000)}`])(
    "what is no JSON object of a bearable length (%#)",
    async (body) => {
      expect(await read(body)).toMatchObject({ kind: "refused", why: "unreadable" });
    },
  );

  test("a member that stands twice: two readers could take another", async () => {
    const body = JSON.stringify(CONFIRM).replace("{", '{"MaLoi":"01",');
    expect(await read(body)).toMatchObject({ kind: "refused", why: "unreadable" });
    const escaped = JSON.stringify(CONFIRM).replace("{", '{"\\u004daLoi" :"01",');
    expect(await read(escaped)).toMatchObject({ kind: "refused", why: "unreadable" });
  });

  test("a bar inside a field moves its boundary: two messages of one digest are not one", async () => {
    const moved = await sign({ ...CONFIRM, MaGiaoDich: "PP240819000123|VCB", MaNganHang: "20240819083142" });
    expect(await read(moved)).toMatchObject({ kind: "refused", why: "bad-signature" });
  });

  test("without a secret, or with an empty one among them, nothing is", async () => {
    for (const secrets of ["", undefined, ",", `${SECRET},`]) {
      const blind = callbacksOf("payment-platform", { ...settings, PAYMENT_PLATFORM_SECRETS: secrets });
      const forged = await sign(CONFIRM, "");
      expect(await blind.read(posted(forged))).toMatchObject({ kind: "refused", why: "not-configured" });
    }
  });

  test("a message of another kind, although it is rightly signed", async () => {
    expect(await read(await sign({ ...CONFIRM, LoaiBanTin: "INIT" }))).toMatchObject({ why: "unreadable" });
  });
});

test("SoTien as a text means the same as a number, and has the same digest", async () => {
  expect(await read({ ...CONFIRM, SoTien: "150000" })).toMatchObject({ kind: "event", amount: 150_000 });
});

test.each(["150000.0", "1.5e5", "-1", "9007199254740992", "9007199254740993", "99999999999999999999999"])(
  "%s is no amount, although it is rightly signed",
  async (SoTien) => {
    const signed = await sign({ ...CONFIRM, SoTien });
    const asNumber = JSON.stringify(signed).replace(`"SoTien":"${SoTien}"`, `"SoTien":${SoTien}`);
    expect(await read(signed)).toMatchObject({ kind: "refused", why: "wrong-amount" });
    expect(await read(asNumber)).toMatchObject({ kind: "refused", why: "wrong-amount" });
  },
);

test("the largest amount is read to the last digit", async () => {
  const signed = await sign({ ...CONFIRM, SoTien: "9007199254740991" });
  const asNumber = JSON.stringify(signed).replace('"9007199254740991"', "9007199254740991");
  expect(await read(asNumber)).toMatchObject({ kind: "event", amount: 9007199254740991 });
});

test("a text with a bar, and a text in NFD, are taken as they came", async () => {
  for (const ThongTinGiaoDich of ["A | B", "lệ phí".normalize("NFD"), "lệ phí".normalize("NFC")])
    expect(await read(await sign({ ...CONFIRM, ThongTinGiaoDich }))).toMatchObject({ kind: "event" });
});

test("a digest is the same in either case of its letters, and one that begins with zeros is whole", async () => {
  expect(await read({ ...CONFIRM, MaXacThuc: CONFIRM.MaXacThuc.toUpperCase() })).toMatchObject({ kind: "event" });
  for (let n = 0; n < 5000; n++) {
    const signed = await sign({ ...CONFIRM, MaGiaoDich: `PP${n}` });
    if (!signed.MaXacThuc.startsWith("00")) continue;
    expect(await read(signed)).toMatchObject({ kind: "event", transactionId: `PP${n}` });
    expect(await read({ ...signed, MaXacThuc: signed.MaXacThuc.slice(2) })).toMatchObject({ why: "bad-signature" });
    return;
  }
  throw new Error("no digest began with zeros");
});

test("while a secret is exchanged both are good, and no third", async () => {
  const both = callbacksOf("payment-platform", { ...settings, PAYMENT_PLATFORM_SECRETS: `new-one, ${SECRET}` });
  expect(await both.read(posted(CONFIRM))).toMatchObject({ kind: "event" });
  expect(await both.read(posted(await sign(CONFIRM, "new-one")))).toMatchObject({ kind: "event" });
  expect(await both.read(posted(await sign(CONFIRM, "third")))).toMatchObject({ why: "bad-signature" });
});

test("another partner's report is told from ours", async () => {
  expect(await read(await sign({ ...CONFIRM, MaDoiTac: "PP-KHAC" }))).toMatchObject({
    partner: "PP-KHAC",
    ours: false,
  });
});

test.each([
  ["unknown-reference", 200],
  ["foreign-partner", 200],
  ["wrong-amount", 200],
  ["wrong-currency", 200],
  ["bad-signature", 200],
  ["unreadable", 200],
  ["not-recorded", 503],
  ["not-configured", 503],
] as const)("%s is answered with MaLoi 99 and HTTP %s", (verdict, status) => {
  const answer = callbacks.answer(verdict);
  expect(answer.status).toBe(status);
  expect(JSON.parse(answer.body)).toMatchObject({ MaLoi: "99", MaDoiTac: PARTNER, MaXacThuc: "" });
});

test("a repeated report is acknowledged like the first", () => {
  expect(JSON.parse(callbacks.answer("duplicate").body)).toMatchObject({ MaLoi: "00" });
});

test("a returning browser names its reference, and nothing else is taken from it", () => {
  expect(callbacks.referenceIn("data=H38A1&responseCode=00&secureCode=x")).toBe("H38A1");
  expect(callbacks.referenceIn("data=../x&responseCode=00")).toBeUndefined();
  expect(callbacks.referenceIn("responseCode=00")).toBeUndefined();
});
