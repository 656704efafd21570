import { GatewayError } from "../../../contracts/errors.ts";
import { IMPORT_LIMITS } from "../../../contracts/services/imports.ts";
import { bodyOfRecord, checkHeader } from "../csv-columns.ts";
import type { FileLine, ImportFormat } from "../file-line.ts";
import { type CsvRecord, createCsvReader } from "./csv-records.ts";
import { createLineSplitter } from "./split-lines.ts";

/** A file as it comes in. */
export interface IncomingFile {
  readonly body: ReadableStream<Uint8Array> | null;
  readonly format: ImportFormat;
}

/** The connection ended before the file did. */
export class UploadCutOff extends Error {
  constructor(cause: unknown) {
    super("the upload was cut off", { cause });
    this.name = "UploadCutOff";
  }
}

const tooLarge = (): GatewayError =>
  new GatewayError("payload_too_large", {
    detail: {
      vi: `Tệp tối đa ${IMPORT_LIMITS.fileBytes} byte.`,
      en: `A file has at most ${IMPORT_LIMITS.fileBytes} bytes.`,
    },
  });

/** @throws GatewayError `payload_too_large`, from what the caller says of the file. */
export const checkLength = (contentLength: string | undefined): void => {
  if (Number(contentLength ?? "0") > IMPORT_LIMITS.fileBytes) throw tooLarge();
};

/** The pieces of a file as they come. @throws GatewayError `payload_too_large`, UploadCutOff */
export async function* readPieces(body: IncomingFile["body"]): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  let size = 0;
  try {
    for (;;) {
      const read = await reader?.read().catch((error: unknown) => {
        throw new UploadCutOff(error);
      });
      if (read === undefined || read.done) return;
      size += read.value.length;
      if (size > IMPORT_LIMITS.fileBytes) throw tooLarge();
      yield read.value;
    }
  } finally {
    // Whoever stops reading early wants no more of it.
    reader?.cancel().catch(() => undefined);
  }
}

/** Makes dossiers of lines. */
interface LineReader {
  push(line: FileLine): FileLine[];
  end(): FileLine[];
}

const isFilled = (line: FileLine): boolean => "fault" in line || line.text.trim() !== "";

const jsonReader = (): LineReader => ({ push: (line) => (isFilled(line) ? [line] : []), end: () => [] });

const csvReader = (): LineReader => {
  const reader = createCsvReader();
  let columns: readonly string[] | undefined;
  const lineOf = (record: CsvRecord): FileLine[] => {
    if (columns === undefined) {
      columns = checkHeader("cells" in record ? record.cells : []);
      return [];
    }
    if ("fault" in record) return [record];
    const { line, cells } = record;
    const body = bodyOfRecord(columns, cells);
    return [body === null ? { line, fault: "malformed_csv" } : { line, text: JSON.stringify(body) }];
  };
  return {
    push: (line) => reader.push(line).flatMap(lineOf),
    end: () => reader.end().flatMap(lineOf),
  };
};

/**
 * The dossiers of a file as it comes in, some at a time; nothing is held but the line in hand.
 *
 * @param seen told of every piece.
 * @throws GatewayError `payload_too_large`, `invalid_request` (the header of CSV), UploadCutOff
 */
export async function* readFile(
  { body, format }: IncomingFile,
  seen: (piece: Uint8Array) => void,
): AsyncGenerator<FileLine[]> {
  const splitter = createLineSplitter();
  const reader = format === "csv" ? csvReader() : jsonReader();
  for await (const piece of readPieces(body)) {
    seen(piece);
    yield splitter.push(piece).flatMap((line) => reader.push(line));
  }
  yield [...splitter.end().flatMap((line) => reader.push(line)), ...reader.end()];
}
