import type { Database } from "../ledger/database.ts";
import { createDatabase } from "./database.ts";
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

/** Opens nothing before the first statement. `connectionString` is Hyperdrive's own, which pools by transaction. */
export const openRequestDatabase = (connectionString: string, max: number): RequestDatabase => {
  const sql = connect(connectionString, { max, applicationName: "lien-thong-gateway-worker" });
  return { database: createDatabase(sql), close: () => sql.end({ timeout: 5 }) };
};
