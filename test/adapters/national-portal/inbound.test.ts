import { describe, expect, test } from "vitest";
import { portalDialect } from "../../../adapters/national-portal/inbound/portal-dialect.ts";
import type { PlatformCache } from "../../../contracts/adapter.ts";
import type { PushCall } from "../../../contracts/portal-inbound.ts";
import { dossierSchema } from "../../../contracts/services/dossier.ts";
import { dossierBody } from "../../gateway-scene.ts";
import { amendment, list, notice, promotion, receipt } from "../../portal-inbound/inbound-scene.ts";

const SURROUNDINGS = { now: new Date("2026-11-21T03:00:00Z"), agencyCode: "000.00.00.H04" };
const read = (call: PushCall, body: unknown) => portalDialect.readPush(call, body, SURROUNDINGS);
const pushOf = (call: PushCall, body: unknown) => {
  const reading = read(call, body);
  if (!reading.ok) throw new Error(reading.cause.en);
  return reading.push;
};
const dossierOf = (body: object) => {
  const push = pushOf("addtthcKhuyenMai", body);
  if (push.kind !== "dossier") throw new Error(push.kind);
  return push.dossier;
};

describe("a promotion notice", () => {
  test("is a dossier that the API itself would take", () => {
    const dossier = dossierOf(promotion("G22.99-261120-000001"));
    expect(dossierSchema.safeParse(dossier).error).toBeUndefined();
    expect(dossier).toMatchObject({
      procedureCode: "2.000033",
      channel: "online",
      status: "submitted",
      origin: "national-portal",
      portalCode: "G22.99-261120-000001",
      receivedAt: "2026-11-20T08:05:00+07:00",
      applicant: { type: "enterprise", identities: [{ kind: "enterprise-code", value: "0100109106" }] },
    });
  });

  test.for([
    ["20261120", "2026-11-20T00:00:00+07:00"],
    ["20/11/2026", "2026-11-20T00:00:00+07:00"],
    ["31-02-2026", "2026-11-21T03:00:00.000Z"],
    ["00010101000000", "2026-11-21T03:00:00.000Z"],
    ["20261120256000", "2026-11-21T03:00:00.000Z"],
    [null, "2026-11-21T03:00:00.000Z"],
  ] as const)("filed at %j is received at %s: a date that is none is never made one", ([filed, expected]) => {
    expect(dossierOf(promotion("G1", { NgayNopHoSo: filed })).receivedAt).toBe(expected);
  });

  test("with a tax code that is none, or without names, is taken without making any up", () => {
    const dossier = dossierOf({ MaHoSo: 12345, MaTTHC: "2.000033", MaSoThue: "0100109107" });
    expect(dossierSchema.safeParse(dossier).error).toBeUndefined();
    expect([dossier.portalCode, dossier.applicant.identities]).toEqual(["12345", []]);
  });

  test("loses controls and gets one form of Unicode, and nothing else", () => {
    const { applicant } = dossierOf(promotion("G1", { TenThuongNhan: " Cơ sở \u0000Mẫu\r\nhai " }));
    expect(applicant.name).toBe("Cơ sở Mẫu\nhai".normalize("NFC"));
  });
});

test("an amendment keeps what was filed and what was changed, in the portal's own words", () => {
  const push = pushOf("nhanhsdvcqg", amendment("G2", "G1"));
  expect(push).toMatchObject({ kind: "dossier", code: "G2", amends: "G1", amendment: true, updating: false });
  expect(push).toMatchObject({
    details: { LyDoDieuChinh: "Kéo dài thời gian", URLTepDangKy: "https://files.portal.example/1" },
  });
});

test("is updating is true as a boolean, as its text and as 1", () => {
  for (const isUpdating of [true, "True", "true", 1, "1"]) {
    expect(pushOf("nhanhsdvcqg", { ...amendment("G2", "G1"), isUpdating })).toMatchObject({ updating: true });
  }
  for (const isUpdating of [false, "False", "", null, 0, undefined]) {
    expect(pushOf("nhanhsdvcqg", { ...amendment("G2", "G1"), isUpdating })).toMatchObject({ updating: false });
  }
});

describe("land tax", () => {
  test("the flat form of a paper, without rows and lists, is one decision", () => {
    const flat = `<DATA><BODY><MA_HSO>G1</MA_HSO><MA_SO_THUE>8</MA_SO_THUE><SO_QUYET_DINH>Q</SO_QUYET_DINH><SO_TIEN>2147483648</SO_TIEN></BODY></DATA>`;
    expect(pushOf("nhantbthuedvcqg", notice(flat))).toEqual({
      kind: "tax-notice",
      dossiers: [{ code: "G1", decisions: [{ taxCode: "8", decision: "Q", item: "", amount: 2_147_483_648 }] }],
    });
  });

  test("rows of one dossier that stand apart are one dossier, with characters as XML writes them", () => {
    const push = pushOf(
      "nhantbthuedvcqg",
      notice([
        ["G1", list("A", "1", "Thuế &lt;đất&gt; &amp; <![CDATA[phí]]>")],
        ["G2", list("B", "2")],
        ["G1", list("C", "3")],
      ]),
    );
    expect(push).toMatchObject({
      dossiers: [{ code: "G1", decisions: [{ item: "Thuế <đất> & phí" }, { decision: "C" }] }, { code: "G2" }],
    });
  });

  test.for([
    ["1000", 1000],
    ["1000.00", 1000],
    [1000, 1000],
    ["9007199254740991", Number.MAX_SAFE_INTEGER],
  ] as const)("a receipt over %j is %i dong", ([told, amount]) => {
    expect(pushOf("nhanhsdvcqg", receipt("G1", "Q", told))).toMatchObject({ receipt: { amount } });
  });

  test.for(["1.000.000", "1,5", "-1", "1e9", "", null, 1.5, "9007199254740992", Number.NaN, {}])(
    "a receipt over %j is not understood",
    (told) => {
      expect(read("nhanhsdvcqg", receipt("G1", "Q", told))).toMatchObject({
        ok: false,
        operation: "tax-receipt.received",
        code: "G1",
      });
    },
  );

  test("a paper of many elements, or deep ones, is refused before it is built", () => {
    for (const xml of [`<DATA>${"<a/>".repeat(100_001)}</DATA>`, `${"<a>".repeat(50)}${"</a>".repeat(50)}`]) {
      expect(read("nhantbthuedvcqg", notice(xml))).toMatchObject({ ok: false, operation: "tax-notice.received" });
    }
  });
});

test("the status look-up names the procedure and its field as the catalogue has them", async () => {
  const cache: PlatformCache = {
    get: async () => ({ value: { name: "Tên", fieldCode: "G15-HT01", fieldName: "Hộ tịch" }, ageSeconds: 1 }),
    put: async () => undefined,
  };
  const dossier = dossierSchema.parse(dossierBody());
  const told = { code: "H04.15-261120-0001", dossier, status: "finished" } as const;
  expect(await portalDialect.status(told, cache)).toEqual({
    MaHoSo: "H04.15-261120-0001",
    MaTTHC: "2.000591",
    TenTTHC: "Tên",
    MaLinhVuc: "G15-HT01",
    TenLinhVuc: "Hộ tịch",
    LoaiDoiTuong: "1",
    TrangThaiHoSo: "9",
    HinhThuc: "0",
    DonViXuLy: "Sở Công Thương",
  });
});
