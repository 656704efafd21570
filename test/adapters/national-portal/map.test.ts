import { describe, expect, test } from "vitest";
import { toHoSo, toTienDo, toTrangThai } from "../../../adapters/national-portal/map.ts";
import type { Dossier } from "../../../contracts/services/dossier.ts";
import { code, dossier, event, statusMessage } from "./samples.ts";

const procedure = { name: "Cấp bản sao thử nghiệm", fieldCode: "G15-HT01", fieldName: "Hộ tịch" };
const mapped = (changes: Partial<Dossier> = {}, nationalStatus = "2") =>
  toHoSo({ code, dossier: { ...dossier, ...changes }, procedure, nationalStatus });
const withApplicant = (changes: Partial<Dossier["applicant"]>) =>
  mapped({ applicant: { ...dossier.applicant, ...changes } });

describe("the dossier object of DongBoHoSoMC", () => {
  test("is the document's own example, field for field and in its order", () => {
    const expected = {
      MaHoSo: "H99.12-261120-0007",
      MaTTHC: "1.000001.H99",
      TenTTHC: "Cấp bản sao thử nghiệm",
      MaLinhVuc: "G15-HT01",
      TenLinhVuc: "Hộ tịch",
      KenhThucHien: "2",
      SoBienNhan: "",
      ChuHoSo: "Trần Thị Ví Dụ",
      SoGiayToChuHoSo: "001099000001",
      LoaiDoiTuong: "1",
      MaDoiTuong: "tech-000001",
      ThongTinKhac: "",
      Email: "vidu@example.vn",
      Fax: "",
      SoDienThoai: "0900000000",
      TrichYeuHoSo: "Xin cấp bản sao",
      NgayNopHoSo: "20261120080500",
      NgayTiepNhan: "20261120091500",
      NgayHenTra: "20261123170000",
      TrangThaiHoSo: "2",
      NgayTra: "",
      ThongTinTra: "",
      HinhThuc: "0",
      NgayKetThucXuLy: "",
      NgayTuChoi: "",
      DonViXuLy: "UBND phường Thử Nghiệm",
      GhiChu: "",
      NoiNopHoSo: "2",
      HoSoCoThanhPhanSoHoa: "1",
      TaiKhoanDuocXacThucVoiVNeID: "1",
      DuocThanhToanTrucTuyen: "0",
      DinhDanhCHS: [{ LoaiDinhDanh: "1", SoDinhDanh: "001099000001" }],
      DSKetNoiCSDL: [],
      TaiLieuNop: [
        {
          TepDinhKemId: "501",
          TenTepDinhKem: "to-khai.pdf",
          IsDeleted: "False",
          MaThanhPhanHoSo: "000.00.00.G15-TP0001",
          DuongDanTaiTepTin: "https://files.example.vn/501",
          DuocSoHoa: "1",
          DuocTaiSuDung: "0",
          DuocLayTuKhoDMQG: "0",
          MaKetQuaThayThe: "",
        },
      ],
      DanhSachLePhi: [],
      DanhSachTepDinhKemKhac: [],
      DanhSachHoSoBoSung: [],
      DanhSachGiayToKetQua: [],
    };
    expect(mapped()).toEqual(expected);
  });

  test("invents nothing for a dossier that says the least", () => {
    const least: Dossier = {
      procedureCode: "1.000001",
      channel: "counter",
      applicant: { type: "organisation", name: "Hội Ví Dụ", identities: [] },
      summary: "Xin phép",
      receivedAt: "2026-11-20T09:15:00+07:00",
      status: "submitted",
      delivery: "post",
      processingUnit: { name: "Sở Ví Dụ" },
    };
    const wire = toHoSo({
      code,
      dossier: least,
      procedure: { name: "T", fieldCode: "", fieldName: "" },
      nationalStatus: "1",
    });
    const filled = Object.entries(wire).filter(
      ([, value]) => value !== "" && !(Array.isArray(value) && value.length === 0),
    );
    expect(Object.fromEntries(filled)).toEqual({
      MaHoSo: code,
      MaTTHC: "1.000001",
      TenTTHC: "T",
      KenhThucHien: "1",
      ChuHoSo: "Hội Ví Dụ",
      LoaiDoiTuong: "4",
      TrichYeuHoSo: "Xin phép",
      NgayTiepNhan: "20261120091500",
      TrangThaiHoSo: "1",
      HinhThuc: "1",
      DonViXuLy: "Sở Ví Dụ",
      NoiNopHoSo: "2",
      HoSoCoThanhPhanSoHoa: "0",
      TaiKhoanDuocXacThucVoiVNeID: "0",
      DuocThanhToanTrucTuyen: "0",
    });
    expect(Object.keys(wire)).toHaveLength(38);
  });

  test.each([
    ["counter", "1", ""],
    ["online", "2", "tech-000001"],
    ["post", "3", ""],
  ] as const)("channel %s is %s, and only online names the portal account", (channel, kenh, account) => {
    expect(mapped({ channel })).toMatchObject({ KenhThucHien: kenh, MaDoiTuong: account });
  });

  test.each([
    ["citizen", "1"],
    ["enterprise", "2"],
    ["agency", "3"],
    ["organisation", "4"],
  ] as const)("applicant type %s is %s", (type, loai) => {
    expect(withApplicant({ type }).LoaiDoiTuong).toBe(loai);
  });

  test("an online applicant without an account names none", () => {
    const { portalAccountId: _, ...applicant } = dossier.applicant;
    expect(mapped({ applicant }).MaDoiTuong).toBe("");
  });

  test("the first identity is the owner's paper; only personal and old ids are listed with a kind", () => {
    const wire = withApplicant({
      identities: [
        { kind: "passport", value: "C1234567" },
        { kind: "old-id", value: "123456789" },
        { kind: "enterprise-code", value: "0100109106" },
        { kind: "personal-id", value: "001099000001" },
      ],
    });
    expect(wire.SoGiayToChuHoSo).toBe("C1234567");
    expect(wire.DinhDanhCHS).toEqual([
      { LoaiDinhDanh: "2", SoDinhDanh: "123456789" },
      { LoaiDinhDanh: "1", SoDinhDanh: "001099000001" },
    ]);
  });

  test.each([
    ["none", "0"],
    ["national-portal", "1"],
    ["other", "2"],
  ] as const)("online payment %s is %s", (onlinePayment, wire) => {
    expect(mapped({ onlinePayment }).DuocThanhToanTrucTuyen).toBe(wire);
  });

  test.each(["province", "national-portal", "kiosk", "post"] as const)(
    "origin %s is only a tag: the dossier was filed in the province's own system",
    (origin) => {
      expect(mapped({ origin }).NoiNopHoSo).toBe("2");
    },
  );

  test("every optional scalar has its place", () => {
    expect(
      mapped({
        receiptNumber: "BN-1",
        otherInfo: "khác",
        note: "ghi chú",
        returnNote: "trả tại nhà",
        finishedAt: "2026-11-22T10:00:00+07:00",
        returnedAt: "2026-11-23T10:00:00+07:00",
        refusedAt: "2026-11-24T10:00:00+07:00",
        applicant: { ...dossier.applicant, fax: "0240" },
        databasesUsed: ["7", "12"],
      }),
    ).toMatchObject({
      SoBienNhan: "BN-1",
      ThongTinKhac: "khác",
      GhiChu: "ghi chú",
      ThongTinTra: "trả tại nhà",
      NgayKetThucXuLy: "20261122100000",
      NgayTra: "20261123100000",
      NgayTuChoi: "20261124100000",
      Fax: "0240",
      DSKetNoiCSDL: [{ MaCSDL: "7" }, { MaCSDL: "12" }],
    });
  });

  test("long texts are never cut", () => {
    const long = "ă".repeat(5000);
    expect(mapped({ summary: long, note: long })).toMatchObject({ TrichYeuHoSo: long, GhiChu: long });
  });
});

