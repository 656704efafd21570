import type { Database } from "./database.ts";

/** The database did not answer while anybody waited for it. Its code makes it one that is away. */
export class DatabaseSilent extends Error {
  readonly code = "DATABASE_SILENT";

  constructor() {
    super("the database did not answer in time");
    this.name = "DatabaseSilent";
  }
}

const within = async <T>(work: PromiseLike<T>, patienceMs: number, giveUp: () => void): Promise<T> => {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    giveUp();
    reject(new DatabaseSilent());
  }, patienceMs);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * The same database for callers who wait `patienceMs` at most, be it for a lock or for a connection that others hold: they are told that it
 * is away. A transaction that nobody waits for any more is rolled back as soon as its statement returns, so that a call
 * which was refused is not carried out later; a commit that is just running is not stopped.
 *
 * For whoever answers callers. A dispatcher does not use it: what it claimed would be claimed for nobody.
 */
export const withinPatience = (database: Database, patienceMs: number): Database => ({
  execute: (query) => within(database.execute(query), patienceMs, () => undefined),
  transaction: (work) => {
    let over = false;
    const done = database.transaction(async (executor) => {
      const result = await work({
        execute: (query) => (over ? Promise.reject(new DatabaseSilent()) : executor.execute(query)),
      });
      if (over) throw new DatabaseSilent();
      return result;
    });
    return within(done, patienceMs, () => {
      over = true;
    });
  },
});
