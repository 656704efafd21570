import type { Message } from "../../contracts/adapter.ts";
import type {
  DinhDanhCHS,
  DongBoTrangThaiHoSo,
  HoSo,
  HoSoBoSung,
  LePhi,
  TaiLieuNop,
  TienDo,
  Wire01,
} from "../../contracts/platforms/national-portal/wire.ts";
import type { Dossier, DossierEvent } from "../../contracts/services/dossier.ts";

/** What a dossier needs to say about its procedure, as the portal's own catalogue says it (np 2.2). */
export interface Procedure {
  readonly name: string;
  /** May be empty where the portal's row names no field. */
  readonly fieldCode: string;
  readonly fieldName: string;
}

/** Everything that `DongBoHoSoMC` is made of. */
export interface DossierParts {
  readonly code: string;
  readonly dossier: Dossier;
  readonly procedure: Procedure;
  /** The national code of the dossier's status, already mapped. */
  readonly nationalStatus: string;
}

/**
 * `NoiNopHoSo`: filed in the province's own system. Clients in use send nothing else; the list of codes is not
 * known (np 2.2), and `origin` is only a tag for search, so it does not decide here.
 */
export const FILED_IN_OWN_SYSTEM = "2";

const VIETNAM_OFFSET_MS = 7 * 3600_000;
const two = (value: number): string => String(value).padStart(2, "0");

/**
 * A moment as the portal writes it: `yyyyMMddHHmmss` in Asia/Ho_Chi_Minh, which has been UTC+7 without daylight
 * saving since 1975; fractions of a second are dropped.
 * @param instant ISO 8601 with offset, as the contract checked it; absent gives `""`.
 */
export const toWireTime = (instant: string | undefined): string => {
  if (instant === undefined) return "";
  const local = new Date(Date.parse(instant) + VIETNAM_OFFSET_MS);
  const year = String(local.getUTCFullYear()).padStart(4, "0");
  const day = two(local.getUTCMonth() + 1) + two(local.getUTCDate());
  return year + day + two(local.getUTCHours()) + two(local.getUTCMinutes()) + two(local.getUTCSeconds());
};

// np 3.4, 3.3, 3.2, 3.5 and the rows of np 2.2.
const CHANNEL = { counter: "1", online: "2", post: "3" } as const;
const APPLICANT_TYPE = { citizen: "1", enterprise: "2", agency: "3", organisation: "4" } as const;
const DELIVERY = { counter: "0", post: "1" } as const;
const ONLINE_PAYMENT = { none: "0", "national-portal": "1", other: "2" } as const;
const COLLECTED_AT = { intake: "1", supplement: "2", result: "4" } as const;
const FEE_KIND = { fee: "1", charge: "2" } as const;
const REUSE = { none: "0", reused: "1", replaced: "2" } as const;
const IDENTITY_KIND: Readonly<Record<string, string>> = { "personal-id": "1", "old-id": "2" };

const flag = (value: boolean | undefined): Wire01 => (value === true ? "1" : "0");

/** Personal and old identity numbers; the portal has no code for the other kinds. */
const toIdentities = (identities: Dossier["applicant"]["identities"]): DinhDanhCHS[] =>
  identities.flatMap(({ kind, value }) => {
    const code = IDENTITY_KIND[kind];
    return code === undefined ? [] : [{ LoaiDinhDanh: code, SoDinhDanh: value }];
  });

const toFile = (file: NonNullable<Dossier["submittedFiles"]>[number]): TaiLieuNop => ({
  TepDinhKemId: file.id,
  TenTepDinhKem: file.name,
  IsDeleted: file.deleted === true ? "True" : "False",
  MaThanhPhanHoSo: file.componentCode ?? "",
  DuongDanTaiTepTin: file.url,
  DuocSoHoa: flag(file.digitised),
  DuocTaiSuDung: REUSE[file.reuse ?? "none"],
  DuocLayTuKhoDMQG: flag(file.fromNationalStore),
  MaKetQuaThayThe: file.replacedByResultCode ?? "",
});

const toFee = (fee: NonNullable<Dossier["fees"]>[number]): LePhi => ({
  TenPhiLePhi: fee.name,
  MaPhiLePhi: fee.code,
  HinhThucThu: COLLECTED_AT[fee.collectedAt],
  Gia: String(fee.amount),
  LoaiPhiLePhi: FEE_KIND[fee.kind],
});

const toSupplement = (round: NonNullable<Dossier["supplements"]>[number]): HoSoBoSung => ({
  HoSoBoSungId: round.id,
  NguoiYeuCauBoSung: round.requestedBy,
  NoiDungBoSung: round.content,
  NgayBoSung: toWireTime(round.requestedAt),
  NguoiTiepNhanBoSung: round.receivedBy ?? "",
  ThongTinTiepNhan: round.receivedNote ?? "",
  NgayTiepNhanBoSung: toWireTime(round.receivedAt),
  TrangThaiBoSung: round.status,
  DanhSachGiayToBoSung: (round.papers ?? []).map(toFile),
  DanhSachLePhiBoSung: (round.fees ?? []).map(toFee),
  NgayHenTraTruoc: toWireTime(round.oldDueAt),
  NgayHenTraMoi: toWireTime(round.newDueAt),
});

