/**
 * The population registry (Cơ sở dữ liệu quốc gia về dân cư, "C06") in its own words. Source and confidence of every
 * name: SOURCE.md beside this file (document `registries`, sections cited as "reg N.N"). The service description is
 * service-wsdl.ts.
 */

/** The one look-up that public clients agree on (reg 2.1). */
export const LOOKUP = "TraCuuThongTinCongDan";

/** The element that answers it. */
export const ANSWER = "CongdanCollection";

/** Namespaces: SOAP 1.1, the question, the answer (reg 1.2). */
export const NAMESPACES = {
  soap: "http://schemas.xmlsoap.org/soap/envelope/",
  request: "http://dancuquocgia.bca",
  answer: "http://www.mic.gov.vn/dancu/1.0",
} as const;

/** What the service is called with over SOAP: not `text/xml` (reg 1.2). */
export const SOAP_CONTENT_TYPE = "application/xml; charset=utf-8";

/** `MaTichHop` of the citizen look-up (reg 2.2). */
export const LOOKUP_CODE = "037";

/** Longest values of the question, in characters (reg 2.2). */
export const LENGTHS = { MaYeuCau: 40, MaDVC: 20, MaTichHop: 20, MaDonVi: 35, MaCanBo: 20, HoVaTen: 100 } as const;

/** The birth date: `yyyyMMdd`, or the year alone. */
export type NgayThangNamSinh = { readonly NgayThangNam: string } | { readonly Nam: string };

/** The question (reg 2.2). Elements are sent in this order; exactly one of the two numbers is. */
export interface TraCuuThongTinCongDan {
  readonly MaYeuCau: string;
  readonly MaDVC: string;
  readonly MaTichHop: string;
  /** Absent in older clients; after `MaCanBo` in one. */
  readonly MaDonVi?: string;
  readonly MaCanBo: string;
  /** 12 digits. */
  readonly SoDinhDanh?: string;
  /** 9 digits. */
  readonly SoCMND?: string;
  readonly HoVaTen: string;
  readonly NgayThangNamSinh: NgayThangNamSinh;
}

/** What is hashed for one call of the direct form, in this order; the hash is lower-case hex SHA-256 (reg 0, fact 2). */
export const hashInput = (hashUrl: string, username: string, timestamp: string, secret: string): string =>
  hashUrl + username + timestamp + secret;

/** The credential of the "AccessKey" family: compact JSON, base64, in a header without a scheme word (reg 1.3, B). */
export interface AccessCredential {
  readonly AccessKey: string;
  readonly SecretKey: string;
  readonly AppName: string;
  readonly PartnerCode: string;
  readonly PartnerCodeCus: string;
}

/** The question of the flat JSON family (reg 1.3, C). `ngayThangNam` is `yyyyMMdd` or `yyyy`. */
export interface FlatLookup {
  readonly maYeuCau: string;
  readonly maDVC: string;
  readonly maCanBo: string;
  readonly soDinhDanh: string;
  readonly soCMND: string;
  readonly hoVaTen: string;
  readonly ngayThangNam: string;
  readonly userNameService: string;
}

/** The question of the XML-in-JSON family (reg 5.4). What is not given is `""`. */
export interface PascalLookup {
  readonly HoVaTen: string;
  readonly SoDinhDanh: string;
  readonly SoCMND: string;
  readonly NgayThangNam: string;
  readonly Nam: string;
  readonly MaTichHop: string;
  readonly MaDVC: string;
  readonly MaCanBo: string;
  readonly MaYeuCau: string;
}

/** The answer of the XML-in-JSON family: the SOAP answer as a text, or words beside a code that is not `"0"`. */
export interface XmlInJson {
  readonly error_code: string;
  readonly message: string;
}
