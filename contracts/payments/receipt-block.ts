import type { PaymentBeneficiary, PaymentLine, PaymentOrder } from "../payments.ts";
import type { ThongTinBienLai } from "../platforms/payment-platform/wire.ts";

/** `LoaiPhiLePhi` 1 phí, 2 lệ phí (payment section 3); postage is a price, so a phí. */
const LINE_KIND: Readonly<Record<PaymentLine["kind"], string>> = { fee: "1", charge: "2", post: "1" };

/** Names are cut as the clients in use cut them (payment section 1.2). */
const NAME = 200;
const NAME_TOLERATED = 250;

const named = (name: string): string => {
  const text = name.normalize("NFC");
  return text.length > NAME_TOLERATED ? text.slice(0, NAME) : text;
};

/** `MaDichVu` 2: fees and charges of a dossier (payment section 1.2). */
const DOSSIER_FEES = "2";

/**
 * The receipt block of an order (payment section 1.2), which KeyPay takes as `bill_info` too. No signature covers it. What a
 * dossier has no use for is sent as an empty text, not left out.
 */
export const receiptBlock = (order: PaymentOrder, beneficiary: PaymentBeneficiary): ThongTinBienLai => ({
  MaDichVu: DOSSIER_FEES,
  MaDVC: `${order.procedure.code}.01`,
  TenDVC: named(order.procedure.name),
  MaTTHC: order.procedure.code,
  TenTTHC: named(order.procedure.name),
  MaDonVi: order.agency.code,
  TenDonVi: named(order.agency.name),
  MaHoSo: order.dossierCode,
  TKThuHuong: beneficiary.account,
  MaNHThuHuong: beneficiary.bank,
  TenTKThuHuong: beneficiary.name.normalize("NFC"),
  PhiLePhi: order.lines.map(({ kind, code, name, amount }) => ({
    LoaiPhiLePhi: LINE_KIND[kind],
    MaPhiLePhi: code,
    TenPhiLePhi: named(name),
    SoTien: String(amount),
  })),
  MaLoaiHinhThuPhat: "",
  TenLoaiHinhThuPhat: "",
  KhoBac: "",
  NgayQD: "",
  SoQD: "",
  ThoiGianViPham: "",
  DiaDiemViPham: "",
  TenNguoiViPham: "",
  MaCoQuanQD: "",
  TenCoQuanQD: "",
  TaiKhoanThuNSNN: "",
  NoiDungThanhToan: named(order.content),
  HoTenNguoiNop: order.payer.name.normalize("NFC"),
  SoCMNDNguoiNop: order.payer.identity ?? "",
  DiaChiNguoiNop: order.payer.address?.normalize("NFC") ?? "",
  HuyenNguoiNop: "",
  TinhNguoiNop: "",
  DSKhoanNop: order.lines.map(({ name, amount }) => ({ NoiDung: named(name), SoTien: String(amount) })),
});
