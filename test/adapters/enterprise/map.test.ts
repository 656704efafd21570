import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseExact } from "../../../adapters/enterprise/exact-json.ts";
import { toBusinessV1, toBusinessV2 } from "../../../adapters/enterprise/map.ts";
import { isRow, type Row } from "../../../adapters/enterprise/rows.ts";
import { statusOf, statusOfAll } from "../../../adapters/enterprise/statuses.ts";
import { amountOf, dayOf } from "../../../adapters/enterprise/values.ts";

const CODE = "9900000016";

const rowOf = (json: string): Row => {
  const value = parseExact(json);
  if (!isRow(value)) throw new Error("no object");
  return value;
};
const v1 = (data: object) => {
  const row = rowOf(JSON.stringify(data));
  const main = row["MainInformation"];
  return toBusinessV1(isRow(main) ? main : {}, row, CODE);
};
const main = (parts: object = {}) => ({ NAME: "CÔNG TY MẪU", ENTERPRISE_GDT_CODE: CODE, ...parts });

describe("numbers", () => {
  test.each(["9007199254740993", "9999999999999999.999", "1E10", "-0", "0.1000"])(
    "%s stays as it is written",
    (text) => {
      expect(parseExact(`{"a":[${text}]}`)).toEqual({ a: [text] });
    },
  );

  test("any whole number keeps all its digits, and texts that look like numbers are texts", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.string(), (number, text) => {
        const row = rowOf(`{"CAPITAL_AMOUNT":${number},"t":${JSON.stringify(text)}}`);
        expect(row["CAPITAL_AMOUNT"]).toBe(String(number));
        expect(row["t"]).toBe(text);
      }),
    );
  });

  test.each([
    ["10000000000", "10000000000"],
    ["10000000000.000", "10000000000"],
    ["9007199254740993.125", "9007199254740993.125"],
    ["1E10", "10000000000"],
    ["1.25e3", "1250"],
    ["1.2345e3", "1234.5"],
    ["0", "0"],
    ["0005", "5"],
    ["10.000", "10"],
    ["10.000.000.000", "10000000000"],
    ["10,000,000", "10000000"],
    ["-5", undefined],
    ["1e99", undefined],
    ["1e-3", undefined],
    ["mười tỷ", undefined],
    ["10 000", undefined],
    ["999999999999999999999999", undefined],
    ["", undefined],
  ])("the amount %j is %j", (text, amount) => expect(amountOf(text)).toBe(amount));

  test("capital beyond what a float holds comes out exact, as a number or as text", () => {
    for (const capital of ["9007199254740993", '"9007199254740993"', "9007199254740993.000"]) {
      const row = rowOf(`{"MainInformation":{"NAME":"A","CAPITAL_AMOUNT":${capital}}}`);
      const inner = row["MainInformation"];
      expect(toBusinessV1(isRow(inner) ? inner : {}, row, CODE)?.capital).toBe("9007199254740993");
    }
  });
});

describe("days", () => {
  test.each([
    ["05/01/2020", "2020-01-05"],
    ["5/1/2020", "2020-01-05"],
    ["29/02/2024", "2024-02-29"],
    ["29/02/2023", undefined],
    ["31/04/2020", undefined],
    ["2024-01-05T00:00:00", "2024-01-05"],
    ["2024-01-05", "2024-01-05"],
    ["2024-01-04T17:00:00Z", "2024-01-05"],
    ["2024-01-05T00:00:00+07:00", "2024-01-05"],
    ["0001-01-01T00:00:00", undefined],
    ["01/01/0001", undefined],
    ["2024-13-05", undefined],
    ["hôm qua", undefined],
    ["2024-01-05T00:00:00; drop", undefined],
  ])("%j is %j", (text, day) => expect(dayOf(text)).toBe(day));
});

describe("standings", () => {
  test.each([
    ["Đang hoạt động", "active"],
    ["ĐANG  HOẠT ĐỘNG", "active"],
    ["Đang hoạt động".normalize("NFD"), "active"],
    ["Tạm ngừng kinh doanh", "suspended"],
    ["Tạm ngừng kinh doanh có thời hạn", "suspended"],
    ["Không hoạt động tại địa chỉ đã đăng ký", "not-at-address"],
    ["Không còn hoạt động tại địa chỉ đã đăng ký", "not-at-address"],
    ["Bị thu hồi do cưỡng chế về quản lý thuế", "revoked"],
    ["Đang làm thủ tục giải thể, đã bị chia, bị hợp nhất, bị sáp nhập", "dissolving"],
    ["Đã bị sáp nhập", "merged"],
    ["Đang làm thủ tục phá sản", "bankrupt"],
    ["Đã giải thể, phá sản, chấm dứt tồn tại", "dissolved"],
    ["Đã giải thể", "dissolved"],
    ["", "unknown"],
    ["1", "unknown"],
    ["Đang hoạt động nhưng bị khoá", "unknown"],
    ["Không hoạt động", "unknown"],
    ["Chưa hoạt động", "unknown"],
    ["Ngừng hoạt động", "unknown"],
    ["active", "unknown"],
  ])("%j is %s", (name, status) => expect(statusOf(name)).toBe(status));

  test("no text but the very words is ever active", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme", minLength: 1 }), (before, after) => {
        const words = `${before}x Đang hoạt động ${after}x`;
        expect(statusOf(words)).not.toBe("active");
      }),
    );
  });

  test("of several the one that is not active counts, and of two such nobody knows", () => {
    expect(statusOfAll(["Đang hoạt động", "Đang hoạt động"])).toBe("active");
    expect(statusOfAll(["Đang hoạt động", "Tạm ngừng kinh doanh"])).toBe("suspended");
    expect(statusOfAll(["Đang hoạt động", "Lạ"])).toBe("unknown");
    expect(statusOfAll(["Đã giải thể", "Tạm ngừng kinh doanh"])).toBe("unknown");
    expect(statusOfAll([])).toBe("unknown");
  });
});

