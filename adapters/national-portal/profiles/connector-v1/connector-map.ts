import type { Message } from "../../../../contracts/adapter.ts";
import type {
  ConnectorFee,
  ConnectorStatus,
  ConnectorStep,
  GiayToDinhKem,
  NoiHoSo,
  ThanhPhanHoSo,
  ThongTinNguoiNop,
  UploadedFile,
} from "../../../../contracts/platforms/national-portal/connector-v1.ts";
import type { Dossier, DossierEvent } from "../../../../contracts/services/dossier.ts";
import { toWireTime } from "../../map.ts";
import { APPLICANT_TYPE, COLLECTED_AT, ELECTRONIC, NORMAL_FEE, STATUSES_WITH_LISTS } from "./connector-table.ts";

/** What the portal calls a dossier: its own code of it, and its id where a create told it. */
export interface PortalNames {
  readonly maHoSo: string;
  /** `""` where it is not known. */
  readonly idHoSo: string;
}

/** The uploaded files of a dossier, by their address. */
export type Uploads = ReadonlyMap<string, UploadedFile>;

const MOMENT = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/u;

/**
 * A moment of a create: `yyyy-MM-dd HH:mm:ss` in Asia/Ho_Chi_Minh (client sample); absent gives `""`.
 * @param instant ISO 8601 with offset, as the contract checked it.
 */
export const toCreateTime = (instant: string | undefined): string =>
  toWireTime(instant).replace(MOMENT, "$1-$2-$3 $4:$5:$6");

/** A moment of a step: `yyyy-MM-ddTHH:mm:ss.fff` in Asia/Ho_Chi_Minh (np 2.3); absent gives `""`. */
export const toStepTime = (instant: string | undefined): string => {
  const seconds = toWireTime(instant).replace(MOMENT, "$1-$2-$3T$4:$5:$6");
  if (instant === undefined) return seconds;
  return `${seconds}.${String(((Date.parse(instant) % 1000) + 1000) % 1000).padStart(3, "0")}`;
};

const toFees = (fees: Dossier["fees"] = []): ConnectorFee[] =>
  fees.map((fee) => ({
    TenPhiLePhi: fee.name,
    MaPhiLePhi: fee.code,
    HinhThucThu: COLLECTED_AT[fee.collectedAt],
    Gia: String(fee.amount),
    LoaiPhiLePhi: NORMAL_FEE,
  }));

type File = NonNullable<Dossier["submittedFiles"]>[number];

const toPaper = (name: string, resultCode: string | undefined, uploaded: UploadedFile): GiayToDinhKem => ({
  IdGiayTo: uploaded.IdTepTin,
  MaKetQua: resultCode ?? "",
  TenGiayTo: name,
  HashTepTin: uploaded.HashTepTin,
});

/** A component with its files. Its own name is not known here: the name of its first file stands for it. */
const toComponent = (code: string, files: readonly File[], uploads: Uploads): ThanhPhanHoSo => ({
  MaThanhPhanHoSo: code,
  TenThanhPhanHoSo: files[0]?.name ?? "",
  SoLuong: files.length,
  LoaiBan: ELECTRONIC,
  GiayToDinhKem: files.flatMap((file) => {
    const uploaded = uploads.get(file.url);
    return uploaded === undefined ? [] : [toPaper(file.name, file.replacedByResultCode, uploaded)];
  }),
});

const toComponents = (files: readonly File[], uploads: Uploads): ThanhPhanHoSo[] => {
  const sent = files.filter(({ url }) => uploads.has(url));
  const byCode = Map.groupBy(sent, ({ componentCode }) => componentCode ?? "");
  return [...byCode].map(([code, its]) => toComponent(code, its, uploads));
};

// `check` has refused the types without a code.
const toApplicantType = (type: Dossier["applicant"]["type"]): number => APPLICANT_TYPE[type] ?? APPLICANT_TYPE.citizen;

/** Who files: the submitter, where one is named apart from the owner, is a person. */
const toSubmitter = ({ applicant, submitter }: Dossier): ThongTinNguoiNop => {
  const filer = submitter ?? applicant;
  const apart = submitter !== undefined && submitter.relation !== "self";
  return {
    LoaiDoiTuong: apart ? APPLICANT_TYPE.citizen : toApplicantType(applicant.type),
    IdDoiTuong: apart ? "" : (applicant.portalAccountId ?? ""),
    ThongTinChiTiet: {
      TenNguoiNop: filer.name,
      SoDinhDanh: filer.identities[0]?.value ?? "",
      SoDienThoai: filer.phone ?? "",
      Email: apart ? "" : (applicant.email ?? ""),
      Fax: apart ? "" : (applicant.fax ?? ""),
      TenChuHs: applicant.name,
      SoDinhDanhChuHs: applicant.identities[0]?.value ?? "",
    },
  };
};

