import type { DossierLine } from "../../../contracts/services/dossier-views.ts";
import { BYTE_ORDER_MARK, csvCell } from "../../csv-cell.ts";
import { EXPORT_COLUMNS, type ExportCell } from "./export-columns.ts";

const VIETNAM_OFFSET_MS = 7 * 3600 * 1000;

/** `20/11/2026 09:15` on a clock in Vietnam: what spreadsheets there read as a date. */
const vietnamMinute = (moment: string): string => {
  const shifted = new Date(Date.parse(moment) + VIETNAM_OFFSET_MS).toISOString();
  const [year, month, day] = shifted.slice(0, 10).split("-");
  return `${day}/${month}/${year} ${shifted.slice(11, 16)}`;
};

const shown = (cell: ExportCell): string | undefined => {
  if (cell === null) return undefined;
  return "text" in cell ? cell.text : vietnamMinute(cell.moment);
};

/** Dossiers as CSV (RFC 4180, UTF-8), a page at a time. */
export async function* csvLines(pages: AsyncIterable<readonly DossierLine[]>): AsyncGenerator<string> {
  yield `${BYTE_ORDER_MARK}${EXPORT_COLUMNS.map(({ heading }) => csvCell(heading)).join(",")}\r\n`;
  for await (const lines of pages) {
    yield lines.map((line) => `${EXPORT_COLUMNS.map(({ cell }) => csvCell(shown(cell(line)))).join(",")}\r\n`).join("");
  }
}
