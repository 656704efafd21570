import type { ProcedureContent } from "./services/procedures.ts";

/** What a dossier has to say about its procedure. */
export interface ProcedureFacts {
  readonly name: string;
  /** May be empty. */
  readonly fieldCode: string;
  readonly fieldName: string;
}

/** A procedure as a catalogue lists it. */
export interface ListedProcedure {
  readonly code: string;
  readonly name: string;
}

/**
 * A platform's catalogue of procedures, to be mirrored. A call is one question; nothing is remembered between two.
 * `Call` is what an exchange is handed, `Failed` how a question goes wrong (contracts/adapter.ts).
 */
export interface CatalogueReader<Call, Failed> {
  list(call: Call): Promise<{ readonly ok: true; readonly value: readonly ListedProcedure[] } | Failed>;
  /** One procedure, or null when the platform knows none of that code. */
  read(code: string, call: Call): Promise<{ readonly ok: true; readonly value: ProcedureContent | null } | Failed>;
}
