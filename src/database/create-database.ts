import { PgDialect } from "drizzle-orm/pg-core";
import { drizzle } from "drizzle-orm/postgres-js";
import type { Sql, TransactionSql } from "postgres";
import type { Database, Executor } from "./database.ts";

const dialect = new PgDialect();

/** Statements are named and prepared once per connection: the hot ones are far dearer to plan than to run. */
const execution = (client: Sql | TransactionSql): Executor => ({
  execute: (query) => {
    const { sql, params } = dialect.sqlToQuery(query);
    return client.unsafe(sql, params as never[], { prepare: true });
  },
});

/** The database port over one pool of connections. */
export const createDatabase = (client: Sql): Database => {
  // Times and JSON then come and go as text, which is what statements are written for.
  drizzle(client);
  return {
    ...execution(client),
    transaction: async <T>(work: (executor: Executor) => Promise<T>): Promise<T> =>
      (await client.begin((transaction) => work(execution(transaction)))) as T,
  };
};
