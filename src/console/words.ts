import type { AttemptKind, Operation, PlatformId } from "../../contracts/adapter.ts";
import type { DiscrepancyKind } from "../../contracts/comparer.ts";
import { type EntryState, PRIORITIES } from "../../contracts/ledger.ts";
import type { InboundOperation } from "../../contracts/portal-inbound.ts";
import type { ImportState } from "../../contracts/services/imports.ts";
import type { AttemptView, EntryView } from "../../contracts/services/ledger.ts";
import type { DiscrepancyState, ReconciliationView } from "../../contracts/services/reconciliations.ts";
import type { OperatorRole } from "../security/operator-registry.ts";

/** The console's Vietnamese words for the product's names. A name without a word is a compile error. */
export const STATE_WORDS: Readonly<Record<EntryState, string>> = {
  queued: "Chờ gửi",
  sending: "Đang gửi",
  waiting: "Chờ gửi lại",
  delivered: "Đã giao",
  failed: "Thất bại",
  cancelled: "Đã huỷ",
  superseded: "Đã được thay thế",
};

/** Platforms, as officers call them. */
export const PLATFORM_WORDS: Readonly<Record<PlatformId, string>> = {
  "national-portal": "Cổng Dịch vụ công quốc gia",
  population: "CSDL quốc gia về dân cư",
  enterprise: "CSDL quốc gia về đăng ký doanh nghiệp",
  "payment-platform": "Nền tảng thanh toán trực tuyến quốc gia",
  keypay: "KeyPay",
  vnpay: "VNPAY",
  "document-axis": "Trục liên thông văn bản quốc gia",
  province: "Phần mềm một cửa của tỉnh",
};

/** What an exchange does. */
export const OPERATION_WORDS: Readonly<Record<Operation | InboundOperation, string>> = {
  "dossier.put": "Đồng bộ hồ sơ",
  "dossier.step": "Đồng bộ tiến độ xử lý",
  "dossier.status": "Đồng bộ trạng thái hồ sơ",
  "question.put": "Đồng bộ hỏi đáp",
  "question.answer": "Trả lời câu hỏi của công dân",
  "satisfaction.put": "Đồng bộ mức độ hài lòng",
  "citizen.lookup-deferred": "Tra cứu công dân, trả lời sau",
  "webhook.deliver": "Báo cho phần mềm của tỉnh",
  "dossier.received": "Nhận hồ sơ nộp tại Cổng quốc gia",
  "dossier.amended": "Nhận hồ sơ sửa đổi, bổ sung",
  "tax-notice.received": "Nhận thông báo thuế đất",
  "tax-receipt.received": "Nhận chứng từ thuế đất",
  "question.received": "Nhận câu hỏi của công dân",
  "payment.settled": "Nhận kết quả thanh toán",
  "message.unknown": "Nhận thông điệp chưa rõ loại",
};

/** Which way a message goes. */
export const DIRECTION_WORDS: Readonly<Record<EntryView["direction"], string>> = { out: "Gửi đi", in: "Nhận về" };

/** Kinds of attempt. */
export const KIND_WORDS: Readonly<Record<AttemptKind, string>> = {
  send: "Gửi",
  probe: "Hỏi lại kết quả",
  login: "Đăng nhập nền tảng",
  read: "Tra cứu",
};

/** How an attempt ended. */
export const OUTCOME_WORDS: Readonly<Record<AttemptView["outcome"], string>> = {
  delivered: "Thành công",
  refused: "Bị từ chối",
  transient: "Lỗi tạm thời",
  unknown: "Chưa rõ kết quả",
};

/** Roles of operators. */
export const ROLE_WORDS: Readonly<Record<OperatorRole, string>> = {
  viewer: "Người xem",
  operator: "Người vận hành",
  approver: "Người phê duyệt",
  administrator: "Quản trị",
};

/** Ways to differ. */
export const DISCREPANCY_KIND_WORDS: Readonly<Record<DiscrepancyKind, string>> = {
  "missing-at-portal": "Nền tảng không có",
  "missing-here": "Ở đây không có",
  "status-differs": "Khác trạng thái",
  "file-unreachable": "Nền tảng không mở được tệp",
  "double-charge": "Người nộp bị thu hai lần",
};

/** How a discrepancy stands. */
export const DISCREPANCY_STATE_WORDS: Readonly<Record<DiscrepancyState, string>> = {
  open: "Chưa xử lý",
  repairing: "Đang sửa",
  repaired: "Đã sửa",
  dismissed: "Bỏ qua",
  gone: "Không còn",
};

/** How far a reconciliation is. */
export const RECONCILIATION_STATE_WORDS: Readonly<Record<ReconciliationView["state"], string>> = {
  running: "Đang đối soát",
  stopped: "Đã dừng",
  finished: "Đã xong",
};

/** How far an import is. */
export const IMPORT_STATE_WORDS: Readonly<Record<ImportState, string>> = {
  incomplete: "Chưa nhận đủ tệp",
  running: "Đang nạp",
  paused: "Tạm dừng",
  cancelled: "Đã huỷ",
  finished: "Đã xong",
};

/** How urgent an entry is. */
export const priorityWord = (priority: number): string => {
  if (priority <= PRIORITIES.desk) return "Công dân đang chờ tại quầy";
  return priority === PRIORITIES.normal ? "Thường" : "Nạp hàng loạt";
};
