/** Spreadsheets take UTF-8 for what it is only behind this. */
export const BYTE_ORDER_MARK = "\uFEFF";

/** A spreadsheet computes what begins so, also behind spaces and in full width; the apostrophe makes it a text. */
const FORMULA = /^(?:[\t\r\n]|[\s\u00a0]*[=+\-@\uff0b\uff0d\uff1d\uff20])/u;

/** One cell of a CSV file (RFC 4180) that no spreadsheet takes for a formula. */
export const csvCell = (value: string | number | undefined): string => {
  const text = String(value ?? "");
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /["\n\r,]/u.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
};
