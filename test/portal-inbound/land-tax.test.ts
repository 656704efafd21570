import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TaxDecision, TaxReceipt } from "../../contracts/portal-inbound.ts";
import { balanceOf, NO_LAND_TAX, withDecisions, withReceipt } from "../../src/portal-inbound/land-tax.ts";
import { dossierBody } from "../gateway-scene.ts";
import { codeOf } from "../http/api-scene.ts";
import { type InboundScene, list, notice, openInboundScene, receipt } from "./inbound-scene.ts";

const NOTICE = "forward/nhantbthuedvcqg";
const RECEIPT = "forward/nhanhsdvcqg";
const BILL = "dptracuuthanhtoanhs";

interface BillBody {
  error_code: number;
  message: {
    SoTien: string;
    DSKhoanNop: { NoiDung: string; SoTien: string }[];
    HoTenNguoiNop: string;
    MaTraCuuTT: string;
  };
}

let scene: InboundScene;
let number = 100;
const nextCode = (): string => codeOf(++number);
const balanceIn = async (code: string) => (await scene.eventsOf(code)).at(-1)?.data?.["balance"];

beforeAll(async () => {
  scene = await openInboundScene();
});
afterAll(() => scene.close());

test("one notice tells many dossiers and many decisions, with either spelling and amounts above 2^31", async () => {
  const [one, two] = [nextCode(), nextCode()];
  const rows = [
    [one, list("QD-1", "3000000000") + list("QD-2", "2500000001", "Lệ phí trước bạ", "TEN_TIEU_MUC")],
    [two, list("QD-3", "12000000000000")],
  ] as const;
  expect(await scene.code(NOTICE, notice(rows))).toBe(0);
  const [told] = await scene.eventsOf(one);
  expect(told).toMatchObject({ type: "tax-notice.received", agency: "H04", data: { dossierCode: one } });
  expect(told?.data?.["decisions"]).toEqual([
    {
      taxCode: "8000000001",
      decision: "QD-1",
      decidedOn: "2026-11-20",
      item: "Tiền sử dụng đất",
      amount: 3_000_000_000,
    },
    {
      taxCode: "8000000001",
      decision: "QD-2",
      decidedOn: "2026-11-20",
      item: "Lệ phí trước bạ",
      amount: 2_500_000_001,
    },
  ]);
  expect(await balanceIn(two)).toMatchObject({
    due: 12_000_000_000_000,
    remaining: 12_000_000_000_000,
    settled: false,
  });
  expect(await scene.storesNothing(() => scene.code(NOTICE, notice(rows)))).toBe(1);
});

test("a notice that tells one dossier anew and one again tells the owner of the new one alone", async () => {
  const [one, two] = [nextCode(), nextCode()];
  await scene.portal(NOTICE, notice([[one, list("QD-1", "1000")]]));
  expect(
    await scene.code(
      NOTICE,
      notice([
        [one, list("QD-1", "1000")],
        [two, list("QD-1", "2000")],
      ]),
    ),
  ).toBe(0);
  expect([(await scene.eventsOf(one)).length, (await scene.eventsOf(two)).length]).toEqual([1, 1]);
});

test("a receipt may come before its notice, and is joined to it; a part payment leaves the rest", async () => {
  const code = nextCode();
  expect(await scene.code(RECEIPT, receipt(code, "QD-1", "1000000000"))).toBe(0);
  const [early] = await scene.eventsOf(code);
  expect(early).toMatchObject({
    type: "tax-receipt.received",
    data: { noticeKnown: false, receipt: { amount: 1_000_000_000, paid: true, paidAt: "2026-11-21T09:00:00+07:00" } },
  });
  await scene.portal(NOTICE, notice([[code, list("QD-1", "3000000000")]]));
  expect(await balanceIn(code)).toMatchObject({ due: 3e9, paid: 1e9, remaining: 2e9, settled: false, unmatched: 0 });
  const rest = receipt(code, "QD-1", 2_000_000_000, { ThoiGianThanhToan: "20261122090000" });
  expect([await scene.code(RECEIPT, rest), await scene.code(RECEIPT, rest)]).toEqual([0, 1]);
  expect(await balanceIn(code)).toMatchObject({ paid: 3e9, remaining: 0, settled: true });
});

test("the look-up of what is owed answers an object, or an empty list, by the notices and receipts so far", async () => {
  const code = nextCode();
  const bill = async () => (await scene.portal<BillBody>(BILL, { MaHoSo: code })).body;
  expect(await bill()).toEqual({ error_code: -1, message: [] });
  await scene.portal(NOTICE, notice([[code, list("QD-1", "3000000000") + list("QD-2", "500")]]));
  const owed = await bill();
  expect(owed.error_code).toBe(1);
  expect(owed.message.SoTien).toBe("3000000500");
  expect(owed.message.MaTraCuuTT).toMatch(new RegExp(`^${code}\\d{14}$`, "u"));
  await scene.portal(RECEIPT, receipt(code, "QD-1", "3000000000"));
  expect((await bill()).message.DSKhoanNop.map(({ SoTien }) => SoTien)).toEqual(["500"]);
  await scene.portal(RECEIPT, receipt(code, "QD-2", "500"));
  expect(await bill()).toEqual({ error_code: 0, message: [] });
});

