import type { Sql, TransactionSql } from "postgres";
import type { Database, Executor } from "./database.ts";
import { isConnectionBroken } from "./database-away.ts";
import { render } from "./render.ts";

/** Statements are named and prepared once per connection: the hot ones are far dearer to plan than to run. */
const execution = (client: Sql | TransactionSql): Executor => ({
  execute: (query) => {
    const { sql, params } = render(query);
    return client.unsafe(sql, params as never[], { prepare: true });
  },
});

/** A transaction is over once its connection broke: what still wants to run in it is refused. */
class TransactionLost extends Error {
  readonly code = "CONNECTION_CLOSED";
}

/**
 * Runs the work in a transaction of the driver, which itself takes no notice of a broken connection: it would send its `rollback`, or the
 * work's next statement, to where the connection was. That throws outside of every promise and ends the process, or lands in
 * the transaction that has got the connection since. So nothing is sent after the break, and what the driver asked of
 * the work remains unanswered for ever.
 */
const transact = async <T>(client: Sql, work: (executor: Executor) => Promise<T>): Promise<T> => {
  let broken = false;
  const breaking = Promise.withResolvers<never>();
  const note = (error: unknown): never => {
    if (isConnectionBroken(error)) {
      broken = true;
      breaking.reject(error);
    }
    throw error;
  };
  const guarded = (inner: Executor): Executor => ({
    execute: (query) =>
      broken ? Promise.reject(new TransactionLost()) : Promise.resolve(inner.execute(query)).catch(note),
  });
  const unanswered = new Promise<never>(() => undefined);
  const begun = client.begin(async (transaction) => {
    try {
      const result = await work(guarded(execution(transaction)));
      return broken ? await unanswered : { result };
    } catch (error) {
      if (broken) return unanswered;
      throw error;
    }
  });
  try {
    const { result } = await Promise.race([begun, breaking.promise]);
    return result as T;
  } catch (error) {
    broken = true;
    throw error;
  }
};

/** date, time, timestamp, timestamptz; arrays of timestamp, date, timestamptz, numeric. */
const TIMES = [1082, 1083, 1114, 1184, 1115, 1182, 1185, 1231];
/** json, jsonb. */
const JSONS = [114, 3802];

const asItIs = (value: unknown): unknown => value;

/** Times then come as text, and times and JSON go as text, which is what statements are written for. */
const passText = ({ options: { parsers, serializers } }: Sql): void => {
  for (const type of TIMES) parsers[type] = asItIs;
  for (const type of [...TIMES, ...JSONS]) serializers[type] = asItIs;
};

/** The database port over one pool of connections. */
export const createDatabase = (client: Sql): Database => {
  passText(client);
  return {
    ...execution(client),
    transaction: (work) => transact(client, work),
  };
};
