/**
 * The registers of businesses (DKKD) in their own words (registries sections 1.4, 2.6, 2.7). Every member may be missing
 * or null in an answer; numbers may be written as text and text as numbers.
 */

/** Generation 1, below the base address: `GET chiTietDoanhNghiep?msdn=` (registries section 2.6). */
export const DETAIL_V1 = { path: "chiTietDoanhNghiep", code: "msdn" } as const;

/** Generation 2, below the province's façade; the root is a list, null or absent when nothing was found (section 2.7). */
export const DETAILS_V2 = {
  enterprise: { path: "DoanhNghiep/chiTietDoanhNghiep", code: "msdn", root: "GetEntCert" },
  household: { path: "HoKinhDoanh/chiTietHoKinhDoanh", code: "mst", root: "HHCert" },
  cooperative: { path: "HopTacXa/chiTietHopTacXa", code: "mst", root: "CoopCert" },
} as const;

/** The façade of Hồ Chí Minh City (section 1.4). */
export const DETAIL_HCM = { path: "TraCuuThongTinDoanhNghiep", code: "MaSoDoanhNghiep" } as const;

/** What the token endpoint answers (section 5.6). */
export interface TokenAnswer {
  readonly access_token: string;
  readonly scope: string;
  readonly token_type: "Bearer";
  /** Seconds. */
  readonly expires_in: number;
}

/** A fault of the API gateway in front (WSO2): JSON, beside an HTTP status that may be 200 (section 1.4). */
export interface GatewayFault {
  readonly fault: { readonly code: number; readonly message: string; readonly description: string };
}

/** `MainInformation` of generation 1; dates are `dd/MM/yyyy` (section 2.6). */
export interface MainInformation {
  readonly ENTERPRISE_ID: number;
  /** Internal; not the public code. */
  readonly ENTERPRISE_CODE: string;
  /** The enterprise code, which is the tax code. */
  readonly ENTERPRISE_GDT_CODE: string;
  readonly ENTERPRISE_TYPE_ID: string;
  readonly ENTERPRISE_TYPE_NAME: string;
  readonly NAME: string;
  readonly SHORT_NAME: string | null;
  readonly NAME_F: string | null;
  readonly FOUNDING_DATE: string;
  readonly LAST_AMEND_DATE: string | null;
  readonly NUMBER_CHANGES: number;
  readonly ENTERPRISE_STATUS_ID: string;
  readonly ENTERPRISE_STATUS_NAME: string;
  /** Names with `;` between. */
  readonly LEGAL_NAMES: string;
  /** number(21,3): the digits as they stand on the wire. */
  readonly CAPITAL_AMOUNT: string;
}

/** The head office of generation 1; the ids are the register's own, no statistics codes. */
export interface HeadOfficeV1 {
  readonly CityID: number;
  readonly CityName: string;
  readonly DistrictID: number | null;
  readonly DistrictName: string | null;
  readonly WardID: number;
  readonly WardName: string;
  readonly StreetNumber: string;
  readonly AddressFullText: string;
}

/** `Data` of generation 1; `HOAdress` is really spelled so (section 0, fact 9). */
export interface DetailV1 {
  readonly MainInformation: MainInformation;
  readonly HOAdress: HeadOfficeV1;
  /** One object or a list. */
  readonly Representatives: readonly { readonly FULL_NAME: string }[] | { readonly FULL_NAME: string };
  readonly BusinessActivity: readonly { readonly CODE: string; readonly NAME: string; readonly IS_MAIN: "Y" | "N" }[];
  readonly Member: readonly unknown[];
}

/** The envelope of generation 1: HTTP 200 also for a failure (section 0, fact 9). */
export interface AnswerV1 {
  readonly Data: DetailV1 | null;
  readonly DataCount: number;
  /** `1` success, `0` failure; text or number. */
  readonly Status: string | number;
  readonly Message: string;
}

/** A person of generation 2. */
export interface PersonV2 {
  readonly HoVaTen: string;
  readonly LoaiGiayToChungThuc: string;
  readonly SoGiayChungThuc: string;
  readonly QuocTich: string;
}

/** An address of generation 2. */
export interface AddressV2 {
  readonly TenTinhThanh: string;
  readonly MaTinhThanh: number;
  readonly TenPhuongXa: string;
  readonly MaPhuongXa: number;
  readonly SoNha: string;
  /** Households alone. */
  readonly DiaChiDayDu?: string;
}

/** What the three registers of generation 2 share; dates are ISO date-times. */
interface CertificateV2 {
  readonly MaNoiBo: string;
  readonly TenTiengViet: string;
  readonly TenNuocNgoai: string | null;
  readonly TenVietTat: string | null;
  readonly NgayDangKyLanDau: string;
  readonly NgayDangKyThayDoi: string | null;
  readonly SoLanDangKyThayDoi: number;
  readonly NganhNgheKinhDoanh: readonly {
    readonly MaNganh: string;
    readonly TenNganh: string;
    readonly LaNganhChinh: number;
  }[];
}

/** `GetEntCert[]`: persons and addresses are nested. */
export interface EnterpriseV2 extends CertificateV2 {
  readonly MaSoDoanhNghiep: string;
  readonly LoaiHinhDN: string;
  readonly TinhTrangPhapLy: readonly { readonly TinhTrangPhapLy: string; readonly MaTinhTrangPhapLy: string }[];
  readonly DaiDienPhapLuat: readonly { readonly ThongTinCaNhan: readonly PersonV2[] }[];
  readonly DiaChiTruSo: readonly { readonly DiaChi: readonly AddressV2[] }[];
}

/** `HHCert[]`: addresses are flat. `MaSoHKD` may be the owner's personal id, and so personal data (section 3.4). */
export interface HouseholdV2 extends CertificateV2 {
  readonly MaSoHKD: string;
  readonly MaSoDangKyHKD: string;
  readonly LoaiHinhHKD: string;
  readonly ChuHoKinhDoanh: readonly PersonV2[];
  readonly DiaChiTruSo: readonly AddressV2[];
}

/** `CoopCert[]`: the representative is one object. */
export interface CooperativeV2 extends CertificateV2 {
  readonly MaSoHTX: string;
  readonly LoaiHinhHTX: string;
  readonly DaiDienPhapLuat: { readonly ThongTinCaNhan: readonly PersonV2[] };
  readonly DiaChiTruSo: readonly AddressV2[];
}

/** The façade of Hồ Chí Minh City: success and failure stand in these members, whatever the HTTP status (section 2.7). */
export interface AnswerHcm {
  readonly StatusCode: number;
  readonly Status: string;
  readonly ThrowException: boolean;
  readonly Description: string;
  readonly ResultObject: (Partial<MainInformation> & { readonly HO_ADDRESS_FULLTEXT: string }) | null;
}

/** What that façade is called with: base64 of this as compact JSON, as the whole header `Authorization` (section 1.3, B). */
export interface AccessKeyCredential {
  readonly AccessKey: string;
  readonly SecretKey: string;
  readonly AppName: string;
  readonly PartnerCode: string;
  readonly PartnerCodeCus: string;
}
