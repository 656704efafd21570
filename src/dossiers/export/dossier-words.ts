import type { DossierStatus } from "../../../contracts/services/dossier.ts";
import type { DossierLine } from "../../../contracts/services/dossier-views.ts";

/** The Vietnamese words of a dossier's names, on pages and in spreadsheets. Statuses as the portal says them (np 3.1). */
export const DOSSIER_STATUS_WORDS: Readonly<Record<DossierStatus, string>> = {
  submitted: "Mới đăng ký",
  accepted: "Được tiếp nhận",
  "not-accepted": "Không được tiếp nhận",
  processing: "Đang xử lý",
  "supplement-required": "Yêu cầu bổ sung giấy tờ",
  "payment-required": "Yêu cầu thực hiện nghĩa vụ tài chính",
  withdrawn: "Công dân yêu cầu rút hồ sơ",
  stopped: "Dừng xử lý",
  finished: "Đã xử lý xong",
  returned: "Đã trả kết quả",
};

/** Where a dossier came from. */
export const ORIGIN_WORDS: Readonly<Record<DossierLine["origin"], string>> = {
  province: "Hệ thống của tỉnh",
  "national-portal": "Cổng Dịch vụ công quốc gia",
  kiosk: "Ki ốt thông minh",
  post: "Bưu chính công ích",
};

/** How a dossier was filed. */
export const CHANNEL_WORDS: Readonly<Record<DossierLine["channel"], string>> = {
  counter: "Trực tiếp",
  online: "Trực tuyến",
  post: "Bưu chính công ích",
};

/** How a dossier stands towards the portal. */
export const SYNC_WORDS: Readonly<Record<DossierLine["sync"], string>> = {
  synced: "Đã đồng bộ",
  pending: "Đang chờ",
  blocked: "Bị chặn",
  failed: "Thất bại",
  none: "Chưa đồng bộ",
};
