/** What the portal wants of one field. */
export interface FieldRule {
  /** `filled`: there and not empty; `present`: there, may be `""`. Default: may be left out. */
  readonly required?: "filled" | "present";
  /** Longest text, in UTF-16 units. */
  readonly max?: number;
  /** The closed list; the empty text passes unless the field must be filled. */
  readonly values?: ReadonlySet<string>;
  /** How the text must look. */
  readonly form?:
    | "date"
    | "url"
    | "dossier-code"
    | "procedure-code"
    | "amount"
    | "create-time"
    | "step-time"
    | "percent"
    | "month";
  /** A JSON whole number out of these, and no text (shape C, np 2.3). */
  readonly numbers?: ReadonlySet<number> | "any";
  /** One object with these fields. */
  readonly object?: FieldTable;
  /** `null` is taken too. */
  readonly nullable?: boolean;
  /** A JSON number is taken too. */
  readonly numeric?: boolean;
  /** A list of texts. */
  readonly texts?: boolean;
  /** A list of objects with these fields. */
  readonly rows?: FieldTable;
}

/** The fields of one wire object. */
export type FieldTable = Readonly<Record<string, FieldRule>>;

export const oneOf = (...values: string[]): ReadonlySet<string> => new Set(values);
export const FREE: FieldRule = {};
const DATE: FieldRule = { form: "date" };
const FLAG: FieldRule = { values: oneOf("0", "1") };
/** np 3.1: ten statuses; 11 is not in the list. */
const STATUSES = oneOf("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
/** np 2.3: clients send 2 accepted and 5 supplement or refused; one sends 11 for a refusal. */
const PORTAL_BORN_STATUSES = oneOf("2", "5", "11");

/** np 2.2, `TaiLieuNop[]`; length np 6.8, address np 3.6. */
const TAI_LIEU_NOP: FieldTable = {
  TepDinhKemId: FREE,
  TenTepDinhKem: { max: 4000 },
  IsDeleted: { values: oneOf("True", "False") },
  MaThanhPhanHoSo: FREE,
  DuongDanTaiTepTin: { form: "url" },
  DuocSoHoa: FLAG,
  DuocTaiSuDung: { values: oneOf("0", "1", "2") },
  DuocLayTuKhoDMQG: FLAG,
  MaKetQuaThayThe: FREE,
};

/** np 2.2, `DanhSachLePhi[]`; code lists np 3.5. */
export const LE_PHI: FieldTable = {
  TenPhiLePhi: FREE,
  MaPhiLePhi: FREE,
  HinhThucThu: { values: oneOf("1", "2", "4") },
  Gia: { form: "amount" },
  LoaiPhiLePhi: { values: oneOf("1", "2") },
};

/** np 2.2, `DanhSachHoSoBoSung[]`. No client fills its inner lists: their rows are taken to be those of the dossier. */
const HO_SO_BO_SUNG: FieldTable = {
  HoSoBoSungId: FREE,
  NguoiYeuCauBoSung: FREE,
  NoiDungBoSung: FREE,
  NgayBoSung: DATE,
  NguoiTiepNhanBoSung: FREE,
  ThongTinTiepNhan: FREE,
  NgayTiepNhanBoSung: DATE,
  TrangThaiBoSung: FREE,
  DanhSachGiayToBoSung: { rows: TAI_LIEU_NOP },
  DanhSachLePhiBoSung: { rows: LE_PHI },
  NgayHenTraTruoc: DATE,
  NgayHenTraMoi: DATE,
};

/** np 2.2: the dossier object of `DongBoHoSoMC`. A field whose "req" says newer or no may be left out. */
export const HO_SO: FieldTable = {
  MaHoSo: { required: "filled", form: "dossier-code" },
  MaTTHC: { required: "filled", form: "procedure-code" },
  TenTTHC: { required: "filled" },
  MaLinhVuc: { required: "filled" },
  TenLinhVuc: { required: "filled" },
  KenhThucHien: { required: "filled", values: oneOf("1", "2", "3") },
  SoBienNhan: FREE,
  ChuHoSo: FREE,
  SoGiayToChuHoSo: FREE,
  LoaiDoiTuong: { required: "filled", values: oneOf("1", "2", "3", "4") },
  // The newer client sends null unless the channel is online (np 2.2).
  MaDoiTuong: { nullable: true },
  ThongTinKhac: FREE,
  Email: FREE,
  Fax: FREE,
  SoDienThoai: FREE,
  TrichYeuHoSo: { required: "filled", max: 1000 },
  NgayNopHoSo: DATE,
  NgayTiepNhan: { required: "filled", form: "date" },
  NgayHenTra: { required: "present", form: "date" },
  TrangThaiHoSo: { required: "filled", values: STATUSES },
  NgayTra: DATE,
  ThongTinTra: FREE,
  HinhThuc: { required: "filled", values: oneOf("0", "1") },
  NgayKetThucXuLy: DATE,
  NgayTuChoi: DATE,
  DonViXuLy: { required: "filled" },
  GhiChu: { max: 2000 },
  NoiNopHoSo: FREE,
  HoSoCoThanhPhanSoHoa: FLAG,
  TaiKhoanDuocXacThucVoiVNeID: FLAG,
  DuocThanhToanTrucTuyen: { values: oneOf("0", "1", "2", "3") },
  DinhDanhCHS: {
    rows: { LoaiDinhDanh: { required: "filled", values: oneOf("1", "2") }, SoDinhDanh: { required: "filled" } },
  },
  DSKetNoiCSDL: { rows: { MaCSDL: FREE } },
  TaiLieuNop: { rows: TAI_LIEU_NOP },
  DanhSachLePhi: { rows: LE_PHI },
  // The one client that fills this list sends numbers (np 2.2).
  DanhSachTepDinhKemKhac: {
    rows: { TenGiayTo: { max: 2000 }, SoLuong: { numeric: true }, LoaiGiayTo: { numeric: true } },
  },
  DanhSachHoSoBoSung: { rows: HO_SO_BO_SUNG },
  DanhSachGiayToKetQua: {
    rows: {
      TenGiayTo: { max: 2000 },
      MaThanhPhanHoSo: FREE,
      GiayToId: FREE,
      DuongDanTepTinKetQua: { form: "url" },
      MaGiayToKetQua: FREE,
    },
  },
};

/** np 2.3: one progress step. */
export const TIEN_DO: FieldTable = {
  MaHoSo: { required: "filled" },
  NguoiXuLy: { required: "filled", max: 50 },
  ChucDanh: FREE,
  ThoiDiemXuLy: { required: "filled", form: "date" },
  PhongBanXuLy: FREE,
  NoiDungXuLy: { required: "filled" },
  TrangThai: { required: "filled", values: STATUSES },
  NgayBatDau: DATE,
  NgayKetThucTheoQuyDinh: DATE,
};

/** np 2.3: `DongBoTrangThaiHoSo`. No required flags are known: only what the message is pointless without. */
export const TRANG_THAI: FieldTable = {
  MaHoSo: { required: "filled" },
  MaHoSoDonVi: FREE,
  MaDoiTuong: { nullable: true },
  NoiDung: FREE,
  NgayXuLy: { required: "filled", form: "date" },
  TrangThai: { required: "filled", values: PORTAL_BORN_STATUSES },
  TaiLieuXuLy: { rows: TAI_LIEU_NOP },
};
