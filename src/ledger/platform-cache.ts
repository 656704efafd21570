import { sql } from "drizzle-orm";
import type { PlatformCache, PlatformId } from "../../contracts/adapter.ts";
import { type Database, rows } from "../database/database.ts";

// jsonb takes neither NUL nor lone surrogates, and a platform may send both.
const storable = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === "string" ? part.replaceAll("\0", "").toWellFormed() : part,
  );

/** The cache of one platform's public answers in the database; age by the database's clock. */
export const createPlatformCache = (database: Database, tenant: string, platform: PlatformId): PlatformCache => ({
  get: async (key) => {
    const [row] = await rows<{ value: unknown; age: number }>(
      database,
      sql`select value, extract(epoch from now() - fetched_at)::float8 as age from platform_cache
          where tenant = ${tenant} and platform = ${platform} and key = ${key}`,
    );
    return row === undefined ? null : { value: row.value, ageSeconds: row.age };
  },
  put: async (key, value) => {
    await database.execute(
      sql`insert into platform_cache (tenant, platform, key, value) values (${tenant}, ${platform}, ${key}, ${storable(value)}::jsonb)
          on conflict (tenant, platform, key) do update set value = excluded.value, fetched_at = now()`,
    );
  },
});
