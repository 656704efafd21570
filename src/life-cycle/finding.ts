import type { DossierStatus } from "../../contracts/services/dossier.ts";
import { type EventKind, type LifeCycleRule, statusName } from "../../contracts/services/life-cycle.ts";
import type { Text } from "../../contracts/text.ts";
import { DAY_MS, dayOf, timeOfDayAt } from "../calendar/vietnam-day.ts";
import type { AgencyCodeFault } from "./agency-codes/agency-register.ts";

/** A broken rule, at the field that breaks it. */
export interface Finding {
  readonly rule: LifeCycleRule;
  readonly field: string;
  readonly message: Text;
}

const vietnamTime = (at: number): string => {
  const [year, month, day] = new Date(dayOf(at) * DAY_MS).toISOString().slice(0, 10).split("-");
  return `${new Date(timeOfDayAt(at)).toISOString().slice(11, 16)} ${day}/${month}/${year}`;
};

const finding = (rule: LifeCycleRule, field: string, vi: string, en: string): Finding => ({
  rule,
  field,
  message: { vi, en },
});

/** Broken rules, each with its sentence. None names a person: times, statuses, counts and codes alone. */
export const FINDINGS = {
  transition: (from: DossierStatus, to: DossierStatus) =>
    finding(
      "unusual_transition",
      "status",
      `Trạng thái chuyển từ ${statusName(from)} sang ${statusName(to)} không theo quy trình thường.`,
      `The status goes from ${from} to ${to}, which the usual life cycle does not.`,
    ),
  start: () =>
    finding(
      "unusual_transition",
      "status",
      `Hồ sơ nộp trực tiếp hoặc qua bưu chính bắt đầu từ trạng thái ${statusName("accepted")}.`,
      "A dossier filed at the counter or by post begins as accepted.",
    ),
  kind: (kind: EventKind, status: DossierStatus) =>
    finding(
      "kind_status_mismatch",
      "kind",
      `Bước loại ${kind} không dẫn đến trạng thái ${statusName(status)}.`,
      `A step of the kind ${kind} does not lead to ${status}.`,
    ),
  beforeReceipt: (field: string) =>
    finding(
      "step_before_receipt",
      field,
      "Thời điểm này trước khi tiếp nhận hồ sơ.",
      "This moment is before the dossier was received.",
    ),
  repeatedExtension: () =>
    finding(
      "repeated_extension",
      "kind",
      "Hồ sơ đã được hẹn lại ngày trả kết quả; việc hẹn lại không quá một lần.",
      "The dossier was extended before; it may be extended once.",
    ),
  lateExtension: (limit: number) =>
    finding(
      "late_extension",
      "occurredAt",
      `Đề nghị gia hạn chậm: phải thông báo chậm nhất lúc ${vietnamTime(limit)}, hoặc nêu lý do tại overrideReason.`,
      `The extension comes late: notice was due by ${vietnamTime(limit)}, unless overrideReason says why.`,
    ),
  lateTransfer: (limit: number) =>
    finding(
      "late_transfer",
      "occurredAt",
      `Chuyển hồ sơ chậm: hạn chuyển là ${vietnamTime(limit)}.`,
      `The dossier is passed on late: it was due by ${vietnamTime(limit)}.`,
    ),
  repeatedSupplement: (field: string) =>
    finding(
      "repeated_supplement",
      field,
      "Hồ sơ đã được yêu cầu bổ sung trước đó; yêu cầu phải nêu đầy đủ một lần.",
      "A supplement was asked for before; everything should be asked for at once.",
    ),
  slip: (form: string, status: DossierStatus) =>
    finding(
      "slip_mismatch",
      "slip.form",
      `Phiếu mẫu ${form} không thuộc bước này ở trạng thái ${statusName(status)}.`,
      `The slip ${form} does not belong to this step in the status ${status}.`,
    ),
  reason: (field: string) =>
    finding(
      "reason_missing",
      field,
      "Không tiếp nhận hồ sơ thì phải nêu rõ lý do.",
      "A dossier that is not accepted needs a reason.",
    ),
  agency: (field: string, fault: AgencyCodeFault) => {
    const { rule, listed } = fault;
    if (rule === "agency_code_superseded") {
      const { successor } = fault;
      return finding(
        rule,
        field,
        `Mã cơ quan ${listed} đã đóng; mã thay thế là ${successor}.`,
        `The agency code ${listed} is closed; ${successor} took its place.`,
      );
    }
    return rule === "agency_code_closed"
      ? finding(rule, field, `Mã cơ quan ${listed} đã đóng.`, `The agency code ${listed} is closed.`)
      : finding(rule, field, `Mã cơ quan ${listed} chưa có hiệu lực.`, `The agency code ${listed} is not yet valid.`);
  },
} as const;
