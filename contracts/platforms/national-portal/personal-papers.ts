/** np 2.5: where callers log in, behind the same `dstcode` as shape A, with the store's own address as `providerurl` (np 1.1). */
export const PAPERS_LOGIN_PATH = "/bndp/public/v1/login";

/** np 2.5: the address of the store itself, behind the portal's provider. */
export const PAPERS_PROVIDER_URL = "https://apigiaytocanhan.dichvucong.gov.vn";

/** np 2.5: who asks. */
export const PAPERS_CHANNELS = { officer: "1", citizen: "2" } as const;

/** np 2.5: asks which papers somebody has. `session`: as in shape A. */
export interface DanhSachGiayTo {
  session: string;
  SoDinhDanhChuSoHuu: string;
  HoTenNguoiYeuCau: string;
  KenhThucHien: string;
  SoDinhDanhNguoiYeuCau: string;
  MaThuTuc: string;
  DanhSachDanhMucKetQua: { MaKetQua: string; SoKyHieu: string }[];
}

/** np 2.5: asks for one file; the answer is base64 as a JSON text. */
export interface TepGiayTo {
  session: string;
  CoQuanChuQuan: string;
  DuongDan: string;
}

/** np 2.5: one paper of the answer. */
export interface GiayToCaNhan {
  MaKetQua: string;
  TenGiayTo: string;
  SoKyHieu: string;
  CoQuanChuQuan: string;
  DanhSachTepDinhKem: { TenTep: string; DuongDan: string }[];
}

/** np 2.5: what the store answers; `errorCode` is camel case here alone. */
export interface PapersEnvelope {
  errorCode: string | number;
  message: string;
  session?: string;
  signature?: string;
  result?: { DanhSachGiayToKetQua: GiayToCaNhan[] };
}
