import type { Database } from "./database.ts";
import { isOutOfRoom } from "./database-away.ts";

/** How long a refused write counts: as long as callers are told to stay away. */
const REMEMBERED_MS = 5000;

/** A database with a memory of whether it takes what is written. */
export interface WatchedDatabase {
  readonly database: Database;
  /** A transaction found no room a moment ago, on a full disk for instance, and none was committed since. */
  refusedLately(): boolean;
}

/** Watches the transactions of a database: reading alone does not show a disk that is full. */
export const watchWrites = (database: Database, elapsed: () => number): WatchedDatabase => {
  let refusedAt = Number.NEGATIVE_INFINITY;
  return {
    database: {
      execute: (query) => database.execute(query),
      transaction: async (work) => {
        try {
          const result = await database.transaction(work);
          refusedAt = Number.NEGATIVE_INFINITY;
          return result;
        } catch (error) {
          if (isOutOfRoom(error)) refusedAt = elapsed();
          throw error;
        }
      },
    },
    refusedLately: () => elapsed() - refusedAt < REMEMBERED_MS,
  };
};
