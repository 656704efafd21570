import { normalizeAgencyCode } from "../identifiers.ts";

const PARTS = /^(\d\.\d{6})(?:\.(.+))?$/u;

/**
 * The canonical form of a procedure code: the national part, and the suffix of whoever publishes it in the new form.
 * `1.003560.000.00.00.H56` and `1.003560.H56` are one (np 4; domain section 3.5). A code of another shape is its own.
 */
export const canonicalProcedureCode = (code: string): string => {
  const [, national, suffix] = PARTS.exec(code.trim()) ?? [];
  if (national === undefined) return code.trim();
  return suffix === undefined ? national : `${national}.${normalizeAgencyCode(suffix.toUpperCase())}`;
};

/**
 * Under which codes a catalogue may hold a procedure, the nearest first: the code itself, those of the agencies above its
 * publisher, and the national one. `3.000181.H22.15` may stand under `3.000181.H22` and `3.000181`.
 */
export const procedureCodeCandidates = (code: string): readonly string[] => {
  const canonical = canonicalProcedureCode(code);
  const groups = canonical.split(".");
  return groups.slice(1).map((_, i) => groups.slice(0, groups.length - i).join("."));
};