describe("generation 1", () => {
  test("representatives are one object or a list, else the joined names", () => {
    const names = (parts: object) => v1({ MainInformation: main({ LEGAL_NAMES: "A; B;" }), ...parts })?.representatives;
    expect(names({ Representatives: { FULL_NAME: "C" } })).toEqual([{ fullName: "C" }]);
    expect(names({ Representatives: [{ FULL_NAME: "C" }, { FULL_NAME: "D" }] })).toEqual([
      { fullName: "C" },
      { fullName: "D" },
    ]);
    for (const none of [undefined, null, [], {}, "C", [null]]) {
      expect(names({ Representatives: none })).toEqual([{ fullName: "A" }, { fullName: "B" }]);
    }
  });

  test("the address is taken whole, or put together from its parts", () => {
    const address = (office: object) => v1({ MainInformation: main(), ...office })?.address;
    expect(address({ HOAdress: { AddressFullText: "Số 1", CityName: "X" } })).toBe("Số 1");
    expect(address({ HOAdress: { StreetNumber: "Số 1", WardName: null, CityName: "X" } })).toBe("Số 1, X");
    expect(address({ HOAddress: { AddressFullText: "Số 2" } })).toBe("Số 2");
    expect(address({})).toBeUndefined();
  });

  test("papers and birth dates of a representative are not taken over", () => {
    const person = { FULL_NAME: "C", PERS_DOC_NO: "099090000003", DATE_OF_BIRTH: "01/01/1990" };
    expect(JSON.stringify(v1({ MainInformation: main(), Representatives: [person] }))).not.toMatch(/0990900|1990/u);
  });

  test("another business than the one asked for is none, and so is one without a name", () => {
    expect(v1({ MainInformation: main({ ENTERPRISE_GDT_CODE: "9900000023" }) })).toBeNull();
    expect(v1({ MainInformation: main({ NAME: "  " }) })).toBeNull();
    expect(v1({ MainInformation: main({ ENTERPRISE_GDT_CODE: null }) })?.code).toBe(CODE);
  });

  test("the status code alone says nothing", () => {
    expect(v1({ MainInformation: main({ ENTERPRISE_STATUS: "1", ENTERPRISE_STATUS_ID: "1" }) })?.status).toBe(
      "unknown",
    );
  });
});

describe("generation 2", () => {
  const names = { codes: ["MaSoHKD", "MaSoDangKyHKD"], type: "LoaiHinhHKD", people: "ChuHoKinhDoanh" };
  const row = (parts: object) => rowOf(JSON.stringify({ TenTiengViet: "HỘ MẪU", MaSoHKD: CODE, ...parts }));

  test("an address is nested or flat, in one line or in parts", () => {
    const address = (office: unknown) => toBusinessV2(row({ DiaChiTruSo: office }), names, CODE)?.address;
    const parts = { SoNha: "Số 2", TenPhuongXa: "Xã Mẫu", TenTinhThanh: "Tỉnh Mẫu" };
    const line = "Số 2, Xã Mẫu, Tỉnh Mẫu";
    for (const form of [[{ DiaChi: [parts] }], [{ DiaChi: parts }], [parts], parts]) expect(address(form)).toBe(line);
    expect(address([{ ...parts, DiaChiDayDu: "Cả dòng" }])).toBe("Cả dòng");
    expect(address([{ DiaChi: [{ ...parts, DiaChi: "Cả dòng" }] }])).toBe("Cả dòng");
    expect(address(null)).toBeUndefined();
  });

  test("persons are nested or flat, one object or a list", () => {
    const people = (form: unknown) => toBusinessV2(row({ ChuHoKinhDoanh: form }), names, CODE)?.representatives;
    const person = { HoVaTen: "LÊ VĂN MẪU", SoGiayChungThuc: "099090000003" };
    for (const form of [[person], person, [{ ThongTinCaNhan: [person] }], { ThongTinCaNhan: person }])
      expect(people(form)).toEqual([{ fullName: "LÊ VĂN MẪU" }]);
  });

  test("a household answers to its code and to the number of its registration", () => {
    const household = row({ MaSoDangKyHKD: "99A8000001" });
    expect(toBusinessV2(household, names, "99A8000001")?.code).toBe("99A8000001");
    expect(toBusinessV2(household, names, "9900000023")).toBeNull();
  });
});

test("no answer whatever makes the mapping throw or say active by itself", () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      const value = parseExact(json);
      if (!isRow(value)) return;
      expect(toBusinessV1(value, value, CODE)?.status ?? "unknown").not.toBe("active");
    }),
  );
});
