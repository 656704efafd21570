import type { Citizen, CitizenField } from "../../contracts/registries.ts";
import type { CitizenAnswer } from "../../contracts/services/citizens.ts";

/** What is released of a citizen, and the names of it. */
export interface Release {
  /** Absent: nothing but that it matched. */
  readonly citizen?: NonNullable<CitizenAnswer["citizen"]>;
  readonly fields: readonly CitizenField[];
}

/** Pure: of what a registry knows, only what may be released; what it does not give is not named either. */
export const releaseFields = (citizen: Citizen, allowed: readonly CitizenField[]): Release => {
  const fields = allowed.filter((field) => citizen[field] !== undefined);
  if (fields.length === 0) return { fields };
  return { citizen: Object.fromEntries(fields.map((field) => [field, citizen[field]])), fields };
};
