/**
 * The national portal's payment platform in its own words. Source and confidence of every name: SOURCE.md beside this file
 * (document `payment`, section 1). Names are case-sensitive; amounts are plain VND; times are `yyyyMMddHHmmss` of Viet Nam.
 */

/** The kinds of message (payment section 1.1). */
export const LOAI_BAN_TIN = { init: "INIT", confirm: "CONFIRM", query: "QUERY", receipt: "GET_BILL" } as const;

/** `MaLoi` of success; every other value is a failure (section 1.5). */
export const SUCCESS = "00";

/** `MaLoi` of "other errors" (section 1.5). */
export const OTHER_ERROR = "99";

/** `TrangThaiGD` in the answer to a query (section 1.6). */
export const TRANG_THAI_GD = { paid: "1", pending: "3", failed: "4" } as const;

/** The constants that a province in service sends (section 1.1). */
export const CONSTANTS = {
  PhienBan: "1.0.6",
  LoaiHinhThanhToan: "PAY",
  MaKenhThanhToan: "1",
  MaThietBi: "1",
  NgonNgu: "vi-VN",
  MaTienTe: "VND",
  /** The platform asks the payer which bank. */
  MaNganHang: "PAYMENT",
} as const;

/** What is signed of each message, in this order; the secret comes last (section 1.3). */
export const SIGNED = {
  INIT: [
    ...([
      "LoaiBanTin",
      "PhienBan",
      "MaDoiTac",
      "MaThamChieu",
      "SoTien",
      "LoaiHinhThanhToan",
      "MaKenhThanhToan",
    ] as const),
    ...(["MaThietBi", "NgonNgu", "MaTienTe", "MaNganHang", "ThongTinGiaoDich", "ThoiGianGD", "Ip"] as const),
  ],
  /** The time stands before the text here, after it in `INIT`. */
  CONFIRM: [
    ...(["LoaiBanTin", "MaLoi", "MaDoiTac", "MaThamChieu", "SoTien", "MaTienTe", "MaGiaoDich", "MaNganHang"] as const),
    ...(["ThoiGianGD", "ThongTinGiaoDich"] as const),
  ],
  QUERY: ["LoaiBanTin", "PhienBan", "MaDoiTac", "MaThamChieu", "ThoiGianGD"],
  GET_BILL: ["LoaiBanTin", "PhienBan", "MaDoiTac", "MaThamChieu", "ThoiGianGD"],
  /** The receipt of a bank that shares the family of messages: no type, no version. */
  "print-receipt": ["MaDoiTac", "MaThamChieu", "ThoiGianGD"],
} as const;

/** What `MaXacThuc` is the lower-case hex SHA-256 of; empty fields stay as empty texts (section 1.3). */
export const signedText = (fields: readonly string[], secret: string): string => [...fields, secret].join("|");

/** One line of what is paid. */
export interface PhiLePhi {
  readonly LoaiPhiLePhi: string;
  readonly MaPhiLePhi: string;
  readonly TenPhiLePhi: string;
  readonly SoTien: string;
}

/** The receipt block; nothing in it is signed (section 1.2). */
export interface ThongTinBienLai {
  /** `2` fees and charges of a dossier, `1` a fine. */
  readonly MaDichVu: string;
  readonly MaDVC: string;
  readonly TenDVC: string;
  readonly MaTTHC: string;
  readonly TenTTHC: string;
  readonly MaDonVi: string;
  readonly TenDonVi: string;
  readonly MaHoSo: string;
  readonly TKThuHuong: string;
  readonly MaNHThuHuong: string;
  readonly TenTKThuHuong: string;
  readonly PhiLePhi: readonly PhiLePhi[];
  readonly MaLoaiHinhThuPhat: string;
  readonly TenLoaiHinhThuPhat: string;
  readonly KhoBac: string;
  readonly NgayQD: string;
  readonly SoQD: string;
  readonly ThoiGianViPham: string;
  readonly DiaDiemViPham: string;
  readonly TenNguoiViPham: string;
  readonly MaCoQuanQD: string;
  readonly TenCoQuanQD: string;
  readonly TaiKhoanThuNSNN: string;
  readonly NoiDungThanhToan: string;
  readonly HoTenNguoiNop: string;
  readonly SoCMNDNguoiNop: string;
  readonly DiaChiNguoiNop: string;
  readonly HuyenNguoiNop: string;
  readonly TinhNguoiNop: string;
  readonly DSKhoanNop: readonly { readonly NoiDung: string; readonly SoTien: string }[];
}

/** What a payment is started with (section 1.2). */
export interface Init {
  readonly LoaiBanTin: "INIT";
  readonly PhienBan: string;
  readonly MaDoiTac: string;
  readonly MaThamChieu: string;
  readonly SoTien: string;
  readonly LoaiHinhThanhToan: string;
  readonly MaKenhThanhToan: string;
  readonly MaThietBi: string;
  readonly NgonNgu: string;
  readonly MaTienTe: string;
  readonly MaNganHang: string;
  readonly ThongTinGiaoDich: string;
  readonly ThoiGianGD: string;
  /** The payer's. */
  readonly Ip: string;
  readonly ThongTinBienLai: ThongTinBienLai;
  readonly MaXacThuc: string;
}

/** The answer to it, directly or as the text of `message` in an `Envelope` (section 1.4). */
export interface InitAnswer {
  readonly MaLoi: string;
  readonly MoTaLoi: string;
  readonly UrlThanhToan: string;
}

/** What the integration axis wraps an answer in: `message` is a text that holds JSON (section 1.4). */
export interface Envelope {
  readonly error_code: string;
  readonly message: string;
}

/** The platform's report of a payment (section 1.5). */
export interface Confirm {
  readonly LoaiBanTin: "CONFIRM";
  readonly MaLoi: string;
  readonly MaDoiTac: string;
  readonly MaThamChieu: string;
  /** A number here, a text in `INIT`. */
  readonly SoTien: number | string;
  readonly MaTienTe: string;
  readonly MaGiaoDich: string;
  readonly MaNganHang: string;
  readonly ThoiGianGD: string;
  readonly ThongTinGiaoDich: string;
  readonly MaXacThuc: string;
  /** Unsigned; may be there already. */
  readonly UrlBienLai?: string;
}

/** How it is acknowledged, with HTTP 200; `MaXacThuc` is what came (section 1.5). */
export interface ConfirmAck {
  readonly MaLoi: string;
  readonly MoTaLoi: string;
  readonly MaDoiTac: string;
  readonly MaThamChieu: string;
  readonly ThoiGianGD: string;
  readonly MaXacThuc: string;
}

/** The question how a transaction stands; `ThoiGianGD` is that of `INIT` (section 1.6). */
export interface Query {
  readonly LoaiBanTin: "QUERY" | "GET_BILL";
  readonly PhienBan: string;
  readonly MaDoiTac: string;
  readonly MaThamChieu: string;
  readonly ThoiGianGD: string;
  readonly MaXacThuc: string;
}

/** The same of a bank that wants neither type nor version (section 1.3). */
export type PrintReceipt = Omit<Query, "LoaiBanTin" | "PhienBan">;

/** The answer: `MaLoi` says that the question worked, `TrangThaiGD` how the transaction stands (section 1.6). */
export type QueryAnswer = Omit<Confirm, "LoaiBanTin"> & { readonly TrangThaiGD: string };
