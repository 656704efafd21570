import { normalizeAgencyCode } from "../../../contracts/identifiers.ts";

/** A stored agency code: canonical, its days `YYYY-MM-DD` and included. */
export interface AgencyCodeRow {
  readonly code: string;
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly successor: string | null;
}

/** What is wrong with a code on a day. `listed` is the code itself, or the one above it that the list has. */
export type AgencyCodeFault =
  | { readonly rule: "agency_code_superseded"; readonly listed: string; readonly successor: string }
  | { readonly rule: "agency_code_closed" | "agency_code_not_yet_valid"; readonly listed: string };

/** The agency codes with their validity. Pure. */
export interface AgencyRegister {
  /**
   * Judges a code, in its old or new form, on a day in Vietnam; null: nothing against it, or nothing known. A code that is
   * not listed is judged by the nearest one above it: `H25.15` ends with `H25` unless it is listed itself.
   */
  faultOf(code: string, day: string): AgencyCodeFault | null;
}

const isOver = ({ validTo }: AgencyCodeRow, day: string): boolean => validTo !== null && day > validTo;

/** The register over a list whose successions do not run in circles (`agencyCodesSchema`). */
export const createAgencyRegister = (list: readonly AgencyCodeRow[]): AgencyRegister => {
  const listed = new Map(list.map((row) => [row.code, row]));

  const nearest = (code: string): AgencyCodeRow | undefined => {
    for (let known = code; known !== ""; known = known.slice(0, Math.max(0, known.lastIndexOf(".")))) {
      const row = listed.get(known);
      if (row !== undefined) return row;
    }
    return undefined;
  };

  /** A code may have been succeeded more than once by then. */
  const successorOn = (row: AgencyCodeRow, day: string): string | null => {
    let { successor } = row;
    for (;;) {
      const next = successor === null ? undefined : listed.get(successor);
      if (next === undefined || !isOver(next, day) || next.successor === null) return successor;
      successor = next.successor;
    }
  };

  return {
    faultOf: (code, day) => {
      const row = nearest(normalizeAgencyCode(code));
      if (row === undefined) return null;
      if (row.validFrom !== null && day < row.validFrom) return { rule: "agency_code_not_yet_valid", listed: row.code };
      if (!isOver(row, day)) return null;
      const successor = successorOn(row, day);
      return successor === null
        ? { rule: "agency_code_closed", listed: row.code }
        : { rule: "agency_code_superseded", listed: row.code, successor };
    },
  };
};
