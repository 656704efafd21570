import { SIGNED } from "../../contracts/platforms/payment-platform/wire.ts";

type Fields = Readonly<Record<string, unknown>>;

const isFields = (given: unknown): given is Fields =>
  typeof given === "object" && given !== null && !Array.isArray(given);

/** Mandatory when fees of a dossier are paid (payment section 1.2). */
const OF_A_DOSSIER = [
  ...(["MaDVC", "TenDVC", "MaTTHC", "TenTTHC", "MaDonVi", "TenDonVi", "MaHoSo"] as const),
  ...(["TKThuHuong", "MaNHThuHuong", "TenTKThuHuong", "HoTenNguoiNop"] as const),
];

/** Sent empty where they have no use, never left out. */
const EMPTY_OF_A_DOSSIER = [
  ...(["MaLoaiHinhThuPhat", "TenLoaiHinhThuPhat", "KhoBac", "NgayQD", "SoQD", "ThoiGianViPham"] as const),
  ...(["DiaDiemViPham", "TenNguoiViPham", "MaCoQuanQD", "TenCoQuanQD", "TaiKhoanThuNSNN"] as const),
];

const sumOf = (rows: unknown): bigint | undefined => {
  if (!Array.isArray(rows) || rows.length === 0) return undefined;
  let sum = 0n;
  for (const row of rows) {
    const amount = isFields(row) ? row["SoTien"] : undefined;
    if (typeof amount !== "string" || !/^\d{1,15}$/u.test(amount)) return undefined;
    sum += BigInt(amount);
  }
  return sum;
};

const faultOfBlock = (block: unknown, amount: bigint): string | undefined => {
  if (!isFields(block)) return "ThongTinBienLai";
  if (block["MaDichVu"] !== "2") return "MaDichVu";
  const empty = OF_A_DOSSIER.find((name) => typeof block[name] !== "string" || block[name] === "");
  const absent = EMPTY_OF_A_DOSSIER.find((name) => block[name] !== "");
  if (empty !== undefined || absent !== undefined) return empty ?? absent;
  if (sumOf(block["PhiLePhi"]) !== amount) return "PhiLePhi";
  return sumOf(block["DSKhoanNop"]) === amount ? undefined : "DSKhoanNop";
};

/** The name of the first member of an `INIT` that is wrong; undefined: none is. */
export const faultOfInit = (body: unknown, partner: string): string | undefined => {
  if (!isFields(body)) return "JSON";
  const wrong = SIGNED.INIT.find((name) => typeof body[name] !== "string" || body[name] === "");
  if (wrong !== undefined) return wrong;
  if (body["LoaiBanTin"] !== "INIT") return "LoaiBanTin";
  if (body["MaDoiTac"] !== partner) return "MaDoiTac";
  if (body["MaTienTe"] !== "VND") return "MaTienTe";
  const [amount, reference] = [String(body["SoTien"]), String(body["MaThamChieu"])];
  if (!/^[1-9]\d{0,14}$/u.test(amount)) return "SoTien";
  if (!/^[\dA-Za-z]{1,20}$/u.test(reference)) return "MaThamChieu";
  if (!/^\d{14}$/u.test(String(body["ThoiGianGD"]))) return "ThoiGianGD";
  return faultOfBlock(body["ThongTinBienLai"], BigInt(amount));
};
