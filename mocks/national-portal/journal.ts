import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  truncateSync,
} from "node:fs";
import { dirname } from "node:path";
import type { EffectJournal } from "./settings.ts";
import type { Effect } from "./state.ts";

const NEWLINE = 0x0a;

/** The whole lines of the file. A last line without its end was never answered for: it is cut off. */
const readWholeLines = (path: string): string[] => {
  if (!existsSync(path)) return [];
  const bytes = readFileSync(path);
  const whole = bytes.lastIndexOf(NEWLINE) + 1;
  if (whole < bytes.length) truncateSync(path, whole);
  return bytes
    .subarray(0, whole)
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "");
};

const parseLine = (path: string, line: string, index: number): Effect => {
  try {
    return JSON.parse(line) as Effect;
  } catch (cause) {
    throw new Error(`${path}, line ${index + 1}: not JSON; the file is damaged`, { cause });
  }
};

/**
 * Opens a file of JSON lines, one per effect, so that a portal remembers across restarts what it acknowledged:
 * who sends it steps would otherwise be refused for dossiers that were delivered. Appends are written before they return.
 * Throws when a line other than a cut last one cannot be read.
 */
export const openJournal = (path: string): EffectJournal & { close(): void } => {
  mkdirSync(dirname(path), { recursive: true });
  const effects = readWholeLines(path).map((line, index) => parseLine(path, line, index));
  const file = openSync(path, "a");
  let size = fstatSync(file).size;
  const append = (effect: Effect) => {
    const line = Buffer.from(`${JSON.stringify(effect)}\n`);
    try {
      appendFileSync(file, line);
    } catch (error) {
      // A full disk may have taken half of the line: the next one must not join it.
      ftruncateSync(file, size);
      throw error;
    }
    size += line.length;
  };
  return { effects, append, close: () => closeSync(file) };
};
