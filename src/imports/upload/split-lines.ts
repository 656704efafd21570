import { IMPORT_LIMITS } from "../../../contracts/services/imports.ts";
import type { FileLine } from "../file-line.ts";

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** Cuts a stream of bytes into lines. */
export interface LineSplitter {
  /** The lines that this piece ends. */
  push(piece: Uint8Array): FileLine[];
  /** The last line, if it has no end of its own. */
  end(): FileLine[];
}

/**
 * A splitter of UTF-8 text. A byte order mark and the carriage returns of Windows are left out. A line that is too long or no UTF-8 comes
 * as a fault, and the next one is read as if nothing had been: at most one line is held.
 */
export const createLineSplitter = (mostBytes: number = IMPORT_LIMITS.lineBytes): LineSplitter => {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  let held: Uint8Array[] = [];
  let size = 0;
  let line = 1;

  const hold = (piece: Uint8Array): void => {
    size += piece.length;
    if (size > mostBytes) held = [];
    else if (piece.length > 0) held.push(piece);
  };

  const take = (): FileLine => {
    const bytes = held.length === 1 ? (held[0] ?? new Uint8Array()) : Buffer.concat(held);
    const isTooLong = size > mostBytes;
    const at = { line: line++ };
    held = [];
    size = 0;
    if (isTooLong) return { ...at, fault: "too_long" };
    try {
      return { ...at, text: decoder.decode(bytes.at(-1) === CARRIAGE_RETURN ? bytes.subarray(0, -1) : bytes) };
    } catch {
      return { ...at, fault: "not_unicode" };
    }
  };

  return {
    push: (piece) => {
      const lines: FileLine[] = [];
      let from = 0;
      for (let at = piece.indexOf(LINE_FEED); at !== -1; at = piece.indexOf(LINE_FEED, from)) {
        hold(piece.subarray(from, at));
        lines.push(take());
        from = at + 1;
      }
      // What is kept beyond this call must not hold the whole piece, whose memory may be used again.
      if (from < piece.length) hold(piece.slice(from));
      return lines;
    },
    end: () => (size > 0 ? [take()] : []),
  };
};
