import type { FieldErrorCode } from "../../contracts/services/fields.ts";

/** One dossier as its file has it: the text of its JSON, or why there is none. */
export type FileLine = {
  /** In the file, from 1. */
  readonly line: number;
} & ({ readonly text: string } | { readonly fault: FieldErrorCode });

/** The formats of files. */
export type ImportFormat = "jsonl" | "csv";
