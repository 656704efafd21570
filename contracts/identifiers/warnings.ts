import type { Text } from "../text.ts";

/**
 * The closed list of identifier warnings, each with its sentence: what is implausible but must not stop a call,
 * because real numbers and codes diverge from the rules (registries section 3.1, api section 3, document-axis 4.1).
 */
export const IDENTIFIER_WARNINGS = {
  unknown_province_prefix: {
    vi: "Ba chữ số đầu của số định danh không thuộc danh mục mã tỉnh đã công bố.",
    en: "The first three digits of the personal id are not a published province code.",
  },
  birth_year_in_future: {
    vi: "Năm sinh trong số định danh ở tương lai.",
    en: "The birth year inside the personal id is in the future.",
  },
  implausible_date: {
    vi: "Ngày trong mã hồ sơ không phải ngày có thật.",
    en: "The date inside the dossier code is not a plausible day.",
  },
  date_in_future: {
    vi: "Ngày trong mã hồ sơ ở tương lai.",
    en: "The date inside the dossier code is in the future.",
  },
  foreign_province: {
    vi: "Mã hồ sơ mang mã của tỉnh hoặc bộ khác.",
    en: "The dossier code carries the code of another province or ministry.",
  },
  foreign_agency: {
    vi: "Mã hồ sơ mang mã của cơ quan khác với cơ quan xử lý.",
    en: "The dossier code carries the code of another agency than the processing one.",
  },
  unknown_agency_shape: {
    vi: "Mã cơ quan không theo mẫu đã biết.",
    en: "The agency code has none of the known shapes.",
  },
} as const satisfies Record<string, Text>;

/** A code of the closed list of identifier warnings. */
export type IdentifierWarningCode = keyof typeof IDENTIFIER_WARNINGS;
