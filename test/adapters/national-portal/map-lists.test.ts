import { describe, expect, test } from "vitest";
import { toHoSo } from "../../../adapters/national-portal/map.ts";
import type { Dossier } from "../../../contracts/services/dossier.ts";
import { code, dossier } from "./samples.ts";

const procedure = { name: "Cấp bản sao thử nghiệm", fieldCode: "G15-HT01", fieldName: "Hộ tịch" };
const mapped = (changes: Partial<Dossier>) =>
  toHoSo({ code, dossier: { ...dossier, ...changes }, procedure, nationalStatus: "2" });

describe("the lists of a dossier", () => {
  test("files, fees, papers, supplements and results keep every detail", () => {
    const wire = mapped({
      submittedFiles: [
        { id: "1", name: "a.pdf", url: "https://f.vn/1", reuse: "reused", fromNationalStore: true },
        {
          id: "2",
          name: "b.pdf",
          url: "https://f.vn/2",
          reuse: "replaced",
          replacedByResultCode: "KQ.1",
          deleted: true,
        },
        { id: "3", name: "c.pdf", url: "https://f.vn/3", reuse: "none" },
      ],
      fees: [
        { code: "P1", name: "Phí", kind: "fee", amount: 0, collectedAt: "intake" },
        { code: "P2", name: "Lệ phí", kind: "charge", amount: 150_000, collectedAt: "supplement" },
        { code: "P3", name: "Phí", kind: "fee", amount: 9_007_199_254_740_991, collectedAt: "result" },
      ],
      otherPapers: [{ name: "Bản đồ", quantity: 3, kind: "1" }],
      supplements: [
        {
          id: "s1",
          requestedBy: "Lê Văn Mẫu",
          content: "Bổ sung bản chính",
          requestedAt: "2026-11-21T08:00:00+07:00",
          receivedBy: "Phạm Thị Nhận",
          receivedAt: "2026-11-22T08:00:00+07:00",
          status: "1",
          oldDueAt: "2026-11-23T17:00:00+07:00",
          newDueAt: "2026-11-25T17:00:00+07:00",
        },
      ],
      results: [
        { id: "r1", name: "Trích lục", code: "000.00.00.G09-KQ002269", url: "https://f.vn/r1", componentCode: "TP1" },
      ],
    });
    expect(
      wire.TaiLieuNop.map((file) => [
        file.DuocTaiSuDung,
        file.DuocLayTuKhoDMQG,
        file.MaKetQuaThayThe,
        file.IsDeleted,
        file.DuocSoHoa,
        file.MaThanhPhanHoSo,
      ]),
    ).toEqual([
      ["1", "1", "", "False", "0", ""],
      ["2", "0", "KQ.1", "True", "0", ""],
      ["0", "0", "", "False", "0", ""],
    ]);
    expect(wire.DanhSachLePhi).toEqual([
      { TenPhiLePhi: "Phí", MaPhiLePhi: "P1", HinhThucThu: "1", Gia: "0", LoaiPhiLePhi: "1" },
      { TenPhiLePhi: "Lệ phí", MaPhiLePhi: "P2", HinhThucThu: "2", Gia: "150000", LoaiPhiLePhi: "2" },
      { TenPhiLePhi: "Phí", MaPhiLePhi: "P3", HinhThucThu: "4", Gia: "9007199254740991", LoaiPhiLePhi: "1" },
    ]);
    expect(wire.DanhSachTepDinhKemKhac).toEqual([{ TenGiayTo: "Bản đồ", SoLuong: 3, LoaiGiayTo: "1" }]);
    expect(wire.DanhSachHoSoBoSung).toEqual([
      {
        HoSoBoSungId: "s1",
        NguoiYeuCauBoSung: "Lê Văn Mẫu",
        NoiDungBoSung: "Bổ sung bản chính",
        NgayBoSung: "20261121080000",
        NguoiTiepNhanBoSung: "Phạm Thị Nhận",
        ThongTinTiepNhan: "",
        NgayTiepNhanBoSung: "20261122080000",
        TrangThaiBoSung: "1",
        DanhSachGiayToBoSung: [],
        DanhSachLePhiBoSung: [],
        NgayHenTraTruoc: "20261123170000",
        NgayHenTraMoi: "20261125170000",
      },
    ]);
    expect(wire.DanhSachGiayToKetQua).toEqual([
      {
        TenGiayTo: "Trích lục",
        MaThanhPhanHoSo: "TP1",
        GiayToId: "r1",
        DuongDanTepTinKetQua: "https://f.vn/r1",
        MaGiayToKetQua: "000.00.00.G09-KQ002269",
      },
    ]);
  });

  test("a supplement round still open has empty answers", () => {
    const wire = mapped({
      supplements: [{ id: "s", requestedBy: "A", content: "B", requestedAt: "2026-11-21T08:00:00Z", status: "0" }],
    });
    expect(wire.DanhSachHoSoBoSung[0]).toMatchObject({
      NguoiTiepNhanBoSung: "",
      NgayTiepNhanBoSung: "",
      NgayHenTraTruoc: "",
      NgayHenTraMoi: "",
    });
  });
});
