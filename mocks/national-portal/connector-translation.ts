import type {
  ConnectorStatus,
  ConnectorStep,
  NoiHoSo,
} from "../../contracts/platforms/national-portal/connector-v1.ts";
import type { DongBoTrangThaiHoSo, HoSo, TienDo } from "../../contracts/platforms/national-portal/wire.ts";
import type { ProcedureCatalogue } from "./procedures.ts";

/** np 3.3: the numbers of shape C as the portal's own. A household business is a business there. */
const APPLICANT_TYPE: Readonly<Record<number, string>> = { 0: "1", 1: "2", 2: "2" };

/** A time of shape C as the portal keeps it: `yyyyMMddHHmmss`. */
const kept = (time: string | undefined): string => (time ?? "").replace(/\D/gu, "").slice(0, 14);

/** What came by the connector, as the portal's other faces show it. */
export const toHeldHoSo = (noiHoSo: NoiHoSo, catalogue: ProcedureCatalogue): HoSo => {
  const procedure = catalogue.find(noiHoSo.MaTTHC);
  const field = procedure?.LINHVUCTHUCHIEN[0];
  const owner = noiHoSo.ThongTinNguoiNop.ThongTinChiTiet;
  return {
    MaHoSo: noiHoSo.MaHoSo,
    MaTTHC: noiHoSo.MaTTHC,
    TenTTHC: procedure?.TENTTHC ?? "",
    MaLinhVuc: field?.MALINHVUC ?? "",
    TenLinhVuc: field?.TENLINHVUC ?? "",
    KenhThucHien: "",
    SoBienNhan: "",
    ChuHoSo: noiHoSo.ChuHoSo,
    SoGiayToChuHoSo: owner.SoDinhDanhChuHs ?? "",
    LoaiDoiTuong: APPLICANT_TYPE[noiHoSo.LoaiDoiTuong] ?? "",
    MaDoiTuong: noiHoSo.ThongTinNguoiNop.IdDoiTuong ?? "",
    ThongTinKhac: "",
    Email: owner.Email ?? "",
    Fax: owner.Fax ?? "",
    SoDienThoai: owner.SoDienThoai ?? "",
    TrichYeuHoSo: "",
    NgayNopHoSo: kept(noiHoSo.NgayNop),
    NgayTiepNhan: kept(noiHoSo.NgayTiepNhan),
    NgayHenTra: "",
    TrangThaiHoSo: String(noiHoSo.TrangThai ?? 1),
    NgayTra: "",
    ThongTinTra: "",
    HinhThuc: "0",
    NgayKetThucXuLy: "",
    NgayTuChoi: "",
    DonViXuLy: noiHoSo.MaDonViTiepNhan,
    GhiChu: "",
    NoiNopHoSo: "",
    HoSoCoThanhPhanSoHoa: "0",
    TaiKhoanDuocXacThucVoiVNeID: "0",
    DuocThanhToanTrucTuyen: "",
    DinhDanhCHS: [],
    DSKetNoiCSDL: [],
    TaiLieuNop: [],
    DanhSachLePhi: noiHoSo.DanhSachLePhi ?? [],
    DanhSachTepDinhKemKhac: [],
    DanhSachHoSoBoSung: [],
    DanhSachGiayToKetQua: [],
  };
};

/** A step as the portal's other faces show it. */
export const toHeldStep = (step: ConnectorStep): TienDo => ({
  MaHoSo: step.MaHoSo,
  NguoiXuLy: step.NguoiXuLy,
  ChucDanh: step.ChucDanh ?? "",
  ThoiDiemXuLy: kept(step.ThoiDiemXuLy),
  PhongBanXuLy: step.PhongBanXuLy ?? "",
  NoiDungXuLy: step.NoiDungXuLy,
  TrangThai: String(step.TrangThai),
  NgayBatDau: kept(step.NgayBatDau),
  NgayKetThucTheoQuyDinh: kept(step.NgayKetThucTheoQuyDinh),
});

/** The status of a portal-born dossier as the portal's other faces show it. */
export const toHeldStatus = (status: ConnectorStatus, now: Date): DongBoTrangThaiHoSo["data"] => ({
  MaHoSo: status.MaHoSo,
  MaHoSoDonVi: "",
  MaDoiTuong: "",
  NoiDung: status.NoiDungXuLy ?? "",
  NgayXuLy: kept(now.toISOString()),
  TrangThai: String(status.TrangThai),
  TaiLieuXuLy: [],
});
