import { z } from "zod";
import type { Text } from "../text.ts";

/**
 * The closed list of field error codes (`errors[].code` of a problem), each with its sentence.
 * Codes are stable: software switches on them. api.md section 1, rule "Errors".
 */
export const FIELD_ERRORS = {
  required: { vi: "Bắt buộc phải có.", en: "This field is required." },
  wrong_type: { vi: "Sai kiểu dữ liệu.", en: "The value has the wrong type." },
  not_allowed: { vi: "Giá trị không nằm trong danh sách cho phép.", en: "The value is not one of those allowed." },
  unknown_field: { vi: "Trường không có trong hợp đồng.", en: "This field is not part of the contract." },
  unknown_parameter: { vi: "Tham số không được hỗ trợ.", en: "This query parameter is not known." },
  too_long: { vi: "Quá dài.", en: "The value is too long." },
  too_short: { vi: "Quá ngắn hoặc để trống.", en: "The value is too short or empty." },
  out_of_range: { vi: "Ngoài khoảng cho phép.", en: "The number is out of range." },
  wrong_sum: { vi: "Các khoản không cộng thành tổng số tiền.", en: "The lines do not add up to the amount." },
  too_many: { vi: "Quá nhiều phần tử.", en: "There are too many items." },
  control_character: { vi: "Có ký tự điều khiển.", en: "The text contains a control character." },
  not_unicode: { vi: "Văn bản không phải Unicode hợp lệ.", en: "The text is not well-formed Unicode." },
  offset_required: {
    vi: "Thời điểm phải kèm múi giờ, ví dụ 2026-11-20T09:15:00+07:00.",
    en: "A time must carry its offset, such as 2026-11-20T09:15:00+07:00.",
  },
  invalid_instant: {
    vi: "Không phải thời điểm ISO 8601 hợp lệ.",
    en: "This is not a valid ISO 8601 date and time.",
  },
  invalid_date: { vi: "Không phải ngày hợp lệ.", en: "This is not a valid date." },
  invalid_url: { vi: "Không phải địa chỉ http(s) hợp lệ.", en: "This is not a valid http(s) address." },
  https_required: { vi: "Địa chỉ phải dùng https.", en: "The address must begin with https." },
  private_address: {
    vi: "Địa chỉ nội bộ không được phép.",
    en: "This address leads into a private network, which is not allowed.",
  },
  invalid_format: { vi: "Sai định dạng.", en: "The value has the wrong format." },
  invalid_cursor: { vi: "Con trỏ trang không hợp lệ.", en: "This cursor was not given by this list." },
  invalid_dossier_code: { vi: "Mã hồ sơ không đúng mẫu.", en: "This is not a dossier code of a known shape." },
  invalid_procedure_code: { vi: "Mã thủ tục không đúng mẫu.", en: "This is not a procedure code of a known shape." },
  invalid_agency_code: { vi: "Mã cơ quan không đúng mẫu.", en: "This is not an agency code of a known shape." },
  invalid_personal_id: { vi: "Số định danh phải gồm 12 chữ số.", en: "A personal id has 12 digits, not all equal." },
  invalid_old_id: { vi: "Số CMND phải gồm 9 chữ số.", en: "An old identity number has 9 digits." },
  invalid_enterprise_code: { vi: "Mã số doanh nghiệp không đúng mẫu.", en: "This is not an enterprise code." },
  wrong_check_digit: { vi: "Sai chữ số kiểm tra.", en: "The check digit is wrong." },
  malformed_json: { vi: "Nội dung không phải JSON hợp lệ.", en: "The body is not valid JSON." },
  malformed_csv: {
    vi: "Dòng CSV không hợp lệ: sai dấu nháy kép hoặc sai số cột.",
    en: "This is no valid line of CSV: its quotes or the number of its columns are wrong.",
  },
  duplicate_code: {
    vi: "Mã hồ sơ này đã có ở một dòng trước của tệp.",
    en: "An earlier line of the file has this dossier code.",
  },
  profile_limit: { vi: "Vượt giới hạn của hệ thống quốc gia.", en: "Longer than the platform takes." },
  no_mapping: { vi: "Chưa có ánh xạ sang mã quốc gia.", en: "There is no mapping to the national code." },
} as const satisfies Record<string, Text>;

/** A code of the closed list of field errors. */
export type FieldErrorCode = keyof typeof FIELD_ERRORS;

/** Marks a refinement with its field error code; the HTTP layer reads it back from the issue. */
export const fieldError = (code: FieldErrorCode): { params: { code: FieldErrorCode }; message: string } => ({
  params: { code },
  message: FIELD_ERRORS[code].en,
});

// Every C0 and C1 control but tab and newline. A carriage return is a control too: callers send \n.
const CONTROL = /[^\P{Cc}\t\n]/u;

/**
 * Text of 1 to `max` UTF-16 units, brought to NFC; control characters other than tab and newline
 * and lone surrogates are refused. api.md section 1, rule "Input".
 */
export const text = (max: number) =>
  z
    .string()
    // Decomposed text is longer than what it is brought to; the cap bounds the work of bringing it there.
    .max(max * 4)
    .normalize("NFC")
    .min(1)
    .max(max)
    .refine((value) => !CONTROL.test(value), fieldError("control_character"))
    .refine((value) => value.isWellFormed(), fieldError("not_unicode"));

// What `z.iso.datetime` matches with: a parse inside a parse costs many times the match, and most of what is sent has several times.
const ISO = z.core.regexes.datetime({ offset: true });
const ISO_LOCAL = z.core.regexes.datetime({ local: true });

// No dossier is older than 1950 or due after 9998, but software writes 0001-01-01 for "none"; and no clock shows an offset of 16 hours.
const PLAUSIBLE = /^(19[5-9]\d|[2-8]\d{3}|9\d{2}[0-8]).*(Z|[+-](0\d|1[0-5]):\d{2})$/u;

/** An ISO 8601 date and time with its offset (`Z` is one), kept as the caller wrote it. */
export const instant = z
  .string()
  .max(40)
  .superRefine((value, context) => {
    const whole = ISO.test(value);
    if (whole && PLAUSIBLE.test(value)) return;
    const code = !whole && ISO_LOCAL.test(value) ? "offset_required" : "invalid_instant";
    context.addIssue({ code: "custom", ...fieldError(code) });
  })
  .meta({ format: "date-time", example: "2026-11-20T09:15:00+07:00" });

/** An absolute http or https address without credentials in it. */
export const httpUrl = text(2000).refine((value) => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  return url !== undefined && /^https?:$/u.test(url.protocol) && url.username === "" && url.password === "";
}, fieldError("invalid_url"));

/** Money: integer VND, 0 to 2^53-1. */
export const dong = z.int().min(0).meta({ description: "Integer VND" });

/** Advice that does not stop a call: the same shape as a field error. */
export const warningSchema = z
  .strictObject({ code: z.string(), field: z.string(), message: z.string() })
  .meta({ id: "Warning" });
