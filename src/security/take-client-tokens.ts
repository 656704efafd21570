import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** A client's own limit (`CLIENTS[].ratePerSecond`, `burst`). */
export interface ClientLimit {
  /** Calls per second, on average. */
  readonly ratePerSecond: number;
  /** Calls that may come at once after a pause. */
  readonly burst: number;
}

/** What the bucket gave. */
export interface TakenTokens {
  readonly granted: number;
  /** Whole and broken tokens left in it. */
  readonly left: number;
}

/**
 * Takes up to `wanted` whole tokens from the bucket that all processes share. One statement: the row's lock puts
 * simultaneous trips in order. A bucket that nobody used yet is full.
 */
export const takeClientTokens = async (
  executor: Executor,
  tenant: string,
  client: string,
  { ratePerSecond, burst }: ClientLimit,
  wanted: number,
): Promise<TakenTokens> => {
  const full = sql`${burst}::float8`;
  const rate = sql`${ratePerSecond}::float8`;
  // The clock is read once, in the row that was to be inserted; one that waited for the lock may come with an older time.
  const age = sql`greatest(0, extract(epoch from excluded.refilled_at - b.refilled_at)::float8)`;
  const tokens = sql`least(${full}, b.tokens + ${rate} * ${age})`;
  const given = sql`greatest(0, least(${wanted}::int, floor(${tokens})::int))`;
  const [row] = await rows<{ granted: number; left: number }>(
    executor,
    sql`insert into client_budgets as b (tenant, client, tokens, refilled_at, granted)
        values (${tenant}, ${client}, ${full} - least(${wanted}::int, ${full}), clock_timestamp(),
                least(${wanted}::int, ${burst}::int))
        on conflict (tenant, client) do update
        set tokens = ${tokens} - ${given}, granted = ${given}, refilled_at = greatest(b.refilled_at, excluded.refilled_at)
        returning granted, tokens as "left"`,
  );
  if (row === undefined) throw new Error("the bucket gave no row");
  return row;
};
