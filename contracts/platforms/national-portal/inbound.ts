/**
 * What the national portal calls at the province, in its own words (np 2.6; land obligations: document `payment`, section 3).
 * Read in clients that serve these addresses; where they disagree, both forms stand here. Numbers and flags come as JSON
 * numbers as well as texts (np 6.14), so that nothing but presence can be relied on.
 */

/** A scalar as it comes: clients in use send codes and amounts in either form. */
export type Loose = string | number | boolean | null;

/** `POST .../forward/addtthcKhuyenMai`: a promotion notice, flat, without an envelope. */
export interface PromotionNotice {
  MaHoSo: Loose;
  MaTTHC: Loose;
  SoVanBan?: Loose;
  NgayNopHoSo?: Loose;
  TenThuongNhan?: Loose;
  DiaChiDoanhNghiep?: { MaTinh?: Loose; MaHuyen?: Loose; MaXa?: Loose; DiaChiChiTiet?: Loose };
  DienThoai?: Loose;
  Fax?: Loose;
  Email?: Loose;
  MaSoThue?: Loose;
  NguoiLienHe?: Loose;
  SoDienThoaiNguoiLienHe?: Loose;
  TenChuongTrinhKhuyenMai?: Loose;
  HinhThucKhuyenMai?: Loose;
  ThoiGianKhuyenMaiTu?: Loose;
  ThoiGianKhuyenMaiDen?: Loose;
  HangHoaDichVuKhuyenMai?: Loose;
  SoLuongHangHoaDichVu?: Loose;
  KhachHang?: Loose;
  CoCauGiaiThuong?: Loose;
  TongGiaTriHangHoa?: Loose;
  NoiDungChiTiet?: Loose;
  TenCacThuongNhanCungThucHien?: Loose;
  TenTepDonDangKy?: Loose;
  /** Base64. */
  TepDonDangKy?: Loose;
  TaiLieuNop?: { TenTepDinhKem?: Loose; Base64?: Loose }[];
}

/** Envelope of the other two addresses; `securityKey` in one of the clients, when no header carries it. */
export interface PushEnvelope<Data> {
  service: string;
  isUpdating?: Loose;
  data: Data;
  securityKey?: string;
}

/** `POST .../forward/nhanhsdvcqg`: an amendment of a notice. `MaHoSoQGDNP` is the code of the notice that it amends. */
export interface AmendmentNotice {
  MaHoSoQG: Loose;
  MaTTHC: Loose;
  ThongTinDaNop?: { MaHoSoQGDNP?: Loose; [field: string]: unknown };
  ThongTinSuaDoi?: Record<string, unknown>;
  LyDoDieuChinh?: Loose;
  TenTepDangKy?: Loose;
  URLTepDangKy?: Loose;
  [field: string]: unknown;
}

/** `POST .../forward/nhanhsdvcqg` with `service` `NhanChungTuThueDat`: a receipt for land tax that was paid. */
export interface LandTaxReceipt {
  MaHoSo: Loose;
  MaSoThue?: Loose;
  HoTenNguoiNopTien?: Loose;
  SoCMTNguoiNopTien?: Loose;
  DiaChiNguoiNopTien?: Loose;
  XaNguoiNopTien?: Loose;
  HuyenNguoiNopTien?: Loose;
  TinhNguoiNopTien?: Loose;
  UrlFileChungTu?: Loose;
  ThongTinThanhToan: {
    MaThongBaoThue: Loose;
    /** `yyyyMMddHHmmss`. */
    ThoiGianThanhToan?: Loose;
    SoTien: Loose;
    NoiDungThanhToan?: Loose;
    /** 1: paid. */
    TrangThaiThanhToan?: Loose;
  };
}

/** `POST .../forward/nhantbthuedvcqg`: base64 of XML `DATA/BODY/ROW_LIST{MA_HSO, LIST*}`; the envelope's `ngay` is optional. */
export interface LandTaxNotice {
  FileThongBaoThue: string;
}

/** The `service` of the two tax papers. */
export const TAX_SERVICES = { notice: "NhanThongBaoThueDat", receipt: "NhanChungTuThueDat" } as const;

/** What every push is answered: 0 taken, 1 taken before, -1 not taken (np 1.1, "inbound pushes"). */
export interface PushAnswer {
  error_code: 0 | 1 | -1;
  message: string;
}

/** `POST .../search/call`. */
export interface StatusQuestion {
  madonvi?: Loose;
  service?: Loose;
  masohoso: Loose;
}

/** Its answer, flat; or `error_code` "-1" in text. */
export interface StatusAnswer {
  MaHoSo: string;
  MaTTHC: string;
  TenTTHC: string;
  MaLinhVuc: string;
  TenLinhVuc: string;
  LoaiDoiTuong: string;
  TrangThaiHoSo: string;
  HinhThuc: string;
  DonViXuLy: string;
}

/** The look-up of what a dossier owes, `dptracuuthanhtoanhs`. */
export interface BillQuestion {
  MaHoSo: Loose;
}

/** What is owed: the receipt block of a payment (document `payment`, sections 1.2 and 1.7); inapplicable fields are "". */
export interface Bill {
  MaTraCuuTT: string;
  transaction_id: string;
  client_id: string;
  MaDichVu: string;
  MaDVC: string;
  TenDVC: string;
  MaTTHC: string;
  TenTTHC: string;
  MaDonVi: string;
  TenDonVi: string;
  MaHoSo: string;
  TKThuHuong: string;
  MaNHThuHuong: string;
  TenTKThuHuong: string;
  SoTien: string;
  PhiLePhi: { LoaiPhiLePhi: string; MaPhiLePhi: string; TenPhiLePhi: string; SoTien: string }[];
  NoiDungThanhToan: string;
  HoTenNguoiNop: string;
  SoCMNDNguoiNop: string;
  DiaChiNguoiNop: string;
  HuyenNguoiNop: string;
  TinhNguoiNop: string;
  DSKhoanNop: { NoiDung: string; SoTien: string }[];
}

/** Its answer: `message` is an object when something is to be paid, else an empty list. */
export interface BillAnswer {
  /** 1: to be paid; 0: nothing is; -1: unknown dossier. */
  error_code: 1 | 0 | -1;
  message: Bill | [];
}
