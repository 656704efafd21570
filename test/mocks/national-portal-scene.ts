import type { HoSo, TienDo } from "../../contracts/platforms/national-portal/wire.ts";
import { createNationalPortal } from "../../mocks/national-portal/create-national-portal.ts";
import type { NationalPortal } from "../../mocks/national-portal/portal.ts";
import { type NationalPortalOptions, PORTAL_DEFAULTS } from "../../mocks/national-portal/settings.ts";

/** A JSON answer of the portal with its HTTP status. */
export interface Answered {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** A portal with a clock that stands still until it is moved. */
export interface Scene {
  readonly portal: NationalPortal;
  /** Moves the portal's clock on. */
  readonly pass: (ms: number) => void;
  /** What the portal waited, in milliseconds, each wait ended at once. */
  readonly waits: number[];
  readonly request: (path: string, body: unknown, headers?: Record<string, string>) => Promise<Response>;
  readonly login: () => Promise<string>;
  /** Calls a service with a session opened for it. */
  readonly call: (service: string, more: Record<string, unknown>) => Promise<Answered>;
  readonly create: (...data: HoSo[]) => Promise<Answered>;
  readonly update: (...data: HoSo[]) => Promise<Answered>;
  readonly step: (...data: TienDo[]) => Promise<Answered>;
}

/** The headers of every call (national-portal section 1.1). */
export const HEADERS = { "content-type": "application/json", dstcode: PORTAL_DEFAULTS.dstcode };

/** Name and password of the demonstration. */
export const CREDENTIALS = { username: PORTAL_DEFAULTS.username, password: PORTAL_DEFAULTS.password };

/** Sets up a portal that is called without a network. */
export const openScene = (options: Partial<NationalPortalOptions> = {}): Scene => {
  let time = Date.parse("2026-11-20T02:15:00Z");
  let sessions = 0;
  const waits: number[] = [];
  const portal = createNationalPortal({
    now: () => new Date(time),
    newSession: () => `session-${++sessions}`,
    wait: async (ms) => void waits.push(ms),
    ...options,
  });
  const request = async (path: string, body: unknown, headers: Record<string, string> = HEADERS) =>
    portal.app.request(path, { method: "POST", headers, body: typeof body === "string" ? body : JSON.stringify(body) });
  const login = async () => {
    const answer = (await (await request("/mapi/login", CREDENTIALS)).json()) as { session: string };
    return answer.session;
  };
  let session: string | undefined;
  const call = async (service: string, more: Record<string, unknown>): Promise<Answered> => {
    session ??= await login();
    const response = await request("/mapi/g", { session, madonvi: PORTAL_DEFAULTS.madonvi, service, ...more });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return {
    portal,
    pass: (ms) => {
      time += ms;
    },
    waits,
    request,
    login,
    call,
    create: (...data) => call("DongBoHoSoMC", { isUpdating: "False", data }),
    update: (...data) => call("DongBoHoSoMC", { isUpdating: "True", data }),
    step: (...data) => call("CapNhatTienDoHoSoMC", { data }),
  };
};

/** The code of `hoSo()`. */
export const CODE = "H04.15-261120-0007";

/** A dossier that the portal takes: the example of national-portal section 5.2. */
export const hoSo = (change: Partial<HoSo> = {}): HoSo => ({
  MaHoSo: CODE,
  MaTTHC: "2.000591",
  TenTTHC: "Cấp Giấy chứng nhận đủ điều kiện an toàn thực phẩm",
  MaLinhVuc: "G02-AT01",
  TenLinhVuc: "An toàn thực phẩm",
  KenhThucHien: "2",
  SoBienNhan: "",
  ChuHoSo: "Trần Thị Ví Dụ",
  SoGiayToChuHoSo: "001099000001",
  LoaiDoiTuong: "1",
  MaDoiTuong: "tech-000001",
  ThongTinKhac: "",
  Email: "vidu@example.vn",
  Fax: "",
  SoDienThoai: "0900000000",
  TrichYeuHoSo: "Xin cấp giấy chứng nhận",
  NgayNopHoSo: "20261120080500",
  NgayTiepNhan: "20261120091500",
  NgayHenTra: "20261123170000",
  TrangThaiHoSo: "2",
  NgayTra: "",
  ThongTinTra: "",
  HinhThuc: "0",
  NgayKetThucXuLy: "",
  NgayTuChoi: "",
  DonViXuLy: "Sở Công Thương",
  GhiChu: "",
  NoiNopHoSo: "2",
  HoSoCoThanhPhanSoHoa: "1",
  TaiKhoanDuocXacThucVoiVNeID: "1",
  DuocThanhToanTrucTuyen: "0",
  DinhDanhCHS: [{ LoaiDinhDanh: "1", SoDinhDanh: "001099000001" }],
  DSKetNoiCSDL: [],
  TaiLieuNop: [
    {
      TepDinhKemId: "501",
      TenTepDinhKem: "to-khai.pdf",
      IsDeleted: "False",
      MaThanhPhanHoSo: "",
      DuongDanTaiTepTin: "https://files.example.vn/501",
      DuocSoHoa: "1",
      DuocTaiSuDung: "0",
      DuocLayTuKhoDMQG: "0",
      MaKetQuaThayThe: "",
    },
  ],
  DanhSachLePhi: [
    { TenPhiLePhi: "Phí thẩm định", MaPhiLePhi: "PHI01", HinhThucThu: "1", Gia: "1000000", LoaiPhiLePhi: "1" },
  ],
  DanhSachTepDinhKemKhac: [{ TenGiayTo: "Giấy giới thiệu", SoLuong: 1, LoaiGiayTo: "1" }],
  DanhSachHoSoBoSung: [],
  DanhSachGiayToKetQua: [],
  ...change,
});

/** A step that the portal takes: the example of national-portal section 5.3. */
export const tienDo = (change: Partial<TienDo> = {}): TienDo => ({
  MaHoSo: CODE,
  NguoiXuLy: "Lê Văn Mẫu",
  ChucDanh: "Công chức",
  ThoiDiemXuLy: "20261120141000",
  PhongBanXuLy: "Bộ phận chuyên môn",
  NoiDungXuLy: "Thẩm định hồ sơ",
  TrangThai: "4",
  NgayBatDau: "20261120140000",
  NgayKetThucTheoQuyDinh: "20261122170000",
  ...change,
});

/** The code of a dossier born on the portal. */
export const PORTAL_CODE = "000.00.00.G22-261120-0001";

/** A status of a portal-born dossier that the portal takes (national-portal section 2.3). */
export const trangThai = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  MaHoSo: PORTAL_CODE,
  MaHoSoDonVi: CODE,
  MaDoiTuong: "tech-000001",
  NoiDung: "Đã tiếp nhận",
  NgayXuLy: "20261120141000",
  TrangThai: "2",
  TaiLieuXuLy: [],
  ...change,
});
