import type { ImportFinding } from "../../contracts/services/imports.ts";
import { BYTE_ORDER_MARK, csvCell } from "../csv-cell.ts";

/** The forms of a report. */
export type ReportFormat = "jsonl" | "csv";

const COLUMNS = ["line", "dossierCode", "kind", "code", "field", "message"] as const;

const jsonLines = (findings: readonly ImportFinding[]): string =>
  findings.map((finding) => `${JSON.stringify(finding)}\n`).join("");

const csvLines = (findings: readonly ImportFinding[]): string =>
  findings.map((finding) => `${COLUMNS.map((name) => csvCell(finding[name])).join(",")}\r\n`).join("");

/** A report as text, piece by piece. */
export async function* writeReport(
  pages: AsyncIterable<readonly ImportFinding[]>,
  format: ReportFormat,
): AsyncGenerator<string> {
  if (format === "csv") yield `${BYTE_ORDER_MARK}${COLUMNS.join(",")}\r\n`;
  for await (const findings of pages) yield format === "csv" ? csvLines(findings) : jsonLines(findings);
}
