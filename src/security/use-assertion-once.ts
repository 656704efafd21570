import { type Database, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** Takes an assertion's id for ever (until it is expired anyway). @returns false when it was used before. */
export const useAssertionOnce = async (
  database: Database,
  tenant: string,
  id: string,
  expiresAt: Date,
): Promise<boolean> => {
  const taken = await rows<{ jti: string }>(
    database,
    sql`insert into used_assertions (tenant, jti, expires_at) values (${tenant}, ${id}, ${expiresAt.toISOString()}::timestamptz)
        on conflict do nothing returning jti`,
  );
  return taken.length > 0;
};

/** Forgets what is expired: none of it would be accepted again. */
export const purgeAssertions = async (database: Database): Promise<void> => {
  await database.execute(sql`delete from used_assertions where expires_at < now() - interval '1 hour'`);
};
