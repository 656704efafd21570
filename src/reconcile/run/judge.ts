import type { ComparedKind, PlatformDossier } from "../../../contracts/comparer.ts";

/** What is known of one dossier on both sides. */
export interface Sides {
  /** The platform was given it: what it does not hold then is missing. */
  readonly expected: boolean;
  /** The platform's code of our status; null: not compared. */
  readonly ours: string | null;
  /** Our own word for it: lists that a person made may use it. */
  readonly word: string;
  /** Null: the source does not have it. */
  readonly theirs: PlatformDossier | null;
}

/** What comparing came to. `present`: the platform holds it, and nothing more was compared. */
export type Judgement =
  | { readonly verdict: "equal" | "present" | "not-compared" }
  | { readonly verdict: "missing-at-portal" | "status-differs" };

/** Numbers come with and without leading zeros. */
const plain = (code: string): string =>
  code
    .trim()
    .toLowerCase()
    .replace(/^0+(?=\d)/u, "");

/**
 * Pure: two sides of one dossier, as far as the source can tell (design section 7). Equal is only what was compared: existence
 * and status.
 */
export const judge = ({ expected, ours, word, theirs }: Sides, sees: readonly ComparedKind[]): Judgement => {
  if (theirs === null) {
    return { verdict: expected && sees.includes("missing-at-portal") ? "missing-at-portal" : "not-compared" };
  }
  if (theirs.status === undefined || ours === null || !sees.includes("status-differs")) return { verdict: "present" };
  const shown = plain(theirs.status);
  return { verdict: shown === plain(ours) || shown === word ? "equal" : "status-differs" };
};

/** Pure: the discrepancies that cannot be any more after this judgement of a dossier that exists here. */
export const endedBy = ({ verdict }: Judgement): readonly ComparedKind[] => {
  switch (verdict) {
    case "equal":
      return ["missing-at-portal", "missing-here", "status-differs"];
    case "present":
    case "status-differs":
      return ["missing-at-portal", "missing-here"];
    case "missing-at-portal":
      return ["missing-here", "status-differs"];
    case "not-compared":
      return ["missing-here"];
  }
};
