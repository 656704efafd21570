/** A person whom the simulated registry knows. Invented: personal ids begin with 099, which is no province (reg, hygiene). */
export interface Person {
  /** 12 digits. */
  readonly SoDinhDanh: string;
  /** 9 digits, where there was an old paper. */
  readonly SoCMND?: string;
  readonly HoVaTen: { readonly Ho: string; readonly ChuDem: string; readonly Ten: string };
  readonly GioiTinh: string;
  /** `yyyyMMdd`, or `yyyy` where the registry knows no more. */
  readonly born: string;
  readonly QuocTich?: string;
  readonly ThuongTru: Address;
  readonly NoiDangKyKhaiSinh?: Address;
  readonly QueQuan?: Address;
  readonly NoiOHienTai?: Address;
  readonly Cha?: Relative;
  readonly Me?: Relative;
  readonly VoChong?: Relative;
  readonly NguoiDaiDien?: Relative;
  readonly ChuHo?: Relative & { readonly QuanHe: string };
}

/** An address by the statistics office's codes; since July 2025 there is no district (reg 2.3). */
export interface Address {
  readonly MaTinhThanh: string;
  readonly MaQuanHuyen?: string;
  readonly MaPhuongXa: string;
  readonly ChiTiet: string;
}

/** A relative, the name in its parts. */
export interface Relative {
  readonly HoVaTen: Person["HoVaTen"];
  readonly SoDinhDanh?: string;
  readonly SoCMND?: string;
}

const name = (Ho: string, ChuDem: string, Ten: string): Person["HoVaTen"] => ({ Ho, ChuDem, Ten });

const HOME: Address = { MaTinhThanh: "99", MaPhuongXa: "99999", ChiTiet: "Thôn Mẫu, xã Mẫu, tỉnh Mẫu" };
const OLD_HOME: Address = { ...HOME, MaQuanHuyen: "999", ChiTiet: "Số 1 < 2 & 3, phố Mẫu" };
const FATHER: Relative = { HoVaTen: name("NGUYỄN", "VĂN", "CHA"), SoDinhDanh: "099075000002" };

/** Who is known from the start. */
export const PEOPLE: readonly Person[] = [
  {
    SoDinhDanh: "099205000001",
    HoVaTen: name("NGUYỄN", "VĂN", "MẪU"),
    GioiTinh: "1",
    born: "20050131",
    QuocTich: "VN",
    ThuongTru: HOME,
    NoiDangKyKhaiSinh: OLD_HOME,
    QueQuan: OLD_HOME,
    NoiOHienTai: HOME,
    Cha: FATHER,
    Me: { HoVaTen: name("TRẦN", "THỊ", "MẸ"), SoCMND: "099000003" },
    ChuHo: { ...FATHER, QuanHe: "CH01" },
  },
  {
    SoDinhDanh: "099075000002",
    SoCMND: "099000002",
    HoVaTen: name("NGUYỄN", "VĂN", "CHA"),
    GioiTinh: "1",
    born: "19750615",
    QuocTich: "VN",
    ThuongTru: HOME,
    VoChong: { HoVaTen: name("TRẦN", "THỊ", "MẸ") },
  },
  {
    SoDinhDanh: "099140000004",
    SoCMND: "099000004",
    HoVaTen: name("ĐẶNG", "THỊ", "ĐƯỢC"),
    GioiTinh: "2",
    born: "1940",
    ThuongTru: OLD_HOME,
  },
  {
    SoDinhDanh: "099190000005",
    HoVaTen: name("H'", "Vĩ & <Dụ>", "Ê-ban"),
    GioiTinh: "2",
    born: "19900229",
    QuocTich: "VN",
    ThuongTru: HOME,
    NguoiDaiDien: FATHER,
  },
];
