import type { DossierOffice } from "../dossiers/dossier-office.ts";

/** What imports are made of, whatever database they are in. */
export interface ImportParts extends Omit<DossierOffice, "accept" | "wake" | "database"> {
  readonly provinceCode: string;
  readonly dossierCodePattern: RegExp | undefined;
  /** How long reports are kept after an import is over (`RETENTION_BODIES_DAYS`). */
  readonly keptDays: number;
}