/** The lists of a dossier; an absent list is sent empty (np 5.2). */
const toLists = (dossier: Dossier) => ({
  DSKetNoiCSDL: (dossier.databasesUsed ?? []).map((code) => ({ MaCSDL: code })),
  TaiLieuNop: (dossier.submittedFiles ?? []).map(toFile),
  DanhSachLePhi: (dossier.fees ?? []).map(toFee),
  DanhSachTepDinhKemKhac: (dossier.otherPapers ?? []).map((paper) => ({
    TenGiayTo: paper.name,
    SoLuong: paper.quantity,
    LoaiGiayTo: paper.kind,
  })),
  DanhSachHoSoBoSung: (dossier.supplements ?? []).map(toSupplement),
  DanhSachGiayToKetQua: (dossier.results ?? []).map((result) => ({
    TenGiayTo: result.name,
    MaThanhPhanHoSo: result.componentCode ?? "",
    GiayToId: result.id,
    DuongDanTepTinKetQua: result.url,
    MaGiayToKetQua: result.code ?? "",
  })),
});

const toApplicant = ({ applicant, channel }: Dossier) => ({
  ChuHoSo: applicant.name,
  SoGiayToChuHoSo: applicant.identities[0]?.value ?? "",
  LoaiDoiTuong: APPLICANT_TYPE[applicant.type],
  // Only who filed online did so with a portal account (np 2.2).
  MaDoiTuong: channel === "online" ? (applicant.portalAccountId ?? "") : "",
  Email: applicant.email ?? "",
  Fax: applicant.fax ?? "",
  SoDienThoai: applicant.phone ?? "",
  DinhDanhCHS: toIdentities(applicant.identities),
});

/**
 * The dossier object of `DongBoHoSoMC` (np 2.2). What the province did not say goes out empty: no identity number,
 * date, officer or file is made up to pass the portal's checks (np 6, item 9), and no text is cut.
 */
export const toHoSo = ({ code, dossier, procedure, nationalStatus }: DossierParts): HoSo => ({
  MaHoSo: code,
  MaTTHC: dossier.procedureCode,
  TenTTHC: procedure.name,
  MaLinhVuc: procedure.fieldCode,
  TenLinhVuc: procedure.fieldName,
  KenhThucHien: CHANNEL[dossier.channel],
  SoBienNhan: dossier.receiptNumber ?? "",
  ...toApplicant(dossier),
  ThongTinKhac: dossier.otherInfo ?? "",
  TrichYeuHoSo: dossier.summary,
  NgayNopHoSo: toWireTime(dossier.submittedAt),
  NgayTiepNhan: toWireTime(dossier.receivedAt),
  NgayHenTra: toWireTime(dossier.dueAt),
  TrangThaiHoSo: nationalStatus,
  NgayTra: toWireTime(dossier.returnedAt),
  ThongTinTra: dossier.returnNote ?? "",
  HinhThuc: DELIVERY[dossier.delivery],
  NgayKetThucXuLy: toWireTime(dossier.finishedAt),
  NgayTuChoi: toWireTime(dossier.refusedAt),
  DonViXuLy: dossier.processingUnit.name,
  GhiChu: dossier.note ?? "",
  NoiNopHoSo: FILED_IN_OWN_SYSTEM,
  HoSoCoThanhPhanSoHoa: flag(dossier.hasDigitisedComponents),
  TaiKhoanDuocXacThucVoiVNeID: flag(dossier.vneidVerified),
  DuocThanhToanTrucTuyen: ONLINE_PAYMENT[dossier.onlinePayment ?? "none"],
  ...toLists(dossier),
});

/**
 * One progress step of `CapNhatTienDoHoSoMC` (np 2.3). `kind`, `reason`, `slip`, `toUnit` and `newDueAt` have no
 * field on this wire; a new due date reaches the portal with the dossier itself.
 */
export const toTienDo = (code: string, event: DossierEvent, nationalStatus: string): TienDo => ({
  MaHoSo: code,
  NguoiXuLy: event.officer.name,
  ChucDanh: event.officer.title ?? "",
  ThoiDiemXuLy: toWireTime(event.occurredAt),
  PhongBanXuLy: event.unit ?? "",
  NoiDungXuLy: event.content,
  TrangThai: nationalStatus,
  NgayBatDau: toWireTime(event.startedAt),
  NgayKetThucTheoQuyDinh: toWireTime(event.dueAt),
});

/** The one object of `DongBoTrangThaiHoSo` (np 2.3); `foldedStatus` is 2 or 5, see `foldForPortalBorn`. A result's code has no field there. */
export const toTrangThai = (
  message: Extract<Message, { operation: "dossier.status" }>,
  foldedStatus: string,
): DongBoTrangThaiHoSo["data"] => ({
  MaHoSo: message.portalCode,
  MaHoSoDonVi: message.dossierCode,
  MaDoiTuong: message.applicantAccountId ?? "",
  NoiDung: message.change.content,
  NgayXuLy: toWireTime(message.change.occurredAt),
  TrangThai: foldedStatus,
  TaiLieuXuLy: (message.results ?? []).map(({ id, name, url, componentCode }) =>
    toFile({ id, name, url, ...(componentCode !== undefined && { componentCode }) }),
  ),
});
