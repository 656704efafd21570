import type { Database } from "./database.ts";
import { isConnectionBroken } from "./database-away.ts";

/** Connections to one database. */
export interface Pool {
  readonly database: Database;
  /** Lets what runs end, for a moment, then ends every connection and whatever still waits for one. */
  end(): Promise<void>;
}

/**
 * A pool that takes fresh connections for all once one of them broke. The driver keeps the connections that broke and uses them again, with
 * what they had not sent, not received or been told still in their memory: they hand old failures to new statements, or never
 * connect again.
 *
 * @param open opens a pool without connecting.
 */
export const renewedPool = (open: () => Pool): Pool => {
  let current = open();
  const ending = new Set<Promise<void>>();
  let over = false;

  const retire = (pool: Pool): void => {
    if (over || pool !== current) return;
    current = open();
    const ended = pool.end().finally(() => ending.delete(ended));
    ending.add(ended);
  };

  const watched = async <T>(work: (database: Database) => PromiseLike<T>): Promise<T> => {
    const pool = current;
    try {
      return await work(pool.database);
    } catch (error) {
      if (isConnectionBroken(error)) retire(pool);
      throw error;
    }
  };

  return {
    database: {
      execute: (query) => watched((database) => database.execute(query)),
      transaction: (work) => watched((database) => database.transaction(work)),
    },
    end: async () => {
      over = true;
      await Promise.all([current.end(), ...ending]);
    },
  };
};
