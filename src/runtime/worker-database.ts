import { createDatabase } from "../database/create-database.ts";
import type { Database, Executor } from "../database/database.ts";
import { connect } from "./database-connection.ts";

/**
 * Most connections of one request. workerd opens six connections to the outside at a time for one request: a seventh
 * waits, and with it a pool would wait for itself.
 */
export const REQUEST_CONNECTIONS = 5;

/** A database for one request or one cron event: on Workers no connection may be used by another. */
export interface RequestDatabase {
  readonly database: Database;
  /** Ends the connections once what runs on them is over. */
  close(): Promise<void>;
}

// The server and the driver give each of their errors a code. workerd's sockets do not: a refused or broken connection
// is an Error of that plain name. It is given the driver's own code for a lost connection, as Node's errors have one.
const named = (error: unknown): unknown => {
  if (!(error instanceof Error) || error.name !== "Error" || "code" in error) return error;
  return Object.assign(new Error("the connection to the database was lost", { cause: error }), {
    code: "CONNECTION_CLOSED",
  });
};

const namingExecutor = (executor: Executor): Executor => ({
  execute: async (query) => {
    try {
      return await executor.execute(query);
    } catch (error) {
      throw named(error);
    }
  },
});

/** The same database, with every lost connection recognisable by its code. */
const namingLosses = (database: Database): Database => ({
  ...namingExecutor(database),
  transaction: async (work) => {
    let fromWork: { readonly error: unknown } | undefined;
    try {
      return await database.transaction(async (transaction) => {
        try {
          return await work(namingExecutor(transaction));
        } catch (error) {
          fromWork = { error };
          throw error;
        }
      });
    } catch (error) {
      throw fromWork?.error === error ? error : named(error);
    }
  },
});

/** Opens nothing before the first statement. `connectionString` is Hyperdrive's own, which pools by transaction. */
export const openRequestDatabase = (connectionString: string, max: number): RequestDatabase => {
  const sql = connect(connectionString, { max, applicationName: "lien-thong-gateway-worker" });
  return { database: namingLosses(createDatabase(sql)), close: () => sql.end({ timeout: 5 }) };
};
