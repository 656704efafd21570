import type { DossierStatus } from "./services/dossier.ts";

/** What comparing a platform's dossiers with the province's can find (design section 7). */
export const COMPARED_KINDS = ["missing-at-portal", "missing-here", "status-differs"] as const;

/** One thing that comparing can find. */
export type ComparedKind = (typeof COMPARED_KINDS)[number];

/**
 * How a platform and the province can differ about a dossier. `file-unreachable`: the platform cannot open what
 * it was told of. `double-charge`: a payer's money came twice.
 */
export const DISCREPANCY_KINDS = [...COMPARED_KINDS, "file-unreachable", "double-charge"] as const;

/** One way to differ. */
export type DiscrepancyKind = (typeof DISCREPANCY_KINDS)[number];

/** A dossier as a platform shows it, in the platform's own codes. */
export interface PlatformDossier {
  readonly code: string;
  /** Absent: the platform did not say; nothing is compared then. */
  readonly status?: string;
}

type Answered<Value, Failed> = Promise<{ readonly ok: true; readonly value: Value } | Failed>;

/** A platform that is asked about one dossier at a time. */
interface LookUpSource<Call, Failed> {
  readonly kind: "look-up";
  /** What its answers can tell. */
  readonly sees: readonly ComparedKind[];
  /** The dossier of this code, or null when the platform holds none. */
  find(code: string, call: Call): Answered<PlatformDossier | null, Failed>;
}

/** A platform that lists the dossiers of a procedure. */
interface ListSource<Call, Failed> {
  readonly kind: "list";
  /** Without `missing-at-portal` the list is no proof of absence. */
  readonly sees: readonly ComparedKind[];
  read(procedureCode: string, call: Call): Answered<readonly PlatformDossier[], Failed>;
}

/**
 * What a profile can compare, stated as data beside how it is asked (design section 7). `Call` is what an exchange is
 * handed, `Failed` how a question goes wrong (contracts/adapter.ts).
 */
export interface Comparer<Call, Failed> {
  /** Absent: the profile cannot be asked; a list that a person exported from the platform can be compared all the same. */
  readonly source?: LookUpSource<Call, Failed> | ListSource<Call, Failed>;
  /** Pure: the platform's code of a status of ours; null: the platform is told none, or a coarser one, which is not compared. */
  statusOf(status: DossierStatus, portalBorn: boolean): string | null;
}
