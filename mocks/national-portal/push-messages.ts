import {
  type AmendmentNotice,
  type LandTaxNotice,
  type LandTaxReceipt,
  type PromotionNotice,
  type PushEnvelope,
  TAX_SERVICES,
} from "../../contracts/platforms/national-portal/inbound.ts";

/** One message that the portal pushes: where to, what, and by what it is recognised. */
export interface PortalPush {
  readonly path: "addtthcKhuyenMai" | "nhanhsdvcqg" | "nhantbthuedvcqg";
  readonly body: object;
  /** The dossier that it is about. */
  readonly code: string;
  /** Unlike that of every other push of the run. */
  readonly mark: string;
}

const utf8Base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

const PAPER = utf8Base64("%PDF-1.7\n% giấy tờ ví dụ\n%%EOF\n");

/** Who filed which notice, and when (`yyyyMMddHHmmss`). */
interface Filed {
  readonly MaHoSo: string;
  readonly MaTTHC: string;
  readonly TenThuongNhan: string;
  readonly NgayNopHoSo: string;
}

/** np 2.6: a promotion notice, with one of its files in each of the two places. */
export const promotionNotice = ({ MaHoSo: code, ...filed }: Filed): PortalPush => {
  const body: PromotionNotice = {
    ...filed,
    MaHoSo: code,
    SoVanBan: `${code}/TB`,
    DiaChiDoanhNghiep: { MaTinh: "24", MaHuyen: "", MaXa: "07210", DiaChiChiTiet: "Số 1 đường Mẫu" },
    DienThoai: "02040000000",
    Email: "vidu@example.vn",
    MaSoThue: "0100109106",
    TenChuongTrinhKhuyenMai: `Tuần lễ ví dụ ${code}`,
    TongGiaTriHangHoa: "3000000000",
    TenTepDonDangKy: "don-dang-ky.pdf",
    TepDonDangKy: PAPER,
    TaiLieuNop: [{ TenTepDinhKem: "the-le.pdf", Base64: PAPER }],
  };
  return { path: "addtthcKhuyenMai", body, code, mark: `promotion ${code}` };
};

const promotion = (code: string): PortalPush =>
  promotionNotice({ MaHoSo: code, MaTTHC: "2.000033", TenThuongNhan: "Công ty Ví Dụ", NgayNopHoSo: "20261120080500" });

// Document `payment`, section 3: of the two spellings of the sub-item's name each client reads one.
const SPELLINGS = ["TEN_TIEUMUC", "TEN_TIEU_MUC"] as const;

/** np 2.6: a dossier of its own, which names the one it amends; its file, where it has one, is an address. */
export const amendmentNotice = ({
  MaHoSo: code,
  MaTTHC,
  TenThuongNhan,
  amends,
  file,
}: Omit<Filed, "NgayNopHoSo"> & { readonly amends: string; readonly file?: string }): PortalPush => {
  const data: AmendmentNotice = {
    MaHoSoQG: code,
    MaTTHC,
    ThongTinDaNop: { MaHoSoQGDNP: amends, TenThuongNhan },
    ThongTinSuaDoi: { TenChuongTrinhKhuyenMaiKM: `Tuần lễ ví dụ ${amends}, kéo dài` },
    LyDoDieuChinh: "Kéo dài thời gian",
    ...(file !== undefined && { TenTepDangKy: "sua-doi.pdf", URLTepDangKy: file }),
  };
  const body: PushEnvelope<AmendmentNotice> = { service: "NhanHoSoSuaDoi", isUpdating: false, data };
  return { path: "nhanhsdvcqg", body, code, mark: `amendment ${code}` };
};

const amendment = (amends: string): PortalPush => {
  const MaHoSo = amends.replace("-261120-", "-261121-");
  const file = "https://files.portal.example/sua-doi";
  return amendmentNotice({ MaHoSo, MaTTHC: "2.000034", TenThuongNhan: "Công ty Ví Dụ", amends, file });
};

const taxNotice = (code: string, n: number): PortalPush => {
  const spelling = SPELLINGS[n % SPELLINGS.length] ?? "TEN_TIEUMUC";
  const xml =
    `<?xml version="1.0" encoding="UTF-8"?><DATA><BODY><ROW_LIST><MA_HSO>${code}</MA_HSO><LIST>` +
    `<MA_SO_THUE>8000000001</MA_SO_THUE><SO_QUYET_DINH>QD-${code}</SO_QUYET_DINH><NGAY_QUYET_DINH>20-11-2026</NGAY_QUYET_DINH>` +
    `<${spelling}>Tiền sử dụng đất</${spelling}><SO_TIEN>3000000000</SO_TIEN></LIST></ROW_LIST></BODY></DATA>`;
  const body: PushEnvelope<LandTaxNotice> = {
    service: TAX_SERVICES.notice,
    isUpdating: false,
    data: { FileThongBaoThue: utf8Base64(xml) },
  };
  return { path: "nhantbthuedvcqg", body, code, mark: `notice ${code}` };
};

const taxReceipt = (code: string, nth: number): PortalPush => {
  const amount = 1_000_000_000 * nth;
  const body: PushEnvelope<LandTaxReceipt> = {
    service: TAX_SERVICES.receipt,
    isUpdating: false,
    data: {
      MaHoSo: code,
      MaSoThue: "8000000001",
      HoTenNguoiNopTien: "Trần Thị Ví Dụ",
      SoCMTNguoiNopTien: "001199000001",
      UrlFileChungTu: "https://files.portal.example/ct",
      ThongTinThanhToan: {
        MaThongBaoThue: `QD-${code}`,
        ThoiGianThanhToan: `2026112${nth}090000`,
        SoTien: nth % 2 === 0 ? amount : String(amount),
        NoiDungThanhToan: "Nộp tiền sử dụng đất",
        TrangThaiThanhToan: 1,
      },
    },
  };
  return { path: "nhanhsdvcqg", body, code, mark: `receipt ${code} ${amount}` };
};

/** Everything that the portal has to push about one dossier, in the order in which it happened. */
export const pushesAbout = (code: string, n: number): readonly PortalPush[] => [
  promotion(code),
  amendment(code),
  taxNotice(code, n),
  taxReceipt(code, 1),
  taxReceipt(code, 2),
];
