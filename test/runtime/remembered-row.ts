import { connect } from "../../src/runtime/database-connection.ts";

/** Runs one statement over a connection of its own. */
export async function ask(url: string, statement: string): Promise<readonly Record<string, unknown>[]> {
  const sql = connect(url, { max: 1 });
  try {
    return await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}

/** Commits one row. */
export const remember = async (url: string): Promise<void> => {
  await ask(url, "create table if not exists kept (n int); insert into kept values (1)");
};

/** How many rows were committed. */
export const remembered = async (url: string): Promise<unknown> =>
  (await ask(url, "select count(*)::int as n from kept"))[0]?.["n"];
