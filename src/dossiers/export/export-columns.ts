import type { DossierLine } from "../../../contracts/services/dossier-views.ts";
import { CHANNEL_WORDS, DOSSIER_STATUS_WORDS, ORIGIN_WORDS, SYNC_WORDS } from "./dossier-words.ts";

/** What a cell holds: a text, a moment (ISO 8601), or nothing. */
export type ExportCell = { readonly text: string } | { readonly moment: string } | null;

/** One column of an export. */
export interface ExportColumn {
  readonly heading: string;
  /** In characters, for spreadsheets. */
  readonly width: number;
  readonly cell: (line: DossierLine) => ExportCell;
}

const text = (value: string | undefined): ExportCell => (value === undefined ? null : { text: value });
const moment = (value: string | undefined): ExportCell => (value === undefined ? null : { moment: value });

/** The columns of an export, as officers read them. */
export const EXPORT_COLUMNS: readonly ExportColumn[] = [
  { heading: "Mã hồ sơ", width: 26, cell: ({ code }) => text(code) },
  { heading: "Mã thủ tục", width: 22, cell: ({ procedureCode }) => text(procedureCode) },
  { heading: "Tên thủ tục", width: 50, cell: ({ procedureName }) => text(procedureName) },
  { heading: "Chủ hồ sơ", width: 30, cell: ({ applicantName }) => text(applicantName) },
  { heading: "Trạng thái", width: 24, cell: ({ status }) => text(DOSSIER_STATUS_WORDS[status]) },
  { heading: "Nguồn", width: 28, cell: ({ origin }) => text(ORIGIN_WORDS[origin]) },
  { heading: "Kênh nộp", width: 18, cell: ({ channel }) => text(CHANNEL_WORDS[channel]) },
  { heading: "Mã đơn vị xử lý", width: 18, cell: ({ processingUnit }) => text(processingUnit.code) },
  { heading: "Đơn vị xử lý", width: 36, cell: ({ processingUnit }) => text(processingUnit.name) },
  { heading: "Ngày tiếp nhận", width: 18, cell: ({ receivedAt }) => moment(receivedAt) },
  { heading: "Ngày hẹn trả", width: 18, cell: ({ dueAt }) => moment(dueAt) },
  { heading: "Đồng bộ", width: 16, cell: ({ sync }) => text(SYNC_WORDS[sync]) },
];
