import { GatewayError } from "../../../contracts/errors.ts";
import { type AuditedAct, recordAct } from "../../security/audit.ts";
import type { DossierOffice } from "../dossier-office.ts";
import type { DossierFilter, FindScope } from "../find-dossiers.ts";
import { byteStream } from "./byte-stream.ts";
import { csvLines } from "./csv-lines.ts";
import { exportPages, findsMoreThan } from "./export-pages.ts";
import { MOST_SHEET_ROWS, xlsxBytes } from "./xlsx-bytes.ts";

/** The forms of an export. */
export const EXPORT_FORMATS = ["csv", "xlsx"] as const;

/** One form. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** The media types of the forms. */
export const EXPORT_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: "text/csv",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

/** An export as it was asked for. */
export interface ExportRequest {
  readonly format: ExportFormat;
  readonly scope: FindScope;
  readonly filter: DossierFilter;
  readonly actor: Pick<AuditedAct, "actorKind" | "actor" | "correlationId">;
}

const VIETNAM_OFFSET_MS = 7 * 3600 * 1000;

async function* encoded(pieces: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const piece of pieces) yield encoder.encode(piece);
}

/** What was looked for; a search text may be a person's name or number and is not repeated. */
const detailOf = (format: ExportFormat, { q, ...filter }: DossierFilter): Record<string, string | boolean> => ({
  format,
  ...Object.fromEntries(
    Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [[name, [value].flat().join(",")]])),
  ),
  ...(q !== undefined && { q: true }),
});

/**
 * Dossiers as a file that is written as it is read. Who took it is audited before the first byte.
 *
 * @throws GatewayError `invalid_request`: a workbook does not hold so many.
 */
export const openExport = async (
  office: DossierOffice,
  { format, scope, filter, actor }: ExportRequest,
): Promise<Response> => {
  if (format === "xlsx" && (await findsMoreThan(office, scope, filter, MOST_SHEET_ROWS))) {
    throw new GatewayError("invalid_request", {
      detail: {
        vi: `Bảng tính chứa tối đa ${MOST_SHEET_ROWS} hồ sơ; hãy thu hẹp bộ lọc hoặc tải CSV.`,
        en: `A workbook holds ${MOST_SHEET_ROWS} dossiers at most; narrow the filter or take CSV.`,
      },
    });
  }
  const detail = detailOf(format, filter);
  await recordAct(office.database, office.tenant, { ...actor, action: "dossiers.export", subject: "dossiers", detail });
  const pages = exportPages(office, scope, filter);
  const bytes = format === "csv" ? encoded(csvLines(pages)) : xlsxBytes(pages);
  const day = new Date(office.now().getTime() + VIETNAM_OFFSET_MS).toISOString().slice(0, 10);
  return new Response(byteStream(bytes), {
    headers: {
      "content-type": format === "csv" ? `${EXPORT_TYPES.csv}; charset=utf-8` : EXPORT_TYPES.xlsx,
      "content-disposition": `attachment; filename="ho-so-${day}.${format}"`,
      "cache-control": "no-store",
    },
  });
};
