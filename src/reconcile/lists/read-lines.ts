import type { PlatformDossier } from "../../../contracts/comparer.ts";
import { type FieldError, GatewayError } from "../../../contracts/errors.ts";
import { FIELD_ERRORS, type FieldErrorCode } from "../../../contracts/services/fields.ts";
import { listLineSchema } from "../../../contracts/services/reconciliations.ts";
import { fieldErrors } from "../../http/field-errors.ts";
import type { FileLine, ImportFormat } from "../../imports/file-line.ts";
import { type CsvRecord, createCsvReader } from "../../imports/upload/csv-records.ts";
import { type IncomingFile, readPieces } from "../../imports/upload/read-file.ts";
import { createLineSplitter } from "../../imports/upload/split-lines.ts";

/** One line of a list; a line is a code and a status. */
const MOST_LINE_BYTES = 4096;

/** A dossier of a list with the line it stands on, from 1. */
export interface ListedLine extends PlatformDossier {
  readonly line: number;
}

/** A line as it was read, or what is wrong with it. */
type Line = ListedLine | { readonly faults: readonly FieldError[] };

/** One fault of a line. */
export const lineFault = (line: number, code: FieldErrorCode, field = ""): FieldError => ({
  field: field === "" ? `lines[${line}]` : `lines[${line}].${field}`,
  code,
  message: FIELD_ERRORS[code],
});

const checked = (line: number, value: unknown): Line => {
  const parsed = listLineSchema.safeParse(value);
  if (parsed.success) {
    const { code, status } = parsed.data;
    return { line, code: code.trim(), ...(status !== undefined && { status: status.trim() }) };
  }
  const faults = fieldErrors(parsed.error, value, "unknown_field");
  return { faults: faults.map(({ field, code }) => lineFault(line, code as FieldErrorCode, field)) };
};

const fromJson = (given: FileLine): Line[] => {
  if ("fault" in given) return [{ faults: [lineFault(given.line, given.fault)] }];
  if (given.text.trim() === "") return [];
  try {
    return [checked(given.line, JSON.parse(given.text))];
  } catch {
    return [{ faults: [lineFault(given.line, "malformed_json")] }];
  }
};

/** @throws GatewayError `invalid_request` when the header is not `code` and, or not, `status`. */
const columnsOf = (record: CsvRecord): readonly string[] => {
  const names = "cells" in record ? record.cells.map((name) => name.trim().toLowerCase()) : [];
  const isKnown = names.includes("code") && new Set(names).size === names.length;
  if (isKnown && names.every((name) => name === "code" || name === "status")) return names;
  throw new GatewayError("invalid_request", {
    errors: [lineFault(record.line, names.includes("code") ? "unknown_field" : "required", "code")],
    detail: { vi: "Dòng đầu phải là: code,status.", en: "The first line must be: code,status." },
  });
};

const csvReader = () => {
  const reader = createCsvReader(MOST_LINE_BYTES);
  let columns: readonly string[] | undefined;
  const lineOf = (record: CsvRecord): Line[] => {
    if (columns === undefined) {
      columns = columnsOf(record);
      return [];
    }
    if ("fault" in record) return [{ faults: [lineFault(record.line, record.fault)] }];
    if (record.cells.length !== columns.length) return [{ faults: [lineFault(record.line, "malformed_csv")] }];
    const named = columns.map((name, i) => [name, record.cells[i] ?? ""] as const);
    return [checked(record.line, Object.fromEntries(named.filter(([, cell]) => cell !== "")))];
  };
  return { push: (line: FileLine) => reader.push(line).flatMap(lineOf), end: () => reader.end().flatMap(lineOf) };
};

/**
 * The lines of a list as it comes in, some at a time; nothing is held but the line in hand.
 *
 * @throws GatewayError `payload_too_large`, `invalid_request` (the header of CSV), UploadCutOff
 */
export async function* readLines(body: IncomingFile["body"], format: ImportFormat): AsyncGenerator<Line[]> {
  const splitter = createLineSplitter(MOST_LINE_BYTES);
  const reader = format === "csv" ? csvReader() : { push: fromJson, end: (): Line[] => [] };
  for await (const piece of readPieces(body)) {
    yield splitter.push(piece).flatMap((line) => reader.push(line));
  }
  yield [...splitter.end().flatMap((line) => reader.push(line)), ...reader.end()];
}