/** Everything that a create is made of. */
export interface CreateParts {
  readonly maHoSo: string;
  readonly dossier: Dossier;
  readonly uploads: Uploads;
  readonly nationalStatus: string;
  /** Takes dossiers whose processing unit has no code. */
  readonly madonvi: string;
}

/** The dossier of "NoiHoSo" (client sample). The portal's service code is the procedure's, as in both samples. */
export const toNoiHoSo = ({ maHoSo, dossier, uploads, nationalStatus, madonvi }: CreateParts): NoiHoSo => ({
  MaHoSo: maHoSo,
  MaTTHC: dossier.procedureCode,
  MaDichVuCong: dossier.procedureCode,
  ChuHoSo: dossier.applicant.name,
  LoaiDoiTuong: toApplicantType(dossier.applicant.type),
  MaDonViTiepNhan: dossier.processingUnit.code ?? madonvi,
  NgayNop: toCreateTime(dossier.submittedAt),
  NgayTiepNhan: toCreateTime(dossier.receivedAt),
  TrangThai: Number(nationalStatus),
  ThanhPhanHoSo: toComponents(
    (dossier.submittedFiles ?? []).filter((file) => file.deleted !== true),
    uploads,
  ),
  ThongTinNguoiNop: toSubmitter(dossier),
  DanhSachLePhi: toFees(dossier.fees),
});

/** What an update of a dossier carries: its status, and with some statuses its fees and results (np 2.3, 5.6). */
export const toDossierStatus = (
  { maHoSo, idHoSo }: PortalNames,
  dossier: Dossier,
  uploads: Uploads,
  nationalStatus: string,
): ConnectorStatus => {
  const code = Number(nationalStatus);
  const words = dossier.returnNote ?? dossier.note ?? dossier.summary;
  const base: ConnectorStatus = {
    IdHoSo: idHoSo,
    MaHoSo: maHoSo,
    TrangThai: code,
    NoiDungYKien: words,
    PhongBanXuLy: dossier.processingUnit.name,
    NoiDungXuLy: words,
  };
  if (!STATUSES_WITH_LISTS.includes(code)) return base;
  return { ...base, DanhSachLePhi: toFees(dossier.fees), DanhSachGiayToKetQua: toResults(dossier.results, uploads) };
};

/** One progress step (np 2.3). */
export const toStep = (
  { maHoSo, idHoSo }: PortalNames,
  event: DossierEvent,
  nationalStatus: string,
): ConnectorStep => ({
  IDHoSo: idHoSo,
  MaHoSo: maHoSo,
  NguoiXuLy: event.officer.name,
  ChucDanh: event.officer.title ?? "",
  ThoiDiemXuLy: toStepTime(event.occurredAt),
  PhongBanXuLy: event.unit ?? "",
  NoiDungXuLy: event.content,
  TrangThai: Number(nationalStatus),
  NgayBatDau: toStepTime(event.startedAt),
  NgayKetThucTheoQuyDinh: toStepTime(event.dueAt),
});

/** Result papers as a status lists them: those that were uploaded. */
const toResults = (results: Dossier["results"] = [], uploads: Uploads) =>
  results.flatMap((result) => {
    const uploaded = uploads.get(result.url);
    return uploaded === undefined ? [] : [toPaper(result.name, result.code, uploaded)];
  });

/** The status of a dossier born on the portal, which knows it by its own code alone (np 1.3, 2.3). */
export const toPortalBornStatus = (
  { portalCode, change, results }: Extract<Message, { operation: "dossier.status" }>,
  uploads: Uploads,
  nationalStatus: string,
): ConnectorStatus => ({
  IdHoSo: "",
  MaHoSo: portalCode,
  TrangThai: Number(nationalStatus),
  NoiDungYKien: change.content,
  PhongBanXuLy: "",
  NoiDungXuLy: change.content,
  ...(results !== undefined &&
    STATUSES_WITH_LISTS.includes(Number(nationalStatus)) && { DanhSachGiayToKetQua: toResults(results, uploads) }),
});
