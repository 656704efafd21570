import { fileURLToPath } from "node:url";
import type { Sql } from "postgres";
import { createDatabase } from "../database/create-database.ts";
import { isMigrated } from "../database/schema-version.ts";
import { connect } from "./database-connection.ts";

const FOLDER = fileURLToPath(new URL("../database/migrations", import.meta.url));

/** Any constant will do, as long as every gateway of every version uses the same. */
const MIGRATION_LOCK = 4_120_251;

/** Loaded only when there is something to migrate: it brings a hundred megabytes with it. */
const migrate = async (client: Sql): Promise<void> => {
  const [{ drizzle }, migrator] = await Promise.all([
    import("drizzle-orm/postgres-js"),
    import("drizzle-orm/postgres-js/migrator"),
  ]);
  await migrator.migrate(drizzle(client), { migrationsFolder: FOLDER });
};

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
      if (!(await isMigrated(createDatabase(work)))) await migrate(work);
    });
  } finally {
    await Promise.all([lock.end(), work.end()]);
  }
};
