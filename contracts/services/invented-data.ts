import type { Text } from "../text.ts";

/**
 * The closed list of warnings about data that looks made up to pass a check, each with its sentence (np 6, item 9): told to the
 * caller, never a reason to refuse, because each may be true once.
 */
export const INVENTED_DATA_WARNINGS = {
  placeholder_identity: {
    vi: "Số giấy tờ giống số điền cho có; để trống nếu không có.",
    en: "This number looks like a placeholder; leave it out if there is none.",
  },
  placeholder_phone: {
    vi: "Số điện thoại giống số điền cho có; để trống nếu không có.",
    en: "This phone number looks like a placeholder; leave it out if there is none.",
  },
  placeholder_email: {
    vi: "Địa chỉ thư điện tử giống địa chỉ điền cho có; để trống nếu không có.",
    en: "This e-mail address looks like a placeholder; leave it out if there is none.",
  },
  placeholder_officer: {
    vi: "Tên người xử lý là một chức danh, không phải tên người.",
    en: "The officer's name is a title, not a person's name.",
  },
  copied_time: {
    vi: "Thời điểm trùng đúng thời điểm tiếp nhận; có thể đã được sao chép.",
    en: "This is exactly the time of receipt; it may have been copied.",
  },
  result_is_submitted_file: {
    vi: "Tệp kết quả trùng với tệp đã nộp; kết quả phải là giấy tờ do cơ quan cấp.",
    en: "This result is one of the files submitted; a result is what the agency issued.",
  },
  not_from_store: {
    vi: "Tệp được khai là lấy từ kho giấy tờ quốc gia nhưng không được lấy về qua cổng kết nối này.",
    en: "This file is said to be from the national store of papers, but was not fetched from it through this gateway.",
  },
} as const satisfies Record<string, Text>;

/** A code of the closed list. */
export type InventedDataCode = keyof typeof INVENTED_DATA_WARNINGS;
