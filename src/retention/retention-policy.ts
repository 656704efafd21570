import type { SettingsReader } from "../settings-reader.ts";

/** How long the ledger keeps what (design section 8). Days, counted from when a month is over and its entries are settled. */
export interface RetentionPolicy {
  /** Payloads and the evidence of attempts (`RETENTION_BODIES_DAYS`). */
  readonly bodiesDays: number;
  /** Entries and attempts (`RETENTION_ENTRIES_DAYS`). The sums stay. */
  readonly entriesDays: number;
}

const MOST_DAYS = 36_500;

/** Reads the two settings; bodies never outlive their entries. */
export const readRetention = (reader: SettingsReader): RetentionPolicy => {
  const bodiesDays = reader.integer("RETENTION_BODIES_DAYS", 90, 1, MOST_DAYS);
  const entriesDays = reader.integer("RETENTION_ENTRIES_DAYS", 1825, 1, MOST_DAYS);
  if (bodiesDays > entriesDays) {
    reader.fault("RETENTION_BODIES_DAYS is more than RETENTION_ENTRIES_DAYS: bodies go with their entries");
  }
  return { bodiesDays, entriesDays };
};
