import { parse } from "csv-parse/sync";
import { IMPORT_LIMITS } from "../../../contracts/services/imports.ts";
import type { FileLine } from "../file-line.ts";

/** One record of CSV with the line it begins on, or why it is none. */
export type CsvRecord = { readonly line: number } & (
  | { readonly cells: readonly string[] }
  | { readonly fault: Extract<FileLine, { fault: unknown }>["fault"] }
);

/** Puts lines together to records. */
export interface CsvReader {
  push(line: FileLine): CsvRecord[];
  end(): CsvRecord[];
}

/** The cells of one record (RFC 4180), or null: quotes stand where none may. */
const cellsOf = (text: string): readonly string[] | null => {
  try {
    const [cells = [], ...others] = parse(text, { relax_column_count: true, record_delimiter: "\u0000" });
    return others.length === 0 ? cells : null;
  } catch {
    return null;
  }
};

/** An odd number of quotes opens a cell, or closes the one that is open. */
const turns = (text: string): boolean => (text.split('"').length - 1) % 2 === 1;

/** Records, and lines to be read again. */
interface Taken {
  readonly records: readonly CsvRecord[];
  readonly again: readonly FileLine[];
}

const NOTHING: Taken = { records: [], again: [] };

/**
 * A reader of CSV whose cells may hold ends of lines, in quotes. A quote that nobody closes would swallow what follows: then the line
 * it stands on is a fault, and those behind it are read again as if it had not been there.
 */
export const createCsvReader = (mostLength: number = IMPORT_LIMITS.lineBytes): CsvReader => {
  /** Lines of a record whose quotes are open. */
  let held: { line: number; text: string }[] = [];
  let length = 0;
  let isOpen = false;

  const close = (): Taken => {
    const [first, ...rest] = held;
    const line = first?.line ?? 0;
    const cells = isOpen || length > mostLength ? null : cellsOf(held.map(({ text }) => text).join("\n"));
    held = [];
    length = 0;
    isOpen = false;
    return cells === null
      ? { records: [{ line, fault: "malformed_csv" }], again: rest }
      : { records: [{ line, cells }], again: [] };
  };

  const take = (line: FileLine): Taken => {
    if ("fault" in line) {
      if (held.length === 0) return { records: [line], again: [] };
      const { records, again } = close();
      return { records, again: [...again, line] };
    }
    if (held.length === 0 && line.text.trim() === "") return NOTHING;
    held.push(line);
    length += line.text.length + 1;
    isOpen = turns(line.text) ? !isOpen : isOpen;
    return isOpen && length <= mostLength ? NOTHING : close();
  };

  const read = (lines: readonly FileLine[]): CsvRecord[] => {
    const found: CsvRecord[] = [];
    const left = lines.toReversed();
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const { records, again } = take(next);
      found.push(...records);
      for (const line of again.toReversed()) left.push(line);
    }
    return found;
  };

  return {
    push: (line) => read([line]),
    end: () => {
      const found: CsvRecord[] = [];
      while (held.length > 0) {
        const { records, again } = close();
        found.push(...records, ...read(again));
      }
      return found;
    },
  };
};
