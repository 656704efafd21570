import type { ImportFinding } from "../../contracts/services/imports.ts";

/** The forms of a report. */
export type ReportFormat = "jsonl" | "csv";

const COLUMNS = ["line", "dossierCode", "kind", "code", "field", "message"] as const;

/** Spreadsheets take UTF-8 for what it is only behind this. */
const BYTE_ORDER_MARK = "\uFEFF";

/** A spreadsheet computes what begins so; field names come from whoever wrote the file. */
const FORMULA = /^[=+\-@\t\r]/u;

const cell = (value: string | number | undefined): string => {
  const text = String(value ?? "");
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /["\n\r,]/u.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
};

const jsonLines = (findings: readonly ImportFinding[]): string =>
  findings.map((finding) => `${JSON.stringify(finding)}\n`).join("");

const csvLines = (findings: readonly ImportFinding[]): string =>
  findings.map((finding) => `${COLUMNS.map((name) => cell(finding[name])).join(",")}\r\n`).join("");

/** A report as text, piece by piece. */
export async function* writeReport(
  pages: AsyncIterable<readonly ImportFinding[]>,
  format: ReportFormat,
): AsyncGenerator<string> {
  if (format === "csv") yield `${BYTE_ORDER_MARK}${COLUMNS.join(",")}\r\n`;
  for await (const findings of pages) yield format === "csv" ? csvLines(findings) : jsonLines(findings);
}