test("fees of a dossier are owed while it waits for payment", async () => {
  const code = nextCode();
  const fees = [{ code: "LP.01", name: "Lệ phí cấp", kind: "charge", amount: 150_000, collectedAt: "result" }];
  await scene.call("PUT", `/v1/dossiers/${code}?known=true`, dossierBody({ fees }));
  expect((await scene.portal<BillBody>(BILL, { MaHoSo: code })).body).toEqual({ error_code: 0, message: [] });
  await scene.call("PUT", `/v1/dossiers/${code}?known=true`, dossierBody({ fees, status: "payment-required" }));
  const { body } = await scene.portal<BillBody>(BILL, { MaHoSo: code });
  expect([body.error_code, body.message.SoTien, body.message.HoTenNguoiNop]).toEqual([1, "150000", "Trần Thị Ví Dụ"]);
});

test("tax papers of a dossier go to its owner", async () => {
  const code = nextCode();
  await scene.call("PUT", `/v1/dossiers/${code}?known=true`, dossierBody(), { client: "industry" });
  await scene.portal(NOTICE, notice([[code, list("QD-1", "1000")]]));
  expect((await scene.eventsOf(code, "industry")).map(({ agency }) => agency)).toEqual(["H04.15"]);
  expect(await scene.eventsOf(code, "health")).toEqual([]);
});

test("the status of a dossier is told flat, or error_code -1 in text", async () => {
  const code = nextCode();
  await scene.call("PUT", `/v1/dossiers/${code}?known=true`, dossierBody({ status: "processing", delivery: "post" }));
  const { body } = await scene.portal<Record<string, string>>("search/call", {
    madonvi: "H04",
    service: "TraCuu",
    masohoso: code,
  });
  expect(body).toMatchObject({
    MaHoSo: code,
    MaTTHC: "2.000591",
    TrangThaiHoSo: "4",
    HinhThuc: "1",
    LoaiDoiTuong: "1",
  });
  for (const unknown of [{ masohoso: "H04.15-261120-9999" }, {}, "not json"]) {
    const answer = await scene.portal<Record<string, string>>("search/call", unknown);
    expect([answer.status, answer.body["error_code"]]).toEqual([200, "-1"]);
  }
});

describe("the books of one dossier", () => {
  const decision = (parts: Partial<TaxDecision> = {}): TaxDecision => ({
    taxCode: "1",
    decision: "QD",
    decidedOn: "2026-11-20",
    item: "Tiền",
    amount: 1000,
    ...parts,
  });
  const paid = (amount: number, parts: Partial<TaxReceipt> = {}): TaxReceipt => ({
    taxCode: "1",
    decision: "QD",
    paidAt: "2026-11-21T00:00:00+07:00",
    amount,
    paid: true,
    payer: {},
    ...parts,
  });

  test("come out the same in whatever order notices and receipts are told", () => {
    const first = withReceipt(withDecisions(NO_LAND_TAX, [decision()]).tax, paid(400));
    const second = withDecisions(withReceipt(NO_LAND_TAX, paid(400)), [decision()]).tax;
    expect(balanceOf(first)).toEqual(balanceOf(second));
    expect(balanceOf(first)).toMatchObject({ due: 1000, paid: 400, remaining: 600, settled: false });
  });

  test("take a corrected decision, and keep it when an earlier one comes late", () => {
    const corrected = decision({ amount: 700, decidedOn: "2026-11-22" });
    const { tax } = withDecisions(withDecisions(NO_LAND_TAX, [decision()]).tax, [corrected]);
    expect(balanceOf(tax).due).toBe(700);
    const late = withDecisions(tax, [decision({ amount: 900, decidedOn: "2026-11-21" })]);
    expect([late.fresh, balanceOf(late.tax).due]).toEqual([[], 700]);
  });

  test("add sub-items of one name, but not the same line twice", () => {
    const { tax } = withDecisions(NO_LAND_TAX, [decision(), decision(), decision({ amount: 50 })]);
    expect(balanceOf(tax)).toMatchObject({ due: 1050, decisions: [{ decision: "QD", due: 1050 }] });
  });

  test("do not count a receipt that is not paid, nor carry an overpayment to another decision", () => {
    const two = withDecisions(NO_LAND_TAX, [decision(), decision({ decision: "QD-2" })]).tax;
    const over = withReceipt(withReceipt(two, paid(5000)), paid(1, { decision: "QD-2", paid: false }));
    expect(balanceOf(over)).toMatchObject({ remaining: 1000, settled: false });
    const told = withReceipt(over, paid(1, { decision: "QD-2", paid: true }));
    expect([told.receipts.length, balanceOf(told).remaining]).toEqual([2, 999]);
  });
});
