/**
 * The connector of VNPT iGate portals, shape C ("connector-v1"), in its own words (np 1.3, 2.3, 5.6): a token, files first,
 * numbers where the other shapes have texts. Source and confidence of every name: SOURCE.md beside this file.
 */

/** `POST {base}/connector/connector/v1/login` (np 1.3). */
export interface TokenRequest {
  client_id: string;
  client_secret: string;
}

/** Its answer, bare or as `data` of an answer (np 1.3). */
export interface TokenAnswer {
  access_token: string;
  /** Seconds. */
  expires_in?: number;
  token_type?: string;
}

/** Every other answer (np 1.3, 5.6). `code` says what the HTTP status says: 200, 400, 401, 403, 404, 502. */
export interface ConnectorAnswer<T = unknown> {
  code: number;
  message: string;
  data: T | null;
}

/** The paths that clients call, below the base address (np 1.3). */
export const CONNECTOR_PATHS = {
  login: "/connector/connector/v1/login",
  /** "One t only, as spelled" (np 1.3). */
  steps: "/connector/connector/v1/hoso/capnhatientrinh",
  status: "/connector/connector/v1/hoso/capnhattrangthai",
  upload: "/fi/v1/file/upload",
  list: "/connector/connector/v1/laydanhsachhoso",
  receipt: "/connector/connector/v1/hoso/xacnhantrangthainhan",
  /** Followed by the file's id, with the dossier as `maHoSo` in the query. */
  download: "/fi/file/download/",
} as const;

/** `laydanhsachhoso`: dossiers filed on the portal, of one procedure; an empty text asks for all (np 1.3). */
export interface ListRequest {
  TrangThaiHoSo: string;
  MaTTHC: string;
  HinhThucTiepNhan: string;
}

/**
 * A row of the list. Code and status were seen; that the rest is named as in a dossier sent by "NoiHoSo" is a guess (np, "read
 * this first": `ThanhPhanHoSo` and `ThongTinNguoiNop`), so that nothing but the code can be relied on.
 */
export interface ListedDossier extends Partial<Omit<NoiHoSo, "MaHoSo" | "TrangThai">> {
  MaHoSo: string;
  /** 1 to 10 (np 3.1). */
  TrangThai: number;
}

/** `xacnhantrangthainhan`: the dossier arrived; the body is a list (np 1.3). */
export interface ReceiptRow {
  MaHoSo: string;
  TrangThaiNhanHoSo: 1;
}

/** What an upload answers (np 1.3): multipart, the bytes as `file`, the dossier as `maHoSo`. */
export interface UploadedFile {
  IdTepTin: string;
  HashTepTin: string;
}

/** What asking for the next dossier number answers (np 1.3): the whole code. */
export interface NextValue {
  value: string;
}

/** A file of a component, uploaded before (client sample). */
export interface GiayToDinhKem {
  IdGiayTo: string;
  MaKetQua: string;
  TenGiayTo: string;
  HashTepTin: string;
}

/** A component of a dossier (client sample). `LoaiBan`: 0 original, 1 copy, 2 electronic (np 3.5). */
export interface ThanhPhanHoSo {
  MaThanhPhanHoSo: string;
  TenThanhPhanHoSo: string;
  SoLuong: number;
  LoaiBan: 0 | 1 | 2;
  GiayToDinhKem: GiayToDinhKem[];
}

/** Who files and whose dossier it is (client sample). */
export interface ThongTinChiTiet {
  TenNguoiNop: string;
  SoDinhDanh: string;
  SoDienThoai: string;
  Email: string;
  Fax: string;
  TenChuHs: string;
  SoDinhDanhChuHs: string;
}

/** The one who files (client sample). `LoaiDoiTuong`: 0 citizen, 1 business, 2 household business (np 3.3). */
export interface ThongTinNguoiNop {
  LoaiDoiTuong: number;
  IdDoiTuong: string;
  ThongTinChiTiet: ThongTinChiTiet;
}

/** A fee: the names of shape A, other meanings of `LoaiPhiLePhi`: 1 normal, 2 appraisal, 3 extension (np 3.5, 5.6). */
export interface ConnectorFee {
  TenPhiLePhi: string;
  MaPhiLePhi: string;
  HinhThucThu: string;
  Gia: string;
  LoaiPhiLePhi: string;
}

/** The dossier of the create call "NoiHoSo", one object (client sample). Times `yyyy-MM-dd HH:mm:ss`, empty is `""`. */
export interface NoiHoSo {
  MaHoSo: string;
  MaTTHC: string;
  MaDichVuCong: string;
  ChuHoSo: string;
  LoaiDoiTuong: number;
  MaDonViTiepNhan: string;
  NgayNop: string;
  NgayTiepNhan: string;
  /** 1 to 10 (np 3.1). */
  TrangThai: number;
  ThanhPhanHoSo: ThanhPhanHoSo[];
  ThongTinNguoiNop: ThongTinNguoiNop;
  DanhSachLePhi: ConnectorFee[];
}

/** `data` of the create call's answer (np 1.3). */
export interface CreatedDossier {
  idHoSo: string;
  maHoSo: string;
}

/** np 2.3: a progress step; the body is a list. Times `yyyy-MM-ddTHH:mm:ss.fff` in Asia/Ho_Chi_Minh, empty is `""`. */
export interface ConnectorStep {
  /** The portal's id of the dossier, or `""` (client sample). */
  IDHoSo: string;
  MaHoSo: string;
  NguoiXuLy: string;
  ChucDanh: string;
  ThoiDiemXuLy: string;
  PhongBanXuLy: string;
  NoiDungXuLy: string;
  TrangThai: number;
  NgayBatDau: string;
  NgayKetThucTheoQuyDinh: string;
}

/** A result paper of a status call: an uploaded file (np 1.3, 2.3; the names inside are those of a component's file). */
export type ConnectorResult = GiayToDinhKem;

/** np 2.3, 5.6: a status; the body is a list. The lists are for statuses 5, 6 and 9 alone. */
export interface ConnectorStatus {
  IdHoSo: string;
  MaHoSo: string;
  TrangThai: number;
  NoiDungYKien: string;
  PhongBanXuLy: string;
  NoiDungXuLy: string;
  DanhSachLePhi?: ConnectorFee[];
  DanhSachGiayToKetQua?: ConnectorResult[];
}
