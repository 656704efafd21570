import type { PlatformCache, PlatformId } from "../../contracts/adapter.ts";
import { type Database, rows } from "../database/database.ts";
import { isDatabaseAway } from "../database/database-away.ts";
import { sql } from "../database/sql.ts";
import { createFactsLookup } from "../procedures/find-facts.ts";

// jsonb takes neither NUL nor lone surrogates, and a platform may send both.
const storable = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === "string" ? part.replaceAll("\0", "").toWellFormed() : part,
  );

/** What a cache gives while the database is away: an exchange in hand then asks the platform, and no try is spent on our own fault. */
const orNothing = (error: unknown): null => {
  if (isDatabaseAway(error)) return null;
  throw error;
};

const procedureOf = (database: Database, tenant: string, elapsed?: () => number) => {
  const find = createFactsLookup(database, tenant, elapsed);
  return (code: string, at: string) => find(code, at).catch(orNothing);
};

/**
 * The cache of one platform's public answers in the database; age by the database's clock. Procedures of the mirrored
 * catalogue are remembered for a while where `elapsed` (monotonic milliseconds) is given.
 */
export const createPlatformCache = (
  database: Database,
  tenant: string,
  platform: PlatformId,
  elapsed?: () => number,
): PlatformCache => ({
  procedure: procedureOf(database, tenant, elapsed),
  get: async (key) => {
    const found = await rows<{ value: unknown; age: number }>(
      database,
      sql`select value, extract(epoch from now() - fetched_at)::float8 as age from platform_cache
          where tenant = ${tenant} and platform = ${platform} and key = ${key}`,
    ).catch(orNothing);
    const row = found?.[0];
    return row === undefined ? null : { value: row.value, ageSeconds: row.age };
  },
  put: async (key, value) => {
    const kept = database.execute(
      sql`insert into platform_cache (tenant, platform, key, value) values (${tenant}, ${platform}, ${key}, ${storable(value)}::jsonb)
          on conflict (tenant, platform, key) do update set value = excluded.value, fetched_at = now()`,
    );
    await Promise.resolve(kept).catch(orNothing);
  },
});
