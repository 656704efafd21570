import { describe, expect, test } from "vitest";
import { toListed, toProcedureContent } from "../../../adapters/national-portal/map-procedure.ts";
import { hasNoFees, hasNoResult } from "../../../contracts/services/procedures.ts";

const WHOLE = {
  ID: "7",
  MATTHC: "2.000648",
  TENTTHC: "  Cấp Giấy chứng nhận  ",
  TRANGTHAI: 1,
  MACOQUANCONGBO: "G02",
  YEUCAU: "Không",
  LINHVUCTHUCHIEN: [{ MALINHVUC: "G02-LT01", TENLINHVUC: "Lưu thông" }, {}],
  CACHTHUCTHUCHIEN: [
    {
      KENH: "1",
      THOIGIAN: [
        {
          THOIGIANGIAIQUYET: "15",
          DONVITINH: "Ngày làm việc",
          MOTA: "Trường hợp 1",
          PHILEPHI: [{ MAPHILEPHI: "P1", SOTIEN: "1.200.000", DONVI: "Đồng", MOTA: "" }],
        },
      ],
    },
    { KENH: "Trực tuyến", THOIGIAN: [] },
    { KENH: "fax" },
  ],
  THANHPHANHOSO: [
    {
      TRUONGHOP: "Cấp mới",
      GIAYTO: [
        { MAGIAYTO: "TP1", TENGIAYTO: "Đơn", TENMAUDON: "Mẫu 1", SOBANCHINH: "1", SOBANSAO: "x", Url: "http://a/b" },
      ],
    },
  ],
  DOITUONGTHUCHIEN: [{ TENDOITUONG: "Doanh nghiệp" }, { TENDOITUONG: "" }],
  COQUANTHUCHIEN: [{ MADONVI: "H04.15", TENDONVI: "Sở" }],
  KETQUATHUCHIEN: [{ MAKETQUA: "KQ1", TENKETQUA: "Giấy chứng nhận" }],
  CANCUPHAPLY: [{ SOVANBAN: "83/2014/NĐ-CP", TENVANBAN: "Nghị định" }],
};

const lower = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(lower);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toLowerCase(), lower(inner)]));
};

const term = (amount: unknown, unit: unknown) =>
  toProcedureContent({ CACHTHUCTHUCHIEN: [{ THOIGIAN: [{ THOIGIANGIAIQUYET: amount, DONVITINH: unit }] }] }).channels[0]
    ?.terms[0]?.time;

const fee = (amount: unknown) =>
  toProcedureContent({ CACHTHUCTHUCHIEN: [{ THOIGIAN: [{ PHILEPHI: [{ SOTIEN: amount }] }] }] }).channels[0]?.terms[0]
    ?.fees[0]?.amount;

describe("a row of LayThuTuc (national-portal section 2.4)", () => {
  test("says everything in our words", () => {
    expect(toProcedureContent(WHOLE)).toEqual({
      name: "Cấp Giấy chứng nhận",
      isPublic: true,
      publishedBy: "G02",
      fields: [{ code: "G02-LT01", name: "Lưu thông" }],
      channels: [
        {
          channel: "counter",
          terms: [
            {
              text: "15 Ngày làm việc",
              time: { unit: "working-days", amount: 15 },
              note: "Trường hợp 1",
              fees: [{ code: "P1", amount: 1_200_000, unit: "Đồng" }],
            },
          ],
        },
        { channel: "online", terms: [] },
        { channel: null, terms: [] },
      ],
      components: [
        {
          case: "Cấp mới",
          papers: [{ code: "TP1", name: "Đơn", form: "Mẫu 1", formUrl: "http://a/b", originals: 1, copies: 0 }],
        },
      ],
      results: [{ code: "KQ1", name: "Giấy chứng nhận" }],
      agencies: [{ code: "H04.15", name: "Sở" }],
      applicants: ["Doanh nghiệp"],
      requirements: "Không",
      legalBases: [{ number: "83/2014/NĐ-CP", name: "Nghị định" }],
    });
  });

  test("is read with keys in any case", () => {
    expect(toProcedureContent(lower(WHOLE) as typeof WHOLE)).toEqual(toProcedureContent(WHOLE));
  });

  test.each([
    ["15", "Ngày làm việc", { unit: "working-days", amount: 15 }],
    ["0,5", "ngày làm việc", { unit: "working-days", amount: 0.5 }],
    [8, "Giờ", { unit: "working-hours", amount: 8 }],
    ["4", "Giờ làm việc", { unit: "working-hours", amount: 4 }],
    ["30", "Ngày", { unit: "days", amount: 30 }],
    ["0.5", "Ngày", null],
    ["2", "Tháng", null],
    ["", "Ngày làm việc", null],
    ["0", "Ngày làm việc", null],
    ["-3", "Ngày", null],
    ["Theo quy định", "", null],
    ["9999", "Ngày", null],
    [null, undefined, null],
  ])("the time %j %j is %j", (amount, unit, expected) => {
    expect(term(amount, unit)).toEqual(expected);
  });

  test.each([
    ["0", 0],
    [0, 0],
    ["100000", 100_000],
    ["100.000", 100_000],
    ["1,200,000 đồng", 1_200_000],
    ["1 200 000", 1_200_000],
    ["", null],
    ["Miễn phí", null],
    ["1.5", null],
    ["-5", null],
  ])("the fee %j is %j", (amount, expected) => {
    expect(fee(amount)).toBe(expected);
  });

  test("no result is what an empty list says; a missing one says nothing", () => {
    const facts = (row: Record<string, unknown>) => hasNoResult(toProcedureContent(row));
    expect(facts({ KETQUATHUCHIEN: [] })).toBe(true);
    expect(facts({ ketquathuchien: [{ MAKETQUA: "", TENKETQUA: "" }] })).toBe(true);
    expect(facts({ KETQUATHUCHIEN: { MAKETQUA: "A", TENKETQUA: "B" } })).toBe(false);
    expect(facts({})).toBe(false);
    expect(facts({ KETQUATHUCHIEN: null })).toBe(false);
    expect(facts({ KETQUATHUCHIEN: "" })).toBe(false);
  });

  test("nothing is charged where every fee is zero or none is named, not where one has no number", () => {
    const facts = (...amounts: unknown[]) =>
      hasNoFees(
        toProcedureContent({
          CACHTHUCTHUCHIEN: [{ THOIGIAN: [{ PHILEPHI: amounts.map((SOTIEN) => ({ SOTIEN })) }] }],
        }),
      );
    expect([facts(), facts("0"), facts("0", "1000"), facts("Theo quy định")]).toEqual([true, true, false, false]);
  });

  test.each([[{}], [{ CACHTHUCTHUCHIEN: "x", THANHPHANHOSO: [null, 1], LINHVUCTHUCHIEN: { MALINHVUC: 3 } }]])(
    "of another shape (%j) is no fault",
    (row) => {
      expect(() => toProcedureContent(row)).not.toThrow();
    },
  );
});

test("the list names each code once, and leaves out what names none", () => {
  expect(
    toListed([
      { MATTHC: "2.000001", TENTTHC: "A" },
      { matthc: "2.000002", tentthc: "B" },
      { MATTHC: "2.000001", TENTTHC: "A (sau)" },
      { MATTHC: "", TENTTHC: "C" },
      { TENTTHC: "D" },
      "x",
      null,
    ]),
  ).toEqual([
    { code: "2.000001", name: "A (sau)" },
    { code: "2.000002", name: "B" },
  ]);
});
