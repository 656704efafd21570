import type { SettingsReader } from "../settings-reader.ts";

/** How much may be looked up. */
export interface LookUpSettings {
  /** `LOOKUPS_PER_OFFICER_HOUR`: citizens that one officer may look up in an hour, over all processes. */
  readonly perOfficerHour: number;
}

/** Reads them. */
export const readLookUpSettings = (reader: SettingsReader): LookUpSettings => ({
  perOfficerHour: reader.integer("LOOKUPS_PER_OFFICER_HOUR", 120, 1, 1_000_000_000),
});
