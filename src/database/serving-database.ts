import type { Database } from "./database.ts";
import { isWritable } from "./is-writable.ts";
import { isMigrated } from "./schema-version.ts";
import { watchWrites } from "./watch-writes.ts";
import { withinPatience } from "./within-patience.ts";

/** How long a caller waits for the database at most, in milliseconds: to be accepted, for anything else, and to hear whether it is there. */
const PATIENCE_MS = { accepting: 5000, calling: 15_000, readiness: 2000 } as const;

/** One database as those use it who answer callers. */
export interface ServingDatabase {
  /** For taking what callers send. */
  readonly accepting: Database;
  /** For everything else that is called. */
  readonly calling: Database;
  /** Why calls cannot be served now, or null. @throws what the database throws when it is away. */
  notReady(): Promise<"migrations" | "read-only" | "no-room" | null>;
}

/**
 * A database that keeps no caller waiting, and that says whether it can be served from: reached, migrated, open for writing, and not
 * known to have had no room for a write a moment ago.
 */
export const openServing = (database: Database, elapsed: () => number): ServingDatabase => {
  const watched = watchWrites(withinPatience(database, PATIENCE_MS.accepting), elapsed);
  const asked = withinPatience(database, PATIENCE_MS.readiness);
  return {
    accepting: watched.database,
    calling: withinPatience(database, PATIENCE_MS.calling),
    notReady: async () => {
      if (!(await isMigrated(asked))) return "migrations";
      if (!(await isWritable(asked))) return "read-only";
      return watched.refusedLately() ? "no-room" : null;
    },
  };
};
