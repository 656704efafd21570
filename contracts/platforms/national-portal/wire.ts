/**
 * The national public service portal, shape A ("mapi"), in its own words. Source and confidence of every name:
 * SOURCE.md beside this file (document `national-portal`, sections cited as "np N.N").
 * All scalar values are strings, numbers and flags included; times are `yyyyMMddHHmmss` in Asia/Ho_Chi_Minh;
 * empty is `""` (np 2.2).
 */

/** A flag or a code as the portal writes it. */
export type Wire01 = "0" | "1";

/** The string booleans of `isUpdating` and `IsDeleted` (np 1.1, np 2.2). */
export type WireBoolean = "True" | "False";

/** `POST {base}/mapi/login` (np 1.1). */
export interface LoginRequest {
  username: string;
  password: string;
}

/** Envelope of every call but login: one flat object (np 1.1). */
export interface Envelope {
  session: string;
  madonvi: string;
  service: string;
}

/** Services of shape A that the gateway calls (np 2.1). */
export type Service =
  | "DongBoHoSoMC"
  | "CapNhatTienDoHoSoMC"
  | "TraCuuHoSo"
  | "LayThuTuc"
  | "LayDanhSachTTHC"
  | "DongBoTrangThaiHoSo"
  | "LayDanhSachHoiDapGuiTuDVCQG"
  | "DongBoHoiDap"
  | "DongBoKetQuaHoiDapGuiTuDVCQG"
  | "DongBoDanhGia";

/** Answer envelope. `error_code` comes as number or text: 0, "0", "00" are success (np 1.1). Keys in any case. */
export interface AnswerEnvelope {
  error_code: number | string;
  message?: string;
  session?: string;
  result?: unknown;
}

/** np 2.2, `DinhDanhCHS[]`: 1 = 12-digit personal id, 2 = 9-digit old id. */
export interface DinhDanhCHS {
  LoaiDinhDanh: string;
  SoDinhDanh: string;
}

/** np 2.2, `TaiLieuNop[]`. */
export interface TaiLieuNop {
  TepDinhKemId: string;
  TenTepDinhKem: string;
  IsDeleted: WireBoolean;
  MaThanhPhanHoSo: string;
  DuongDanTaiTepTin: string;
  DuocSoHoa: Wire01;
  DuocTaiSuDung: "0" | "1" | "2";
  DuocLayTuKhoDMQG: Wire01;
  MaKetQuaThayThe: string;
}

/** np 2.2, `DanhSachLePhi[]`. */
export interface LePhi {
  TenPhiLePhi: string;
  MaPhiLePhi: string;
  HinhThucThu: string;
  Gia: string;
  LoaiPhiLePhi: string;
}

/** np 2.2, `DanhSachTepDinhKemKhac[]` (numbers in the client seen). */
export interface TepDinhKemKhac {
  TenGiayTo: string;
  SoLuong: number;
  LoaiGiayTo: string;
}

/** np 2.2, `DanhSachHoSoBoSung[]`. */
export interface HoSoBoSung {
  HoSoBoSungId: string;
  NguoiYeuCauBoSung: string;
  NoiDungBoSung: string;
  NgayBoSung: string;
  NguoiTiepNhanBoSung: string;
  ThongTinTiepNhan: string;
  NgayTiepNhanBoSung: string;
  TrangThaiBoSung: string;
  /** No client fills these two: their rows are taken to be those of the dossier itself. */
  DanhSachGiayToBoSung: TaiLieuNop[];
  DanhSachLePhiBoSung: LePhi[];
  NgayHenTraTruoc: string;
  NgayHenTraMoi: string;
}

/** np 2.2, `DanhSachGiayToKetQua[]`. */
export interface GiayToKetQua {
  TenGiayTo: string;
  MaThanhPhanHoSo: string;
  GiayToId: string;
  DuongDanTepTinKetQua: string;
  MaGiayToKetQua: string;
}

