import type { Envelope } from "./wire.ts";

/** np 2.5: a question of the agency's own bank; the mixed case is the portal's. */
export interface HoiDap {
  HOIDAPID: string;
  MaLinhVuc: string;
  NOIDUNG: string;
  MADONVI: string;
  TENDONVI: string;
}

/** np 2.5: a question that a citizen sent through the portal, as `LayDanhSachHoiDapGuiTuDVCQG` lists it. */
export interface HoiDapGuiTuDVCQG {
  HOIDAPID: string;
  MALINHVUC: string;
  MATTHCDP: string;
  NOIDUNG: string;
  MADONVI: string;
  HOVATEN: string;
  DIACHI: string;
  THUDIENTU: string;
  SODIENTHOAI: string;
  /** "0" is to be skipped. */
  TRANGTHAI: string;
  /** Empty: nobody answered it. */
  TRALOIID: string;
  NOIDUNGTRALOI: string;
}

/** np 2.5: an answer to a question that came through the portal. */
export interface TraLoiHoiDap {
  HOIDAPID: string;
  MADONVI: string;
  NGUOITRALOI: string;
  CHUCVUNGUOITRALOI: string;
  NGAYTRALOI: string;
  NOIDUNGTRALOI: string;
}

/** np 2.5: a month of satisfaction with one procedure. Months are `M-yyyy`, shares `NN%`; `Madonvi` is the portal's spelling. */
export interface DanhGia {
  NgayTongHop: string;
  TongSoNguoiDanhGia: string;
  PhanTramDanhGiaRatHaiLong: string;
  PhanTramDanhGiaHaiLong: string;
  PhanTramDanhGiaChuaHaiLong: string;
  DanhSachNoiDungYKien: string[];
  MaThuTuc: string;
  NoiDung: string;
  PhanTramDanhGiaDichVuRatHaiLong: string;
  PhanTramDanhGiaDichVuHaiLong: string;
  PhanTramDanhGiaDichVuChuaHaiLong: string;
  Madonvi: string;
  TenDonVi: string;
}

/** np 2.1, 1.1: pushes the agency's own questions; `data` is an array. */
export interface DongBoHoiDap extends Envelope {
  service: "DongBoHoiDap";
  data: HoiDap[];
}

/** np 2.1, 1.1: answers questions of the portal; `data` is an array. */
export interface DongBoKetQuaHoiDap extends Envelope {
  service: "DongBoKetQuaHoiDapGuiTuDVCQG";
  data: TraLoiHoiDap[];
}

/** np 2.1, 1.1: the monthly summary; `data` is an array. */
export interface DongBoDanhGia extends Envelope {
  service: "DongBoDanhGia";
  data: DanhGia[];
}
