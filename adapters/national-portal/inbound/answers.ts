import type { PlatformCache } from "../../../contracts/adapter.ts";
import type {
  BillAnswer,
  StatusAnswer,
  Bill as WireBill,
} from "../../../contracts/platforms/national-portal/inbound.ts";
import type { Bill, ToldStatus } from "../../../contracts/portal-inbound.ts";
import { readCached } from "../catalogue.ts";
import { toWireTime } from "../map.ts";
import { DEFAULT_STATUS_MAP } from "../status-map.ts";

// np 3.3, 3.2.
const APPLICANT_TYPE = { citizen: "1", enterprise: "2", agency: "3", organisation: "4" } as const;
const DELIVERY = { counter: "0", post: "1" } as const;
const NO_PROCEDURE = { name: "", fieldCode: "", fieldName: "" };

/** What `search/call` is answered: delivery in `HinhThuc`, as everywhere else (np 3.2 names the client that does not). */
export const statusAnswer = async (
  { code, dossier, status }: ToldStatus,
  cache: PlatformCache,
): Promise<StatusAnswer> => {
  const cached = await readCached(dossier, cache);
  const { name, fieldCode, fieldName } = cached.ok ? cached.value : NO_PROCEDURE;
  return {
    MaHoSo: code,
    MaTTHC: dossier.procedureCode,
    TenTTHC: name || (dossier.procedureName ?? ""),
    MaLinhVuc: fieldCode,
    TenLinhVuc: fieldName,
    LoaiDoiTuong: APPLICANT_TYPE[dossier.applicant.type],
    TrangThaiHoSo: DEFAULT_STATUS_MAP[status] ?? "",
    HinhThuc: DELIVERY[dossier.delivery],
    DonViXuLy: dossier.processingUnit.name,
  };
};

/** `LoaiPhiLePhi` 1 phí, 2 lệ phí (np 3.5); a tax is neither. */
const LINE_KIND = { fee: "1", charge: "2", tax: "" } as const;
/** `MaDichVu` 2: fees and charges of a dossier (document `payment`, section 1.2). */
const DOSSIER_FEES = "2";
const TRANSACTION_ID = 20;

/** A bill to be paid: the receipt block of a payment, with what identifies this look-up (document `payment`, section 1.7). */
export const billAnswer = ({ code, dossier, agencyCode, lines, now }: Bill): BillAnswer => {
  const total = lines.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
  const moment = toWireTime(now.toISOString());
  const message: WireBill = {
    MaTraCuuTT: `${code}${moment}`,
    transaction_id: `${moment}${code.replaceAll(/\W/gu, "")}`.slice(0, TRANSACTION_ID),
    client_id: "",
    MaDichVu: DOSSIER_FEES,
    MaDVC: "",
    TenDVC: "",
    MaTTHC: dossier?.procedureCode ?? "",
    TenTTHC: dossier?.procedureName ?? "",
    MaDonVi: dossier?.processingUnit.code ?? agencyCode,
    TenDonVi: dossier?.processingUnit.name ?? "",
    MaHoSo: code,
    TKThuHuong: "",
    MaNHThuHuong: "",
    TenTKThuHuong: "",
    SoTien: String(total),
    PhiLePhi: lines.map((line) => ({
      LoaiPhiLePhi: LINE_KIND[line.kind],
      MaPhiLePhi: line.code,
      TenPhiLePhi: line.name,
      SoTien: String(line.amount),
    })),
    NoiDungThanhToan: `Thanh toan ho so ${code}`,
    HoTenNguoiNop: dossier?.applicant.name ?? "",
    SoCMNDNguoiNop: dossier?.applicant.identities[0]?.value ?? "",
    DiaChiNguoiNop: "",
    HuyenNguoiNop: "",
    TinhNguoiNop: "",
    DSKhoanNop: lines.map(({ name, amount }) => ({ NoiDung: name, SoTien: String(amount) })),
  };
  return { error_code: 1, message };
};
