import type { PushAnswer } from "../../contracts/platforms/national-portal/inbound.ts";
import type { InboxItem, InboxPage } from "../../contracts/services/inbox.ts";
import type { EntryView, LedgerSummary } from "../../contracts/services/ledger.ts";
import { DEMO_PORTAL_KEY } from "../../src/demo-settings.ts";
import type { SceneOptions } from "../gateway-scene.ts";
import { openApiScene } from "../http/api-scene.ts";

/** A PDF that says it is one. */
export const PDF = Buffer.from("%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n");

/** A promotion notice as the portal pushes it (np 2.6). */
export const promotion = (code: string, parts: Readonly<Record<string, unknown>> = {}) => ({
  MaHoSo: code,
  MaTTHC: "2.000033",
  SoVanBan: "12/TB",
  NgayNopHoSo: "20261120080500",
  TenThuongNhan: "Công ty Ví Dụ",
  DiaChiDoanhNghiep: { MaTinh: "24", MaHuyen: "", MaXa: "07210", DiaChiChiTiet: "Số 1 đường Mẫu" },
  DienThoai: "02040000000",
  Fax: "",
  Email: "vidu@example.vn",
  MaSoThue: "0100109106",
  TenChuongTrinhKhuyenMai: "Tuần lễ ví dụ",
  HinhThucKhuyenMai: "Giảm giá",
  TongGiaTriHangHoa: 3_000_000_000,
  TenTepDonDangKy: "don-dang-ky.pdf",
  TepDonDangKy: PDF.toString("base64"),
  TaiLieuNop: [{ TenTepDinhKem: "the-le.pdf", Base64: PDF.toString("base64") }],
  ...parts,
});

/** An amendment of a notice. */
export const amendment = (code: string, amends: string, parts: Readonly<Record<string, unknown>> = {}) => ({
  service: "NhanHoSoSuaDoi",
  isUpdating: false,
  data: {
    MaHoSoQG: code,
    MaTTHC: "2.000034",
    ThongTinDaNop: { MaHoSoQGDNP: amends, TenThuongNhan: "Công ty Ví Dụ", MaSoThue: "0100109106" },
    ThongTinSuaDoi: { TenChuongTrinhKhuyenMaiKM: "Tuần lễ ví dụ, kéo dài" },
    LyDoDieuChinh: "Kéo dài thời gian",
    TenTepDangKy: "sua-doi.pdf",
    URLTepDangKy: "https://files.portal.example/1",
    ...parts,
  },
});

/** A tax receipt. */
export const receipt = (
  code: string,
  decision: string,
  amount: unknown,
  parts: Readonly<Record<string, unknown>> = {},
) => ({
  service: "NhanChungTuThueDat",
  isUpdating: false,
  data: {
    MaHoSo: code,
    MaSoThue: "8000000001",
    HoTenNguoiNopTien: "Trần Thị Ví Dụ",
    SoCMTNguoiNopTien: "001199000001",
    TinhNguoiNopTien: "Bắc Giang",
    UrlFileChungTu: "https://files.portal.example/ct/1",
    ThongTinThanhToan: {
      MaThongBaoThue: decision,
      ThoiGianThanhToan: "20261121090000",
      SoTien: amount,
      NoiDungThanhToan: "Nộp tiền sử dụng đất",
      TrangThaiThanhToan: 1,
      ...parts,
    },
  },
});

/** One decision inside a notice. */
export const list = (decision: string, amount: string, item = "Tiền sử dụng đất", spelling = "TEN_TIEUMUC") =>
  `<LIST><MA_SO_THUE>8000000001</MA_SO_THUE><SO_QUYET_DINH>${decision}</SO_QUYET_DINH>` +
  `<NGAY_QUYET_DINH>20-11-2026</NGAY_QUYET_DINH><${spelling}>${item}</${spelling}><SO_TIEN>${amount}</SO_TIEN></LIST>`;

/** A tax notice around rows of `[code, lists]`, or around any XML. */
export const notice = (rows: string | readonly (readonly [code: string, lists: string])[]) => {
  const inner =
    typeof rows === "string"
      ? rows
      : `<DATA><BODY>${rows.map(([code, lists]) => `<ROW_LIST><MA_HSO>${code}</MA_HSO>${lists}</ROW_LIST>`).join("")}</BODY></DATA>`;
  const xml = `<?xml version="1.0" encoding="UTF-8"?>${inner}`;
  return {
    service: "NhanThongBaoThueDat",
    isUpdating: false,
    data: { FileThongBaoThue: Buffer.from(xml).toString("base64") },
  };
};

/** A gateway that the portal calls; every answer is checked against the description. */
export const openInboundScene = async (options: SceneOptions = {}) => {
  const scene = await openApiScene(options);
  const key = options.settings?.["NATIONAL_PORTAL_INBOUND_KEYS"] ?? DEMO_PORTAL_KEY;

  /** Calls an address below `/portal`; an object goes as JSON, anything else as it is. */
  const portal = async <Body = PushAnswer>(
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>> = { "x-api-key": key },
  ) => {
    const raw = typeof body === "string" || body instanceof Uint8Array;
    return scene.send<Body>(`/portal/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: (raw ? body : JSON.stringify(body)) as NonNullable<RequestInit["body"]>,
    });
  };
  const events = async (client = "province"): Promise<InboxItem[]> => {
    const items: InboxItem[] = [];
    for (let after = "0"; ; ) {
      const { body } = await scene.call<InboxPage>("GET", `/v1/inbox?limit=200&after=${after}`, undefined, { client });
      if (body.items.length === 0) return items;
      items.push(...body.items);
      after = body.next;
    }
  };
  return {
    ...scene,
    simulator: scene.portal,
    portal,
    /** The same, for its `error_code`. */
    code: async (path: string, body: unknown): Promise<number> => (await portal(path, body)).body.error_code,
    events,
    eventsOf: async (subject: string, client?: string) =>
      (await events(client)).filter((event) => event.subject === subject),
    entries: async (query: string) =>
      (await scene.call<{ items: EntryView[] }>("GET", `/v1/ledger?direction=in&${query}`)).body.items,
    sums: async () => {
      const { body } = await scene.call<LedgerSummary>("GET", "/v1/ledger/summary");
      return body.items.find(({ direction }) => direction === "in");
    },
  };
};

/** A gateway that the portal calls. */
export type InboundScene = Awaited<ReturnType<typeof openInboundScene>>;
