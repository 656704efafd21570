import type { KeepBytes } from "./fetching.ts";
import type { LookupPurpose } from "./registries.ts";

type Answered<Value, Failed> = Promise<{ readonly ok: true; readonly value: Value } | Failed>;

/** Whose papers are wanted, and for which procedure (national-portal section 2.5). */
export interface PapersQuery {
  /** 12 digits. */
  readonly ownerId: string;
  /** The procedure that asks for the papers. */
  readonly procedureCode: string;
  /** Only these kinds of results; absent or empty: all that the owner has. */
  readonly results?: readonly { readonly code: string; readonly notation?: string }[];
}

/** Where one file of a paper lies: the agency that keeps it, and its path there, both as the store wrote them. */
export interface PaperPlace {
  readonly agency: string;
  readonly path: string;
}

/** A paper of a citizen, as the store lists it; texts that it leaves out are "". */
export interface PersonalPaper {
  /** The store's own code, such as `<owner>.<type>`. */
  readonly code: string;
  readonly name: string;
  /** Number and notation, such as `12/GP-SCT`. */
  readonly notation: string;
  /** The agency in charge of it, as the store names it. */
  readonly agency: string;
  readonly files: readonly { readonly name: string; readonly path: string }[];
}

/**
 * The national store of personal papers (kho giấy tờ cá nhân), asked before a citizen is asked for a paper again (domain R29). A
 * capability of an adapter: one question, nothing remembered between two but a session; nothing personal is kept as evidence.
 * `Call` is what an exchange is handed, `Failed` how a question goes wrong (contracts/adapter.ts).
 */
export interface PersonalPapers<Call, Failed> {
  /** The papers of the owner and of nobody else; an empty list: the store holds none. */
  find(query: PapersQuery, purpose: LookupPurpose, call: Call): Answered<readonly PersonalPaper[], Failed>;
  /**
   * Fetches one file; its bytes go to `keep` as they come. What the store does not hold is refused with `not_found`, what may not
   * be kept with `payload_too_large`.
   */
  fetch(place: PaperPlace, keep: KeepBytes, call: Call): Answered<null, Failed>;
}
