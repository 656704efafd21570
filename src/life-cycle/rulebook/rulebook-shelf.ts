import type { Executor } from "../../database/database.ts";
import { blankRulebook, readRulebook } from "./read-rulebook.ts";
import type { Rulebook } from "./rulebook.ts";

/**
 * Keeps the newest rulebook of a deployment in memory: one for each process, or isolate. It holds data alone, no connection.
 */
export interface RulebookShelf {
  /**
   * The rulebook of a version that the caller has just read in its transaction. It costs a statement only when it changed
   * since the last call; what comes back may be younger than asked for, never older.
   */
  at(executor: Executor, version: string | null): Promise<Rulebook>;
}

/** The shelf of one deployment. */
export const createRulebookShelf = (tenant: string): RulebookShelf => {
  let newest = blankRulebook();
  return {
    at: async (executor, version) => {
      if (newest.version === version) return newest;
      const read = await readRulebook(executor, tenant);
      newest = read;
      return read;
    },
  };
};
