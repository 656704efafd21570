import type { DossierLine } from "../../../contracts/services/dossier-views.ts";
import { EXPORT_COLUMNS, type ExportCell } from "./export-columns.ts";
import { zipFiles } from "./zip-files.ts";

/** Rows of one sheet at most, without its heading: what spreadsheet programs open. */
export const MOST_SHEET_ROWS = 1_048_575;

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml";

const FILES = {
  "[Content_Types].xml": `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPES}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPES}.styles+xml"/></Types>`,
  "_rels/.rels": `${XML}<Relationships xmlns="${RELATIONS}"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  "xl/workbook.xml": `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="Hồ sơ" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  "xl/_rels/workbook.xml.rels": `${XML}<Relationships xmlns="${RELATIONS}"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
  // Style 1: a heading; style 2: a moment.
  "xl/styles.xml": `${XML}<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy hh:mm"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Arial"/></font><font><b/><sz val="11"/><name val="Arial"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>`,
} as const;

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
/** What XML 1.0 has no way to write. */
const UNWRITABLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const escaped = (text: string): string =>
  text.replaceAll(UNWRITABLE, "").replaceAll(/[&<>]/gu, (sign) => ESCAPES[sign] ?? "");

/** A text is marked as one: nothing in it is ever computed. */
const textCell = (text: string, style = ""): string =>
  `<c t="inlineStr"${style}><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;

const DAY_MS = 24 * 3600 * 1000;
const VIETNAM_OFFSET_MS = 7 * 3600 * 1000;
/** Day 25569 of spreadsheets is 1 January 1970. */
const EPOCH_DAY = 25_569;

const momentCell = (moment: string): string =>
  `<c s="2"><v>${((Date.parse(moment) + VIETNAM_OFFSET_MS) / DAY_MS + EPOCH_DAY).toFixed(6)}</v></c>`;

const cellOf = (cell: ExportCell): string => {
  if (cell === null) return "<c/>";
  return "text" in cell ? textCell(cell.text) : momentCell(cell.moment);
};

const row = (cells: readonly string[]): string => `<row>${cells.join("")}</row>`;

async function* sheet(pages: AsyncIterable<readonly DossierLine[]>): AsyncGenerator<string> {
  const widths = EXPORT_COLUMNS.map(
    ({ width }, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`,
  );
  const headings = EXPORT_COLUMNS.map(({ heading }) => textCell(heading, ' s="1"'));
  const frozen =
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView></sheetViews>';
  yield `${XML}<worksheet xmlns="${MAIN}">${frozen}<cols>${widths.join("")}</cols><sheetData>${row(headings)}`;
  for await (const lines of pages) {
    yield lines.map((line) => row(EXPORT_COLUMNS.map(({ cell }) => cellOf(cell(line))))).join("");
  }
  yield "</sheetData></worksheet>";
}

/** Dossiers as a workbook of one sheet, a page at a time: how many there are costs no memory. */
export const xlsxBytes = (pages: AsyncIterable<readonly DossierLine[]>): AsyncGenerator<Uint8Array> =>
  zipFiles([
    ...Object.entries(FILES).map(([name, text]) => ({ name, pieces: [text] })),
    { name: "xl/worksheets/sheet1.xml", pieces: sheet(pages) },
  ]);
