import { z } from "zod";
import type { Text } from "../text.ts";

/** The closed list of alarms (api section 4), each with how bad it is, what it says, and what to do. `subject` names what it is about. */
export const ALARMS = {
  /** Subject: a platform. Its breaker is open, or entries wait and no call succeeded for a while. */
  "platform-down": {
    severity: "critical",
    title: { vi: "Mất kết nối hệ thống quốc gia", en: "A platform is down" },
    remedy: {
      vi: "Kiểm tra đường truyền tới hệ thống và hỏi đơn vị vận hành hệ thống đó. Hồ sơ vẫn được giữ và tự gửi khi có kết nối lại.",
      en: "Check the line to the platform and ask those who run it. Entries are kept and go out by themselves once it is back.",
    },
  },
  /** Subject: a platform. An entry that nothing blocks waits longer than it should. */
  "oldest-waiting": {
    severity: "warning",
    title: { vi: "Có trao đổi chờ quá lâu", en: "An entry waits too long" },
    remedy: {
      vi: "Mở trang vận hành, lọc theo hệ thống này: xem có đang tạm dừng, trong giờ bảo trì hay bị lỗi tạm thời không; cho chạy tiếp nếu đã tạm dừng.",
      en: "Open the console with this platform as filter: see whether it is paused, in a window or failing; resume it if it was paused.",
    },
  },
  /** Subject: a failure group that was never seen before. */
  "new-cause": {
    severity: "warning",
    title: { vi: "Xuất hiện nguyên nhân lỗi mới", en: "Entries fail for a new cause" },
    remedy: {
      vi: "Mở nhóm lỗi này trong trang vận hành, làm theo cách khắc phục nêu ở đó rồi gửi lại cả nhóm.",
      en: "Open this group of failures in the console, do what its remedy says, then send the group again.",
    },
  },
  /** Subject: a platform whose daily quota is used up to four fifths. */
  "quota-low": {
    severity: "warning",
    title: { vi: "Sắp hết hạn mức trong ngày", en: "The daily quota is nearly used up" },
    remedy: {
      vi: "Hạn chế gửi lại hàng loạt hôm nay; đề nghị đơn vị vận hành tăng hạn mức. Phần còn lại tự gửi vào ngày mai.",
      en: "Begin no large replay today; ask those who run the platform for more. What is left goes out tomorrow by itself.",
    },
  },
  /** Subject: a platform whose client certificate ends within 30 days; critical once it has ended. */
  "certificate-expiring": {
    severity: "warning",
    title: { vi: "Chứng thư số sắp hết hạn", en: "A certificate is about to expire" },
    remedy: {
      vi: "Xin chứng thư mới, đặt tệp mới vào đúng đường dẫn đã cấu hình (TLS_CERT, TLS_KEY); hệ thống tự nạp, không cần khởi động lại.",
      en: "Get a new certificate and put the new files where the settings TLS_CERT and TLS_KEY point; they are taken up without a restart.",
    },
  },
  /** Subject: a webhook. Nothing is sent to it until it is enabled. */
  "webhook-disabled": {
    severity: "warning",
    title: { vi: "Webhook đã bị tắt", en: "A webhook is disabled" },
    remedy: {
      vi: "Sửa địa chỉ nhận của webhook rồi bật lại (POST /v1/webhooks/{id}/enable); thông báo chờ gửi sẽ tự đi. Sự kiện trong lúc tắt nằm ở /v1/inbox.",
      en: "Mend the endpoint, then enable the webhook (POST /v1/webhooks/{id}/enable); what waits for it goes out by itself. What happened meanwhile stands in /v1/inbox.",
    },
  },
  /** Subject: a payment. Money came for one that had failed, expired or been cancelled. */
  "payment-orphan": {
    severity: "critical",
    title: { vi: "Tiền đến sau khi khoản thanh toán đã đóng", en: "Money came for a payment that was over" },
    remedy: {
      vi: "Đối chiếu khoản thanh toán này với hồ sơ; hoàn trả cho người nộp (POST /v1/payments/{id}/refund) nếu không còn phải thu.",
      en: "Look at the payment and its dossier; give the money back (POST /v1/payments/{id}/refund) unless it is still owed.",
    },
  },
  /** Subject: a payment. Its platform reported, rightly signed, what does not fit it, or doubts the money itself. */
  "payment-doubtful": {
    severity: "critical",
    title: { vi: "Kết quả thanh toán không khớp", en: "A report of a payment does not fit" },
    remedy: {
      vi: "Nền tảng báo số tiền, loại tiền hay đối tác khác với khoản đã tạo, hoặc đang nghi ngờ giao dịch. Hỏi đơn vị vận hành nền tảng; trạng thái khoản thanh toán không đổi.",
      en: "The platform reported another amount, currency or partner, or doubts the transaction. Ask those who run it; the payment's state did not change.",
    },
  },
  /** Subject: a procedure code, or `default`. */
  "beneficiary-changed": {
    severity: "warning",
    title: { vi: "Tài khoản thụ hưởng vừa thay đổi", en: "A beneficiary was changed" },
    remedy: {
      vi: "Kiểm tra tài khoản mới có đúng của cơ quan không (GET /v1/payment-beneficiaries); ai đổi xem ở nhật ký kiểm toán.",
      en: "See that the new account is the agency's own (GET /v1/payment-beneficiaries); the audit names who changed it.",
    },
  },
  /** Subject: a payment that is paid and whose receipt did not come within a day. */
  "receipt-missing": {
    severity: "warning",
    title: { vi: "Chưa có biên lai", en: "A receipt is missing" },
    remedy: {
      vi: "Hệ thống vẫn tiếp tục lấy biên lai; nếu kéo dài, kiểm tra đường tới máy chủ biên lai và hỏi đơn vị vận hành nền tảng thanh toán.",
      en: "It is still tried; if it lasts, check the way to the receipt server and ask those who run the payment platform.",
    },
  },
} as const satisfies Record<
  string,
  { readonly severity: "critical" | "warning"; readonly title: Text; readonly remedy: Text }
>;

/** One kind of alarm. */
export type AlarmKind = keyof typeof ALARMS;

/** All kinds. */
export const ALARM_KINDS = Object.keys(ALARMS) as [AlarmKind, ...AlarmKind[]];

/** An alarm, raised or cleared. */
export const alarmSchema = z
  .strictObject({
    kind: z.enum(ALARM_KINDS),
    severity: z.enum(["critical", "warning"]),
    subject: z.string(),
    since: z.string().meta({ format: "date-time" }),
    clearedAt: z.string().meta({ format: "date-time" }).optional(),
  })
  .meta({ id: "Alarm" });

/** An alarm, raised or cleared. */
export type AlarmView = z.infer<typeof alarmSchema>;

/** A page of alarms, newest first. */
export const alarmPageSchema = z
  .strictObject({ items: z.array(alarmSchema), next: z.string().nullable() })
  .meta({ id: "AlarmPage" });