/** np 2.2: the dossier object of `DongBoHoSoMC`. */
export interface HoSo {
  MaHoSo: string;
  MaTTHC: string;
  TenTTHC: string;
  MaLinhVuc: string;
  TenLinhVuc: string;
  KenhThucHien: string;
  SoBienNhan: string;
  ChuHoSo: string;
  SoGiayToChuHoSo: string;
  LoaiDoiTuong: string;
  MaDoiTuong: string;
  ThongTinKhac: string;
  Email: string;
  Fax: string;
  SoDienThoai: string;
  TrichYeuHoSo: string;
  NgayNopHoSo: string;
  NgayTiepNhan: string;
  NgayHenTra: string;
  TrangThaiHoSo: string;
  NgayTra: string;
  ThongTinTra: string;
  HinhThuc: Wire01;
  NgayKetThucXuLy: string;
  NgayTuChoi: string;
  DonViXuLy: string;
  GhiChu: string;
  NoiNopHoSo: string;
  HoSoCoThanhPhanSoHoa: Wire01;
  TaiKhoanDuocXacThucVoiVNeID: Wire01;
  DuocThanhToanTrucTuyen: string;
  DinhDanhCHS: DinhDanhCHS[];
  DSKetNoiCSDL: { MaCSDL: string }[];
  TaiLieuNop: TaiLieuNop[];
  DanhSachLePhi: LePhi[];
  DanhSachTepDinhKemKhac: TepDinhKemKhac[];
  DanhSachHoSoBoSung: HoSoBoSung[];
  DanhSachGiayToKetQua: GiayToKetQua[];
}

/** `DongBoHoSoMC`: `data` is an array, `isUpdating` a string beside it (np 1.1). */
export interface DongBoHoSoMC extends Envelope {
  service: "DongBoHoSoMC";
  isUpdating: WireBoolean;
  data: HoSo[];
}

/** np 2.3: one progress step. */
export interface TienDo {
  MaHoSo: string;
  NguoiXuLy: string;
  ChucDanh: string;
  ThoiDiemXuLy: string;
  PhongBanXuLy: string;
  NoiDungXuLy: string;
  TrangThai: string;
  NgayBatDau: string;
  NgayKetThucTheoQuyDinh: string;
}

/** `CapNhatTienDoHoSoMC`: `data` is an array (np 1.1). */
export interface CapNhatTienDoHoSoMC extends Envelope {
  service: "CapNhatTienDoHoSoMC";
  data: TienDo[];
}

/** np 2.3: status of a portal-born dossier; `data` is one object, `type` is "2" (np 2.1). */
export interface DongBoTrangThaiHoSo extends Envelope {
  service: "DongBoTrangThaiHoSo";
  type: "2";
  data: {
    MaHoSo: string;
    MaHoSoDonVi: string;
    MaDoiTuong: string;
    NoiDung: string;
    NgayXuLy: string;
    TrangThai: string;
    TaiLieuXuLy: TaiLieuNop[];
  };
}

/** `TraCuuHoSo`: parameters flat beside `service`; a non-empty `result` means that the portal holds it (np 2.1, 5.4). */
export interface TraCuuHoSo extends Envelope {
  service: "TraCuuHoSo";
  mahoso: string;
}

/** `LayThuTuc`: procedure detail (np 2.1, 2.4). */
export interface LayThuTuc extends Envelope {
  service: "LayThuTuc";
  maTTHC: string;
}

/** np 2.4: the row fields that a dossier needs; keys in any case. */
export interface ThuTuc {
  MATTHC: string;
  TENTTHC: string;
  LINHVUCTHUCHIEN: { MALINHVUC: string; TENLINHVUC: string }[];
}

/** np 2.1: a row of `LayDanhSachTTHC`, at the share endpoint: the whole list at once; no paging is known. */
export interface ThuTucTrongDanhSach {
  MATTHC: string;
  TENTTHC: string;
}
