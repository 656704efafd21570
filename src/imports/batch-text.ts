import type { FieldErrorCode } from "../../contracts/services/fields.ts";
import type { FileLine } from "./file-line.ts";

/** A batch is at most so many lines, and ends with the line that makes it this long. */
export const BATCH = { lines: 60, characters: 256 * 1024 } as const;

/** The lines of a batch as one text, to be sealed: no line of JSON holds an end of a line. */
export const writeBatch = (lines: readonly FileLine[]): string =>
  lines.map((line) => `${line.line} ${"text" in line ? `=${line.text}` : `!${line.fault}`}`).join("\n");

const readLine = (written: string): FileLine => {
  const space = written.indexOf(" ");
  const line = Number(written.slice(0, space));
  const rest = written.slice(space + 2);
  return written[space + 1] === "=" ? { line, text: rest } : { line, fault: rest as FieldErrorCode };
};

/** What `writeBatch` wrote. */
export const readBatch = (text: string): FileLine[] => text.split("\n").map(readLine);
