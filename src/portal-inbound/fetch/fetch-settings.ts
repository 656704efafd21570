import type { SettingsReader } from "../../settings-reader.ts";

/** How often the portal is asked for what it has for us (design section 5). */
export interface FetchSettings {
  /** `NATIONAL_PORTAL_FETCH_MS`: from the end of a round to the next, give or take a tenth; null: only on demand. */
  readonly everyMs: number | null;
}

const EVERY_MS = 60_000;
const LONGEST_MS = 86_400_000;

/** Reads them; faults go to the reader. */
export const readFetchSettings = (reader: SettingsReader): FetchSettings =>
  reader.text("NATIONAL_PORTAL_FETCH_MS") === "off"
    ? { everyMs: null }
    : { everyMs: reader.integer("NATIONAL_PORTAL_FETCH_MS", EVERY_MS, 1000, LONGEST_MS) };
