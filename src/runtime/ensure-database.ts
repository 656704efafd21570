import { connect } from "./database-connection.ts";

const DUPLICATE_DATABASE = "42P04";
/** What PostgreSQL says instead when two sessions create the same name in the same moment. */
const UNIQUE_VIOLATION = "23505";

/** Creates the database `name` on the server of `url` unless it is there. `url` names any database of that server. */
export async function ensureDatabase(url: string, name: string): Promise<void> {
  const sql = connect(url, { max: 1 });
  try {
    const found = await sql`select 1 from pg_database where datname = ${name}`;
    if (found.length === 0) await sql`create database ${sql(name)}`.catch(unlessThere);
  } finally {
    await sql.end();
  }
}

function unlessThere(error: unknown): void {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code !== DUPLICATE_DATABASE && code !== UNIQUE_VIOLATION) throw error;
}