describe("steps and statuses", () => {
  test("a step is the document's own example", () => {
    expect(toTienDo(code, event, "4")).toEqual({
      MaHoSo: "H99.12-261120-0007",
      NguoiXuLy: "Lê Văn Mẫu",
      ChucDanh: "Công chức",
      ThoiDiemXuLy: "20261120141000",
      PhongBanXuLy: "Bộ phận chuyên môn",
      NoiDungXuLy: "Thẩm định hồ sơ",
      TrangThai: "4",
      NgayBatDau: "20261120140000",
      NgayKetThucTheoQuyDinh: "20261122170000",
    });
  });

  test("a step that says the least leaves the rest empty", () => {
    const { unit: _unit, startedAt: _start, dueAt: _due, ...least } = event;
    expect(toTienDo(code, { ...least, officer: { name: "A" } }, "4")).toMatchObject({
      ChucDanh: "",
      PhongBanXuLy: "",
      NgayBatDau: "",
      NgayKetThucTheoQuyDinh: "",
    });
  });

  test("the status of a portal-born dossier carries both codes", () => {
    const message = statusMessage("accepted");
    if (message.operation !== "dossier.status") throw new Error("not a status");
    expect(toTrangThai(message, "2")).toEqual({
      MaHoSo: "G22.99-261119-0001",
      MaHoSoDonVi: code,
      MaDoiTuong: "tech-000001",
      NoiDung: "Đã tiếp nhận",
      NgayXuLy: "20261120091500",
      TrangThai: "2",
      TaiLieuXuLy: [],
    });
  });
});
