import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import { connect } from "./database-connection.ts";

const FOLDER = fileURLToPath(new URL("../database/migrations", import.meta.url));

/** Any constant will do, as long as every gateway of every version uses the same. */
const MIGRATION_LOCK = 4_120_251;

/**
 * Runs the forward-only migrations under a transaction-scoped lock: several gateways may start at once on one
 * database, one migrates and the others find it done.
 */
export const migrateDatabase = async (url: string): Promise<void> => {
  const lock = connect(url, { max: 1 });
  const work = connect(url, { max: 1 });
  try {
    await lock.begin(async (transaction) => {
      await transaction`select pg_advisory_xact_lock(${MIGRATION_LOCK})`;
      await migrate(drizzle(work), { migrationsFolder: FOLDER });
    });
  } finally {
    await Promise.all([lock.end(), work.end()]);
  }
};
