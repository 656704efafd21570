import type { Reading } from "../../contracts/adapter.ts";
import type { DanhGia, HoiDap, TraLoiHoiDap } from "../../contracts/platforms/national-portal/wire-submissions.ts";
import type { Question, QuestionAnswer, Satisfaction } from "../../contracts/services/submissions.ts";
import { rowsOf } from "./client.ts";
import { isObject, type PortalAnswer } from "./faults.ts";
import { toWireTime } from "./map.ts";
import { textOf } from "./map-procedure.ts";
import type { SubmissionMessage } from "./profile.ts";

/** A service of np 2.5 with its one row. */
export type SubmissionRow =
  | { readonly service: "DongBoHoiDap"; readonly row: HoiDap }
  | { readonly service: "DongBoKetQuaHoiDapGuiTuDVCQG"; readonly row: TraLoiHoiDap }
  | { readonly service: "DongBoDanhGia"; readonly row: DanhGia };

const toHoiDap = (id: string, { fieldCode, content, agency }: Question): HoiDap => ({
  HOIDAPID: id,
  MaLinhVuc: fieldCode,
  NOIDUNG: content,
  MADONVI: agency.code,
  TENDONVI: agency.name,
});

const toTraLoi = (id: string, { agencyCode, officer, answeredAt, content }: QuestionAnswer): TraLoiHoiDap => ({
  HOIDAPID: id,
  MADONVI: agencyCode,
  NGUOITRALOI: officer.name,
  CHUCVUNGUOITRALOI: officer.title ?? "",
  NGAYTRALOI: toWireTime(answeredAt),
  NOIDUNGTRALOI: content,
});

/** `2026-04` as `4-2026`. */
const toWireMonth = (month: string): string => `${Number(month.slice(5))}-${month.slice(0, 4)}`;

const toShare = (percent: number): string => `${percent}%`;

const toDanhGia = (satisfaction: Satisfaction): DanhGia => {
  const { month, respondents, handling, service, opinions = [], procedureCode, content = "", agency } = satisfaction;
  return {
    NgayTongHop: toWireMonth(month),
    TongSoNguoiDanhGia: String(respondents),
    PhanTramDanhGiaRatHaiLong: toShare(handling.verySatisfied),
    PhanTramDanhGiaHaiLong: toShare(handling.satisfied),
    PhanTramDanhGiaChuaHaiLong: toShare(handling.notSatisfied),
    DanhSachNoiDungYKien: opinions,
    MaThuTuc: procedureCode,
    NoiDung: content,
    PhanTramDanhGiaDichVuRatHaiLong: toShare(service.verySatisfied),
    PhanTramDanhGiaDichVuHaiLong: toShare(service.satisfied),
    PhanTramDanhGiaDichVuChuaHaiLong: toShare(service.notSatisfied),
    Madonvi: agency.code,
    TenDonVi: agency.name,
  };
};

/** Pure: what is about no dossier, in the portal's words (np 2.5). Nothing is made up and nothing is cut. */
export const toSubmission = (message: SubmissionMessage): SubmissionRow => {
  switch (message.operation) {
    case "question.put":
      return { service: "DongBoHoiDap", row: toHoiDap(message.questionId, message.question) };
    case "question.answer":
      return { service: "DongBoKetQuaHoiDapGuiTuDVCQG", row: toTraLoi(message.questionId, message.answer) };
    case "satisfaction.put":
      return { service: "DongBoDanhGia", row: toDanhGia(message.satisfaction) };
  }
};

/** `LayDanhSachHoiDapGuiTuDVCQG`: the rows as they stand, without those that the portal marks to be skipped (np 2.5). */
export const readAskedRows = (answer: PortalAnswer): Reading<readonly unknown[]> => {
  const rows = rowsOf(answer);
  if (!rows.ok) return rows;
  return { ok: true, value: rows.value.filter((row) => !isObject(row) || textOf(row, "TRANGTHAI") !== "0") };
};
